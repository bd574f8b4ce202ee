"""Decisions and what is stored of them brought together: an event stored earlier stands, and the course follows it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias, cast

from msgspec import Struct

from services.followup import store
from services.followup.calendar.tables import Calendars
from services.followup.due_times import DueTimes
from services.followup.model import CustomerDay
from services.followup.rules.callbacks import other_way
from services.followup.rules.course import Course, due_at
from services.followup.store import SCHEMA, Row
from shared.database import Connection
from shared.events.envelope import ComplaintFact, Fact
from shared.events.registry import decode
from shared.pipeline.records import Outgoing
from shared.saved import save_events, stored

DECIDED_AGAIN_MAX: Final = 100


class Decided(Struct, frozen=True):
    """The courses of some complaints, by the rows they started from, and the customers' days afterwards."""

    courses: Mapping[str, tuple[Row, Course]]
    days: Mapping[str, CustomerDay]

    @property
    def events(self) -> list[ComplaintFact]:
        """Everything that was decided, in order per complaint."""
        return [event for _, course in self.courses.values() for event in course.events]


Decide: TypeAlias = Callable[[Mapping[str, ComplaintFact]], Decided]


class Deciding:
    """Saves what handler and timers decide, in the transaction they are in."""

    def __init__(self, *, calendars: Calendars, due_times: DueTimes) -> None:
        self.calendars = calendars
        self.due_times = due_times
        self._adopted = False

    async def adopt(self, conn: Connection, events: Sequence[Fact]) -> None:
        """Keep own events of the log that the store may have lost: from now on it is asked before anything is decided."""
        self._adopted = True
        await save_events(conn, SCHEMA, events)

    async def save(
        self, conn: Connection, decide: Decide, days: Mapping[str, CustomerDay], *, pending: bool = False
    ) -> list[Outgoing]:
        """Decide and save: events, complaints, and the `days` that changed; returns the events as they are stored."""
        decided = await self._decided(conn, decide)
        changed = [
            Row(row.complaint_id, row.customer_id, row.partition, course.state, due_at(course.state, self.calendars))
            for row, course in decided.courses.values()
            if course.state is not row.state
        ]
        if changed:
            self.due_times.note((row.partition, row.due_at) for row in changed)
            await store.save(conn, changed)
        await store.save_days(conn, {id_: day for id_, day in decided.days.items() if day != days.get(id_)})
        return await save_events(conn, SCHEMA, decided.events, pending=pending)

    async def _decided(self, conn: Connection, decide: Decide) -> Decided:
        """What `decide` says once it knows every event that is stored under an id that it decides.

        Without adopted events there is none: what is decided and what it changes are committed together.
        """
        known: dict[str, ComplaintFact] = {}
        for _ in range(DECIDED_AGAIN_MAX):
            decided = decide(known)
            if not self._adopted:
                return decided
            ids = {id_ for event in decided.events for id_ in (event.id, other_way(event)) if id_}
            found = await stored(conn, SCHEMA, [id_ for id_ in ids if id_ not in known])
            if not found:
                return decided
            known |= {one.id: cast(ComplaintFact, decode(one.value)) for one in found}
        raise RuntimeError("what is stored and what is decided do not come together")
