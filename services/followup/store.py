"""Named SQL on schema `followup`; takes a connection, never commits."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

import msgspec
from msgspec import Struct

from services.followup.model import CustomerDay, State, Waiting
from shared.database import Connection

SCHEMA: Final = "followup"

# Where these complaints stand; locked in one order, so that two batches never wait for each other in a circle.
_LOAD = """
SELECT complaint_id::text, customer_id::text, partition, state FROM followup.complaints
WHERE complaint_id = ANY($1::uuid[]) ORDER BY complaint_id FOR UPDATE
"""
# Complaints of these partitions on which something fell due by the time given for each; those in other hands are left.
_DUE = """
SELECT c.complaint_id::text, c.customer_id::text, c.partition, c.state
FROM unnest($1::int[], $2::timestamptz[]) AS part (partition, until)
JOIN followup.complaints c ON c.partition = part.partition AND c.due_at <= part.until
ORDER BY c.due_at, c.complaint_id LIMIT $3 FOR UPDATE OF c SKIP LOCKED
"""
# When something falls due next on each of these partitions.
_NEXT_DUE = """
SELECT part.partition,
       (SELECT min(c.due_at) FROM followup.complaints c WHERE c.partition = part.partition AND c.due_at IS NOT NULL)
FROM unnest($1::int[]) AS part (partition)
"""
# Write where complaints stand now.
_SAVE = """
INSERT INTO followup.complaints (complaint_id, customer_id, partition, status, due_at, state)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::timestamptz[], $6::bytea[])
ON CONFLICT (complaint_id) DO UPDATE
SET status = excluded.status, due_at = excluded.due_at, state = excluded.state
"""
# Make sure that there is a row to lock for each customer.
_ADD_DAYS = """
INSERT INTO followup.customers_days (customer_id, day, attempts, conversations)
SELECT customer_id, $2, 0, 0 FROM unnest($1::uuid[]) AS new (customer_id) ORDER BY customer_id
ON CONFLICT (customer_id) DO NOTHING
"""
# These customers' days; locked in one order, and always after the complaints.
_LOAD_DAYS = """
SELECT customer_id::text, day, attempts, conversations FROM followup.customers_days
WHERE customer_id = ANY($1::uuid[]) ORDER BY customer_id FOR UPDATE
"""
# Write customers' days.
_SAVE_DAYS = """
UPDATE followup.customers_days SET day = new.day, attempts = new.attempts, conversations = new.conversations
FROM unnest($1::uuid[], $2::date[], $3::int[], $4::int[]) AS new (customer_id, day, attempts, conversations)
WHERE customers_days.customer_id = new.customer_id
"""
# One complaint, for reading.
_READ = "SELECT state FROM followup.complaints WHERE complaint_id = $1"
# Complaints behind a point in the order of what falls due next, for reading.
_PAGE = """
SELECT c.complaint_id::text, c.due_at, c.state
FROM unnest($1::int[]) AS part (partition)
CROSS JOIN LATERAL (
    SELECT complaint_id, due_at, state FROM followup.complaints
    WHERE partition = part.partition AND (due_at, complaint_id) > ($2, $3::uuid) AND due_at <= $4
    ORDER BY due_at, complaint_id LIMIT $5
) AS c
ORDER BY c.due_at, c.complaint_id LIMIT $5
"""

NO_DAY: Final = date(1, 1, 1)
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(State).decode


class Row(Struct, frozen=True):
    """One complaint as it is stored; `partition` of the log holds its facts."""

    complaint_id: str
    customer_id: str
    partition: int
    state: State = Waiting()
    due_at: datetime | None = None


class Listed(Struct, frozen=True):
    """A complaint on a page: what falls due next on it, and where it stands."""

    complaint_id: str
    due_at: datetime
    state: State


async def load(conn: Connection, complaint_ids: Sequence[str]) -> dict[str, Row]:
    """The stored ones of these complaints, locked until the transaction ends."""
    rows = await conn.fetch(_LOAD, complaint_ids)
    return {r[0]: Row(r[0], r[1], r[2], _decode(r[3])) for r in rows}


async def load_due(conn: Connection, until: Mapping[int, datetime], *, limit: int) -> dict[str, Row]:
    """At most `limit` complaints on which something is due by the time given for their partition, locked."""
    rows = await conn.fetch(_DUE, list(until), list(until.values()), limit)
    return {r[0]: Row(r[0], r[1], r[2], _decode(r[3])) for r in rows}


async def next_due(conn: Connection, partitions: Sequence[int]) -> dict[int, datetime | None]:
    """When something falls due next on each of these partitions."""
    return {r[0]: r[1] for r in await conn.fetch(_NEXT_DUE, partitions)}


async def save(conn: Connection, rows: Sequence[Row]) -> None:
    """Write complaints; each at most once per call."""
    await conn.execute(
        _SAVE, [r.complaint_id for r in rows], [r.customer_id for r in rows], [r.partition for r in rows],
        [r.state.__struct_config__.tag for r in rows], [r.due_at for r in rows], [_encode(r.state) for r in rows],
    )  # fmt: skip


async def load_days(conn: Connection, customer_ids: Sequence[str]) -> dict[str, CustomerDay]:
    """The newest day of each of these customers, locked until the transaction ends."""
    if not customer_ids:
        return {}
    await conn.execute(_ADD_DAYS, customer_ids, NO_DAY)
    rows = await conn.fetch(_LOAD_DAYS, customer_ids)
    return {r[0]: CustomerDay(r[1], r[2], r[3]) for r in rows}


async def save_days(conn: Connection, days: Mapping[str, CustomerDay]) -> None:
    """Write customers' days that changed."""
    if days:
        values = days.values()
        await conn.execute(
            _SAVE_DAYS, list(days), [d.day for d in values], [d.attempts for d in values],
            [d.conversations for d in values],
        )  # fmt: skip


async def state_of(conn: Connection, complaint_id: str) -> State | None:
    """Where one complaint stands, for reading."""
    body = await conn.fetchval(_READ, complaint_id)
    return _decode(body) if body is not None else None


async def page(
    conn: Connection, partitions: Sequence[int], *, after: tuple[datetime, str], until: datetime, limit: int
) -> list[Listed]:
    """Complaints behind `after` on which something falls due by `until`, in that order."""
    rows = await conn.fetch(_PAGE, partitions, after[0], after[1], until, limit)
    return [Listed(r[0], r[1], _decode(r[2])) for r in rows]
