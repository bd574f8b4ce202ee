"""Decisions and what is stored of them brought together: an event stored earlier stands, and the course follows it."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, cast

from msgspec import Struct

from services.followup import store
from services.followup.calendar.tables import Calendars
from services.followup.due_times import DueTimes
from services.followup.model import CustomerDay
from services.followup.rules.course import Course, due_at
from services.followup.store import SCHEMA, Row
from shared.database import Connection
from shared.events.envelope import ComplaintFact
from shared.events.registry import decode
from shared.pipeline.records import Outgoing
from shared.saved import save_events

DECIDED_AGAIN_MAX: Final = 100


class Decided(Struct, frozen=True):
    """The courses of some complaints, by the rows they started from, and the customers' days afterwards."""

    courses: Mapping[str, tuple[Row, Course]]
    days: Mapping[str, CustomerDay]


Decide: TypeAlias = Callable[[Mapping[str, ComplaintFact]], Decided]


async def save_decided(
    conn: Connection, decide: Decide, days: Mapping[str, CustomerDay], *, calendars: Calendars, due_times: DueTimes,
    pending: bool = False,
) -> list[Outgoing]:  # fmt: skip
    """Decide and save: events, complaints, and the `days` that changed; returns the events as they are stored.

    Events that the store has already (own events adopted from the log after a restore) are given to `decide` until it
    decides nothing else under their ids.
    """
    known: dict[str, ComplaintFact] = {}
    for _ in range(DECIDED_AGAIN_MAX):
        decided = decide(known)
        events = [event for _, course in decided.courses.values() for event in course.events]
        found = await store.stored(conn, [event.id for event in events if event.id not in known])
        if not found:
            break
        known |= {one.id: cast(ComplaintFact, decode(one.value)) for one in found}
    else:
        raise RuntimeError("what is stored and what is decided do not come together")
    changed = [
        Row(row.complaint_id, row.customer_id, row.partition, course.state, due_at(course.state, calendars))
        for row, course in decided.courses.values()
        if course.state is not row.state
    ]
    if changed:
        due_times.note((row.partition, row.due_at) for row in changed)
        await store.save(conn, changed)
    await store.save_days(conn, {id_: day for id_, day in decided.days.items() if day != days.get(id_)})
    return await save_events(conn, SCHEMA, events, pending=pending)
