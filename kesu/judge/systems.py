"""The two systems that are measured: rules alone, and rules with a layer learned from rows of other parts."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final, TypeAlias

from kesu.assessing.judged import Judged
from kesu.assessing.rows import InputRow
from kesu.assessing.run import Assessor
from kesu.judge.labelled import LabelledRow
from services.routing.policy.pack import Pack

# A pack like the one in use, with a layer learned from these rows.
Learn: TypeAlias = Callable[[Sequence[LabelledRow]], Pack]
CHANNEL: Final = "social"  # all labelled rows are public posts
NOW: Final = datetime(2016, 1, 1, tzinfo=UTC)  # any day does: nothing that is compared depends on it


def judge_rows(rows: Sequence[LabelledRow], pack: Pack) -> list[Judged]:
    """What `pack` makes of each row, by its text alone."""
    assessor = Assessor(pack, now=NOW, channel=CHANNEL)
    return [
        assessor.judge(InputRow(id=row.labels.id, text=row.text), number=number) for number, row in enumerate(rows, 1)
    ]


def judge_learned(rows: Sequence[LabelledRow], known: Sequence[LabelledRow], learn: Learn) -> list[Judged]:
    """What a layer makes of each row that was learned from those of `known` that lie in other parts than the row."""
    found: dict[str, Judged] = {}
    for held_out, others in folds(rows, known):
        judged = judge_rows(held_out, learn(others))
        found |= {row.labels.id: one for row, one in zip(held_out, judged, strict=True)}
    return [found[row.labels.id] for row in rows]


def folds(
    rows: Sequence[LabelledRow], known: Sequence[LabelledRow]
) -> Iterator[tuple[list[LabelledRow], list[LabelledRow]]]:
    """Each part of `rows` with the rows of `known` to learn from: never one of that part, never one that is judged.

    Rows that are not in `known` at all need no parts: they are judged by what all of `known` teaches.
    """
    ids = {row.labels.id for row in known}
    strangers = [row for row in rows if row.labels.id not in ids]
    if strangers:
        yield strangers, list(known)
    for part in sorted({row.part for row in rows if row.labels.id in ids}):
        held_out = [row for row in rows if row.part == part and row.labels.id in ids]
        yield held_out, [row for row in known if row.part != part]
