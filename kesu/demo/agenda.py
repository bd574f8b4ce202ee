"""What people will do, and when."""

import heapq
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from shared.events.submissions import Submission

GRID: Final = timedelta(minutes=15)  # people act on the quarter hour


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


def on_grid(at: datetime, *, up: bool = True, grid: timedelta = GRID) -> datetime:
    """The whole quarter hour (or `grid`, a divisor of an hour) at or after `at`; with up=False at or before it."""
    past = (at - at.replace(minute=0, second=0, microsecond=0)) % grid
    return at - past + (grid if up and past else timedelta())
