"""Which rows are measured, and what they may be learned from."""

from collections.abc import Sequence

import pytest

from kesu.judge.labelled import Labelled, LabelledRow
from kesu.judge.parts import PARTS, UNREAD_FROM, UNREAD_PARTS, Which, is_unread, part_of
from kesu.judge.run import measure
from kesu.judge.systems import folds
from services.routing.policy.pack import Pack
from tests.unit.assessing.files import pack
from tests.unit.judge.rows import row


def test_a_part_depends_on_the_id_alone_and_parts_are_about_as_large_as_each_other() -> None:
    parts = [part_of(str(UNREAD_FROM + n)) for n in range(6_000)]

    assert parts == [part_of(str(UNREAD_FROM + n)) for n in range(6_000)]
    assert all(900 < parts.count(part) < 1_100 for part in range(PARTS))


def test_rows_are_unread_by_part_and_age() -> None:
    ids = [str(UNREAD_FROM + n) for n in range(100)]

    assert [part_of(one) in UNREAD_PARTS for one in ids] == [is_unread(one) for one in ids]
    assert not any(is_unread(str(UNREAD_FROM - 1 - n)) for n in range(100))


def test_no_row_is_judged_by_what_was_learned_from_its_part() -> None:
    known = [row(str(n), part=n % 3) for n in range(9)]
    strangers = [row("x", part=1), row("y", part=2)]

    found = list(folds([*known[:6], *strangers], known))

    assert ["x", "y"] == [one.labels.id for one in found[0][0]] and known == found[0][1]
    for held_out, others in found[1:]:
        assert 1 == len({one.part for one in held_out})
        assert 6 == len(others) and not {one.part for one in held_out} & {one.part for one in others}
    assert {"0", "1", "2", "3", "4", "5"} == {one.labels.id for held_out, _ in found[1:] for one in held_out}


@pytest.mark.parametrize(
    ("which", "measured", "learned_from"),
    [("looked-at", {"a", "b"}, {"a", "b"}), ("unread", {"c", "d", "t"}, {"a", "b", "c", "d"})],
)
def test_while_rules_are_written_no_unread_row_is_judged_or_learned_from(
    which: Which, measured: set[str], learned_from: set[str]
) -> None:
    once = (
        row("a", part=0), row("b", part=1), row("c", part=3, unread=True), row("d", part=4, unread=True),
    )  # fmt: skip
    taught: set[str] = set()

    def learn(rows: Sequence[LabelledRow]) -> Pack:
        taught.update(one.labels.id for one in rows)
        return pack()

    labelled = Labelled(once, (row("t", part=0, unread=True),))
    report = measure(labelled, which=which, pack=pack(), learn=learn, tell=lambda line: None)

    assert learned_from == taught
    assert len(measured) == sum(one.count for one in report.measured if one.system == "rules")
    assert [one.count for one in report.measured[::2]] == [one.count for one in report.measured[1::2]]
