"""Intake's own tables: the register of submissions, what waits, and what was answered. Never commits."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from services.intake.model import Known, Registered, Waiting
from shared.database import Connection
from shared.events.envelope import ComplaintFact, Fact
from shared.events.intake import ComplaintReceived
from shared.events.registry import decode
from shared.pipeline.records import Outgoing

SCHEMA: Final = "intake"

# Enter submissions; returns those that were not there. Sorted by the caller, so that parallel batches cannot deadlock.
_ENTER: Final = """
INSERT INTO intake.submissions (submission_id, event_id, complaint_id, customer_id, tenant, lang, opens, fingerprint)
SELECT * FROM unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::boolean[], $8::bytea[])
ON CONFLICT DO NOTHING RETURNING submission_id::text
"""
# What the register has under these ids.
_REGISTERED: Final = """
SELECT submission_id::text, event_id::text, fingerprint FROM intake.submissions WHERE submission_id = ANY($1::uuid[])
"""
# Complaints by id, with their first event where it may not be on the log yet.
_KNOWN: Final = """
SELECT s.complaint_id::text, s.customer_id::text, s.tenant, s.lang, s.event_id::text, e.type, e.topic, e.body
FROM intake.submissions s LEFT JOIN intake.events e ON e.event_id = s.event_id AND e.pending
WHERE s.complaint_id = ANY($1::uuid[]) AND s.opens
"""
# Put facts aside until their complaint comes.
_WAIT: Final = """
INSERT INTO intake.waiting (submission_id, tenant, complaint_id, waits_until, sealed)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[], $5::bytea[])
ON CONFLICT (submission_id) DO NOTHING
"""
# Take out what waited for these complaints, in the order it came.
_WAKE: Final = """
WITH gone AS (DELETE FROM intake.waiting WHERE complaint_id = ANY($1::uuid[]) RETURNING *)
SELECT submission_id::text, tenant, complaint_id::text, waits_until, sealed FROM gone ORDER BY number
"""
# Complaints that are there although something still waits for them (the two came in parallel).
_OVERSLEPT: Final = """
SELECT DISTINCT w.complaint_id::text FROM intake.waiting w
JOIN intake.submissions s ON s.complaint_id = w.complaint_id AND s.opens AND s.tenant = w.tenant LIMIT $1
"""
# What has waited long enough.
_EXPIRED: Final = """
SELECT submission_id::text, tenant, complaint_id::text, waits_until, sealed FROM intake.waiting
WHERE waits_until <= $1 ORDER BY number LIMIT $2
"""
# It is in the dead letters now.
_FORGET: Final = "DELETE FROM intake.waiting WHERE submission_id = ANY($1::uuid[])"
# When the next of them has.
_NEXT_EXPIRY: Final = "SELECT min(waits_until) FROM intake.waiting"
# Events that may not be on the log yet, oldest first.
_PENDING: Final = """
SELECT event_id::text, complaint_id::text, type, topic, body FROM intake.events WHERE pending ORDER BY number LIMIT $1
"""
# Whose they are, of those that open a complaint.
_PENDING_CUSTOMERS: Final = """
SELECT DISTINCT s.customer_id::text FROM intake.events e
JOIN intake.submissions s ON s.complaint_id = e.complaint_id AND s.opens WHERE e.pending
"""
# The first events that may not be on the log yet.
_FIRST_PENDING: Final = "SELECT body FROM intake.events WHERE pending ORDER BY number LIMIT 200"


class Entry(Struct, frozen=True, kw_only=True):
    """A line of the register; a control fact has no complaint and no customer."""

    submission_id: str
    event_id: str
    complaint_id: str | None
    customer_id: str | None
    tenant: str
    lang: str
    opens: bool
    fingerprint: bytes


def entry_of(event: Fact, *, submission_id: str, fingerprint: bytes) -> Entry:
    """The line for the submission that became `event`."""
    if not isinstance(event, ComplaintFact):
        return Entry(
            submission_id=submission_id, event_id=event.id, complaint_id=None, customer_id=None,
            tenant=event.tenant, lang="", opens=False, fingerprint=fingerprint,
        )  # fmt: skip
    return Entry(
        submission_id=submission_id, event_id=event.id, complaint_id=event.complaint_id,
        customer_id=event.customer_id, tenant=event.tenant, lang=event.lang,
        opens=isinstance(event, ComplaintReceived), fingerprint=fingerprint,
    )  # fmt: skip


async def enter(conn: Connection, entries: Iterable[Entry]) -> set[str]:
    """Enter what is new; returns the submission ids that were."""
    rows = sorted(entries, key=lambda entry: entry.submission_id)
    if not rows:
        return set()
    entered = await conn.fetch(
        _ENTER,
        [row.submission_id for row in rows],
        [row.event_id for row in rows],
        [row.complaint_id for row in rows],
        [row.customer_id for row in rows],
        [row.tenant for row in rows],
        [row.lang for row in rows],
        [row.opens for row in rows],
        [row.fingerprint for row in rows],
    )
    return {row[0] for row in entered}


async def registered(conn: Connection, submission_ids: Iterable[str]) -> dict[str, Registered]:
    """The register's lines for these ids, by submission id."""
    ids = list(submission_ids)
    rows = await conn.fetch(_REGISTERED, ids) if ids else []
    return {row[0]: Registered(*row) for row in rows}


