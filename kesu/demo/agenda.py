"""What people will do, and when."""

import heapq
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from shared.events.submissions import Submission

GRID: Final = timedelta(minutes=15)  # people act on the quarter hour, so that the virtual clock has few stops


class Item(Struct, frozen=True, order=True):
    """Someone submits something at a time; `number` settles ties."""

    at: datetime
    number: int
    type: str
    submission: Submission


class Agenda:
    """Items in the order of their times."""

    def __init__(self) -> None:
        self._items: list[tuple[datetime, str, int, Item]] = []
        self._count = 0

    def add(self, at: datetime, type_: str, submission: Submission) -> None:
        """Plan a submission."""
        self._count += 1
        item = Item(at, self._count, type_, submission)
        heapq.heappush(self._items, (at, submission.source_id, self._count, item))

    def __len__(self) -> int:
        return len(self._items)

    @property
    def next_at(self) -> datetime | None:
        """When the next item is due."""
        return self._items[0][0] if self._items else None

    def until(self, at: datetime) -> list[Item]:
        """Take out what is due by `at`, in order."""
        due = []
        while self._items and self._items[0][0] <= at:
            due.append(heapq.heappop(self._items)[3])
        return due


def on_grid(at: datetime, *, up: bool = True) -> datetime:
    """The quarter hour at or after `at` (at or before it, with up=False)."""
    past = timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
    return at - past + (GRID if up and past else timedelta())
