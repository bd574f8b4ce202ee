"""A service's own events in its own schema: inserted once, read back where they were there already, then published."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from shared.database import Connection, Pool
from shared.events.envelope import ComplaintFact, Fact
from shared.events.registry import encode, type_of
from shared.pipeline.crash import CrashPoints
from shared.pipeline.records import Outgoing

COMPLAINTS = "kesu.complaints"
CONTROL = "kesu.control"
PENDING_MAX = 500  # events published per round

# Insert events; a conflict means that the event is there already.
_INSERT = """
INSERT INTO {schema}.events (event_id, complaint_id, type, topic, body, pending)
SELECT *, $6::boolean FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bytea[])
ON CONFLICT (event_id) DO NOTHING
"""
# What others stored under these ids; rows of this very transaction are what we know already.
_READ = """
SELECT event_id::text, body FROM {schema}.events
WHERE event_id = ANY($1::uuid[]) AND xmin <> pg_current_xact_id()::xid
"""
# What is stored under these ids, in the order in which it was decided.
_STORED = """
SELECT event_id::text, complaint_id::text, type, topic, body FROM {schema}.events
WHERE event_id = ANY($1::uuid[]) ORDER BY number
"""
# Events saved by a timer or an HTTP door that may not be published yet.
_PENDING = """
SELECT event_id::text, complaint_id::text, type, topic, body FROM {schema}.events WHERE pending ORDER BY number LIMIT $1
"""
# They are on the log now.
_MARK = "UPDATE {schema}.events SET pending = false WHERE event_id = ANY($1::uuid[]) AND pending"

_NEVER = CrashPoints()

Publish: TypeAlias = Callable[[Sequence[Outgoing]], Awaitable[None]]


def outgoing(event: Fact) -> Outgoing:
    """The event as it goes to its topic."""
    key = event.complaint_id if isinstance(event, ComplaintFact) else ""
    topic = COMPLAINTS if key else CONTROL
    return Outgoing(topic=topic, key=key, id=event.id, type=type_of(type(event)), value=encode(event), fact=event)


async def save_events(
    conn: Connection, schema: str, events: Sequence[Fact], *, pending: bool = False
) -> list[Outgoing]:
    """Store `events` and return what is stored under their ids, in the order given.

    An event that was stored before comes back as it was then, whatever it would be now. Ids may repeat in `events`.
    """
    if not events:
        return []
    fresh: dict[str, Outgoing] = {}
    for event in events:  # in the order decided: `number` counts them in it
        if event.id not in fresh:
            fresh[event.id] = outgoing(event)
    rows = list(fresh.values())
    tag = await conn.execute(
        _INSERT.format(schema=schema),
        [row.id for row in rows],
        [row.key or None for row in rows],
        [row.type for row in rows],
        [row.topic for row in rows],
        [row.value for row in rows],
        pending,
    )
    if int(tag.rpartition(" ")[2]) < len(rows):
        for stored in await conn.fetch(_READ.format(schema=schema), list(fresh)):
            fresh[stored["event_id"]] = fresh[stored["event_id"]].with_value(stored["body"])
    return [fresh[event.id] for event in events]


async def stored(conn: Connection, schema: str, event_ids: Sequence[str]) -> list[Outgoing]:
    """Those of these events that are stored, as they were decided."""
    if not event_ids:
        return []
    rows = await conn.fetch(_STORED.format(schema=schema), event_ids)
    return [Outgoing(topic=r[3], key=r[1] or "", id=r[0], type=r[2], value=r[4]) for r in rows]


async def mark_published(conn: Connection, schema: str, published: Sequence[Outgoing]) -> None:
    """Say that `published` is on the log."""
    await conn.execute(_MARK.format(schema=schema), [one.id for one in published])


async def publish_pending(pool: Pool, schema: str, publish: Publish, crash: CrashPoints = _NEVER) -> int:
    """Publish what was saved as pending and mark it; returns how many.

    No transaction is open meanwhile: a crash in between, or a second instance, publishes the same bytes again.
    """
    async with pool.acquire() as conn:
        rows = await conn.fetch(_PENDING.format(schema=schema), PENDING_MAX)
        if not rows:
            return 0
        batch = [
            Outgoing(topic=r["topic"], key=r["complaint_id"] or "", id=r["event_id"], type=r["type"], value=r["body"])
            for r in rows
        ]
        await publish(batch)
        crash.reached("timer_published")
        await mark_published(conn, schema, batch)
        crash.reached("timer_marked")
        return len(batch)
