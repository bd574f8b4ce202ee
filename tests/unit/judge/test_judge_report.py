"""A report: figures with ranges, what must be and what is, confusions, and the worst rows without their texts."""

import msgspec
import pytest

from kesu.judge.bootstrap import drawn, interval
from kesu.judge.figures import FIGURES, Figure
from kesu.judge.report import Measured, Of, measured, worst_rows
from tests.unit.judge.rows import judged, labels, row


def _figure(id_: str) -> Figure:
    return next(one for one in FIGURES if one.id == id_)


def _measured(of: Of, id_: str) -> Measured:
    return next(one for one in of.figures if one.id == id_)


def test_draws_are_the_same_every_time_and_as_large_as_the_rows() -> None:
    assert drawn(7, resamples=3) == drawn(7, resamples=3) != drawn(7, resamples=3, seed=1)
    assert [7, 7, 7] == [len(draw) for draw in drawn(7, resamples=3)]
    assert {index for draw in drawn(7) for index in draw} == set(range(7))


def test_a_range_leaves_out_one_fortieth_on_either_side() -> None:
    # A draw's figure is how many of its rows agree: 0/40 to 39/40, each once.
    pairs = [(True, False), (True, True)]
    draws = [[1] * agreeing + [0] * (40 - agreeing) for agreeing in range(40)]

    assert (1 / 40, 38 / 40) == interval(_figure("cause_named"), pairs, draws)


def test_rows_on_which_people_disagreed_do_not_count() -> None:
    rows = [row("1"), row("2", cause=None, severity=None), row("3", cause="price")]

    of = measured("rules", "some", rows, [judged(), judged(), judged(causes=("product", "price"))])

    assert [3, 2, 2, 2] == [
        _measured(of, one).rows for one in ("complaint_f1", "cause_macro_f1", "cause_named", "severity_kappa")
    ]
    assert 1.0 == _measured(of, "cause_named").value
    assert ((0, 1, 0, 0, 0, 0), (0, 1, 0, 0, 0, 0)) == (of.cause.counts[1], of.cause.counts[3])


def test_a_third_cause_is_not_among_those_named() -> None:
    compare = _figure("cause_named").compare

    assert (True, True) == compare(labels(cause="price"), judged(causes=("product", "price")))
    assert (True, False) == compare(labels(cause="price"), judged(causes=("product", "tariff", "price")))


def test_threatened_or_done_is_over_our_heads_alike() -> None:
    compare = _figure("cross_level_f1").compare

    assert (True, True) == compare(labels(cross_level="threatened"), judged(cross_level="actual"))
    assert (False, True) == compare(labels(), judged(cross_level="threatened"))


@pytest.mark.parametrize(("id_", "value", "met", "aim_met"), [("emotion_error", 1.1, True, False), ("emotion_error", 1.2, False, False), ("emotion_r", 0.9, True, True)])  # fmt: skip
def test_an_error_should_be_low_and_anything_else_high(id_: str, value: float, met: bool, aim_met: bool) -> None:
    figure = _figure(id_)

    assert (met, aim_met) == (figure.meets(value, figure.must["rules"]), figure.meets(value, figure.aim))


def test_the_worst_rows_come_first_and_the_right_ones_never() -> None:
    wants = [labels("fine"), labels("b", cause="price"), labels("a", cause="price"), labels("bad", is_complaint=False)]
    gots = [judged(), judged(), judged(), judged(severity="S1", emotion=9)]

    found = worst_rows(wants, gots)

    assert [("bad", ("is_complaint", "severity", "emotion")), ("a", ("cause",)), ("b", ("cause",))] == [
        (one.id, one.wrong) for one in found
    ]
    assert [6, 2, 2] == [one.badness for one in found]


def test_a_report_holds_no_text() -> None:
    rows = [row("1", text="绝不该出现的话", cause="price")]

    assert "绝不该出现" not in msgspec.json.encode(measured("rules", "some", rows, [judged()])).decode()
