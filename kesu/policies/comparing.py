"""What another pack would have decided: one file judged by two packs, and every row that comes out otherwise."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from kesu.assessing.errors import RowUnusable
from kesu.assessing.judged import Judged
from kesu.assessing.opened import Opened
from kesu.assessing.rows import Id
from kesu.assessing.run import Assessor
from kesu.importing.rows import BadRow

FIELDS: Final = (
    "kind", "cause", "cross_level", "cross_level_target", "emotion", "abuse", "repeat", "severity", "demands", "strategy", "unit", "tier",
)  # fmt: skip

Value = bool | int | str | tuple[str, ...]


class Change(Struct, frozen=True):
    """One field of a row, before and after."""

    field: str
    before: Value
    after: Value


class Changed(Struct, frozen=True):
    """A row that comes out otherwise; of its text nothing is said."""

    id: Id
    changes: tuple[Change, ...]


class Comparison:
    """Judges rows by both packs, and counts what changes on the way."""

    def __init__(self, before: Assessor, after: Assessor) -> None:
        self._before = before
        self._after = after
        self.rows = 0
        self.unjudged = 0
        self.changed = 0
        self.turns: Counter[Change] = Counter()

    def run(self, opened: Opened) -> Iterator[Changed]:
        """The rows that come out otherwise, in their order."""
        for number, row in enumerate(opened, start=1):
            self.rows += 1
            try:
                if isinstance(row, BadRow):
                    raise RowUnusable(row.refusal.code)
                given = opened.read(row.values)
                before, after = self._before.judge(given, number=number), self._after.judge(given, number=number)
            except RowUnusable:
                self.unjudged += 1
                continue
            if changes := tuple(_changes(before, after)):
                self.changed += 1
                self.turns.update(changes)
                yield Changed(before.id, changes)


def _changes(before: Judged, after: Judged) -> Iterator[Change]:
    for field in FIELDS:
        was, now = getattr(before, field), getattr(after, field)
        if was != now:
            yield Change(field, was, now)