async def known(conn: Connection, complaint_ids: Iterable[str]) -> dict[str, Known]:
    """The complaints among these that the register has, by complaint id."""
    ids = list(complaint_ids)
    rows = await conn.fetch(_KNOWN, ids) if ids else []
    found = {}
    for complaint_id, customer_id, tenant, lang, event_id, type_, topic, body in rows:
        unpublished = Outgoing(topic, complaint_id, event_id, type_, body) if body else None
        found[complaint_id] = Known(
            complaint_id=complaint_id,
            customer_id=customer_id,
            tenant=tenant,
            lang="en" if lang == "en" else "zh",
            unpublished=unpublished,
        )
    return found


async def wait(conn: Connection, rows: Sequence[Waiting]) -> None:
    """Put facts aside; those that wait already change nothing."""
    if rows:
        await conn.execute(
            _WAIT,
            [row.submission_id for row in rows],
            [row.tenant for row in rows],
            [row.complaint_id for row in rows],
            [row.waits_until for row in rows],
            [row.sealed for row in rows],
        )


async def wake(conn: Connection, complaint_ids: Iterable[str]) -> list[Waiting]:
    """Take out what waited for these complaints, in the order it came."""
    ids = list(complaint_ids)
    return _waiting(await conn.fetch(_WAKE, ids)) if ids else []


async def overslept(conn: Connection, *, limit: int) -> list[str]:
    """Complaints that are registered although facts still wait for them."""
    return [row[0] for row in await conn.fetch(_OVERSLEPT, limit)]


async def expired(conn: Connection, now: datetime, *, limit: int) -> list[Waiting]:
    """What waited longer than its time."""
    return _waiting(await conn.fetch(_EXPIRED, now, limit))


async def forget(conn: Connection, submission_ids: Iterable[str]) -> None:
    """Take out what is in the dead letters now."""
    await conn.execute(_FORGET, list(submission_ids))


async def next_expiry(conn: Connection) -> datetime | None:
    """When the next waiting fact has waited long enough."""
    at: datetime | None = await conn.fetchval(_NEXT_EXPIRY)
    return at


async def accepted_but_pending(conn: Connection) -> datetime | None:
    """When the oldest event that may not be on the log yet was accepted (among the 200 saved first)."""
    rows = await conn.fetch(_FIRST_PENDING)
    return min((decode(row[0]).accepted_at for row in rows), default=None)


async def pending_events(conn: Connection, *, limit: int) -> list[Outgoing]:
    """Events saved but perhaps not published, oldest first."""
    rows = await conn.fetch(_PENDING, limit)
    return [Outgoing(r["topic"], r["complaint_id"] or "", r["event_id"], r["type"], r["body"]) for r in rows]


async def pending_customers(conn: Connection) -> list[str]:
    """Customers of whom something may not be on the log yet."""
    return [row[0] for row in await conn.fetch(_PENDING_CUSTOMERS)]


def _waiting(rows: Sequence[object]) -> list[Waiting]:
    return [
        Waiting(submission_id=r[0], tenant=r[1], complaint_id=r[2], waits_until=r[3], sealed=r[4])  # type: ignore[index]
        for r in rows
    ]
