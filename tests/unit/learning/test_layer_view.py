"""What a layer makes of a text: scores of grams and signs, and the grams that weighed most as evidence."""

import pytest

from kesu.learning.examples import Example, Labels
from kesu.learning.seen import grams_of, see
from services.routing.rules.learned import folded_text
from shared.events.routing import Evidence
from tests.unit.learning.models import case, layer, pack, viewed

WHALE = "你好,蓝鲸何时能看"


def test_grams_and_signs_add_up() -> None:
    """Two grams of equal rarity: each weighs by one over the root of two."""
    view = viewed(WHALE, layer())

    assert view.complaint_points == pytest.approx(1000 - 9000 / 2**0.5, abs=2)
    assert view.emotion == pytest.approx(5 + 3 / 2**0.5, abs=0.002)


def test_a_gram_that_stands_twice_weighs_once() -> None:
    assert viewed(WHALE, layer()).complaint_points == viewed(WHALE + ",蓝鲸", layer()).complaint_points


def test_what_is_unknown_weighs_nothing() -> None:
    view = viewed("zzz", layer())

    assert (1000, 5.0) == (view.complaint_points, view.emotion)


def test_evidence_is_where_the_grams_stand_that_weighed_most() -> None:
    assert (Evidence("learned.complaint", 3, 5),) == viewed(WHALE, layer()).evidence


def test_rules_that_agree_need_no_evidence_of_the_layer() -> None:
    agreeing = layer(signs={"always": [20_000, 2_000]}, grams={"蓝鲸": [64, -1, 0]})

    assert () == viewed(WHALE, agreeing).evidence


def test_a_head_that_was_not_learned_has_no_say() -> None:
    view = viewed(WHALE, layer(heads=["emotion"], grams={}, signs={"always": [5000]}))

    assert (None, None, None, {}, None) == (
        view.complaint_points, view.repeat, view.abuse, view.cause_points, view.severity,
    )  # fmt: skip


def test_what_the_rules_read_is_a_sign() -> None:
    seen = layer(heads=["repeat"], grams={}, signs={"always": [-500], "repeats>=1": [1000]})

    assert True is viewed("这是第三次投诉了,宽带还是断", seen).repeat
    assert False is viewed("宽带断了", seen).repeat


def test_abuse_in_another_mouth_is_not_added() -> None:
    """Words of abuse that are denied or quoted are the rules' business."""
    abusing = layer(heads=["abuse"], grams={}, signs={"always": [1000]})

    assert True is viewed("宽带断了", abusing).abuse
    assert False is viewed("客服说:“你是骗子混蛋”", abusing).abuse


def test_severity_rests_on_the_other_heads() -> None:
    severity = {
        "serious": {"of": {"emotion": 1000}, "added": -6500},
        "ordinary": {"of": {"emotion": 1000}, "added": -3500},
    }

    def at(emotion: int) -> str | None:
        return viewed("宽带断了", layer(signs={"always": [0, emotion]}, grams={}, severity=severity)).severity

    assert ("S4", "S3", "S2") == (at(3000), at(5000), at(7000))


def test_digits_are_all_the_same_to_a_layer() -> None:
    assert "电话00000" == folded_text("电话13812")
    assert {"a", "b", "c", "ab", "bc", "abc"} == grams_of("abc")
    assert set() == grams_of("")


def test_training_sees_what_a_service_sees() -> None:
    (seen,) = see([Example(case(WHALE), Labels())], pack())

    assert grams_of(WHALE) == seen.grams
    assert len(set(seen.signs)) == len(seen.signs)
    assert "always" in seen.signs
