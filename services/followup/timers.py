"""Timers are rows: what fell due by the clock, and by the log, becomes events; each is committed before it is published."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Final, TypeAlias

from services.followup import store
from services.followup.calendar.working_time import grid_up
from services.followup.deciding import Decided, Deciding
from services.followup.model import CustomerDay
from services.followup.rules.course import Course, Setting, advance
from services.followup.store import Row
from shared.database import Connection, Pool
from shared.events.envelope import ComplaintFact

ROUNDS_MAX: Final = 1_000
Hold: TypeAlias = Callable[[Connection, Collection[int]], Awaitable[None]]


async def _alone(_conn: Connection, _partitions: Collection[int]) -> None:
    """There is no other instance."""


class Timers:
    """Settles what falls due on partitions that are read far enough. Publishing what is pending is the caller's next step.

    A round must not run while a batch of the log is handled but not published: order per complaint would be lost.
    """

    def __init__(self, *, deciding: Deciding, partitions: int, batch_max: int = 200) -> None:
        self._deciding = deciding
        self._partitions = range(partitions)
        self._batch_max = batch_max

    async def run_due(
        self, pool: Pool, now: datetime, read_through: Callable[[int], datetime | None], *, hold: Hold = _alone
    ) -> int:
        """Everything due by `now` happens; returns how many events came of it (saved as pending).

        `read_through(partition)`: everything accepted before the returned time has been handled. A promise lapses only
        when that time has reached its due time, so one kept during an outage is kept. `hold(conn, partitions)` keeps
        other instances from these partitions until the transaction ends.
        """
        through = {p: min(now, at) for p in self._partitions if (at := read_through(p)) is not None}
        due_times, total = self._deciding.due_times, 0
        for _ in range(ROUNDS_MAX):
            until = due_times.to_look_at(through)
            earliest, found = due_times.earliest(until), 0
            if earliest is not None:
                step = {p: min(at, grid_up(earliest)) for p, at in until.items()}
                found, happened = await self._run_step(pool, now, step, hold)
                total += happened
            elif not until:
                break
            async with pool.acquire() as conn:
                due_times.found(await store.next_due(conn, list(until)))
            if earliest is not None and not found and due_times.earliest(until) == earliest:
                break  # what is due is in other hands
        return total

    async def _run_step(self, pool: Pool, now: datetime, until: Mapping[int, datetime], hold: Hold) -> tuple[int, int]:
        """(complaints found due, events that happened) up to `until`, in batches.

        A step goes no further than the next quarter of an hour: so all that a customer is owed on one day comes before
        anything of the next (local midnights lie on quarters in every time zone), in whatever order the complaints are taken, also when days are caught up with.
        """
        total = happened = 0
        while True:
            async with pool.acquire() as conn, conn.transaction():
                await hold(conn, until.keys())
                found, events = await self._run_batch(conn, now, until)
            total, happened = total + found, happened + events
            if found < self._batch_max:
                return total, happened

    async def next_due(self, pool: Pool) -> datetime | None:
        """When something falls due next: where a virtual clock may jump to."""
        async with pool.acquire() as conn:
            found = await store.next_due(conn, self._partitions)
        return min((at for at in found.values() if at is not None), default=None)

    async def _run_batch(self, conn: Connection, now: datetime, until: Mapping[int, datetime]) -> tuple[int, int]:
        """(complaints found due, events that happened) in one batch."""
        rows = await store.load_due(conn, until, limit=self._batch_max)
        if not rows:
            return 0, 0
        days = await store.load_days(conn, sorted({row.customer_id for row in rows.values()}))
        decide = partial(_decide, rows, until, days, Setting(self._deciding.calendars, now))
        happened = await self._deciding.save(conn, decide, days, pending=True)
        return len(rows), len(happened)


def _decide(
    rows: Mapping[str, Row], until: Mapping[int, datetime], days: Mapping[str, CustomerDay], setting: Setting,
    known: Mapping[str, ComplaintFact],
) -> Decided:  # fmt: skip
    setting = Setting(setting.calendars, setting.now, known) if known else setting
    courses: dict[str, tuple[Row, Course]] = {}
    after = dict(days)
    for id_, row in rows.items():
        course = advance(Course(row.state, after[row.customer_id]), until[row.partition], setting)
        after[row.customer_id] = course.day
        courses[id_] = (row, course)
    return Decided(courses, after)
