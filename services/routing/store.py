"""Named SQL on schema `routing`; takes a connection, never commits."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from shared.database import Connection

SCHEMA = "routing"

# Cases of these customers, newest last (bounded per customer by what a person can complain about).
_CASES_OF = """
SELECT complaint_id::text, customer_id::text, accepted_at, kind, cause, closed_at IS NOT NULL AS closed
FROM routing.cases WHERE customer_id = ANY($1::uuid[]) AND accepted_at > $2 ORDER BY accepted_at
"""
# Remember new cases.
_ADD = """
INSERT INTO routing.cases (complaint_id, customer_id, accepted_at, kind, cause, severity, pack)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[])
ON CONFLICT (complaint_id) DO NOTHING
"""
# Cases are decided by another pack from here on.
_CHANGE = """
UPDATE routing.cases SET kind = new.kind, cause = new.cause, severity = new.severity, pack = new.pack
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[]) AS new (complaint_id, kind, cause, severity, pack)
WHERE cases.complaint_id = new.complaint_id
"""
# Cases were closed (null: opened again).
_CLOSE = """
UPDATE routing.cases SET closed_at = new.closed_at
FROM unnest($1::uuid[], $2::timestamptz[]) AS new (complaint_id, closed_at)
WHERE cases.complaint_id = new.complaint_id
"""
# Promises to these customers that were broken.
_BROKEN_OF = """
SELECT customer_id::text, broken_at FROM routing.broken_promises
WHERE customer_id = ANY($1::uuid[]) AND broken_at > $2
"""
# Remember broken promises.
_BREAK = """
INSERT INTO routing.broken_promises (promise_id, customer_id, broken_at)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) ON CONFLICT (promise_id) DO NOTHING
"""
# All decisions about one complaint.
_DECISIONS_OF = "SELECT body FROM routing.events WHERE complaint_id = $1 ORDER BY number"


class PriorCase(Struct, frozen=True):
    """An earlier case of a customer. `pack` is the hash of the policy pack that decides about it, as far as it is known."""

    complaint_id: str
    customer_id: str
    accepted_at: datetime
    kind: str
    cause: str
    severity: str = "S3"
    closed: bool = False
    pack: str | None = None


async def cases_of(conn: Connection, customer_ids: Sequence[str], *, since: datetime) -> list[PriorCase]:
    """Cases of these customers accepted after `since`, oldest first."""
    rows = await conn.fetch(_CASES_OF, customer_ids, since)
    return [
        PriorCase(
            r["complaint_id"], r["customer_id"], r["accepted_at"], r["kind"], r["cause"],
            closed=r["closed"],
        )
        for r in rows
    ]  # fmt: skip


async def add_cases(conn: Connection, cases: Sequence[PriorCase]) -> None:
    """Remember cases; one that is there already stays as it was."""
    await conn.execute(
        _ADD, [c.complaint_id for c in cases], [c.customer_id for c in cases], [c.accepted_at for c in cases],
        [c.kind for c in cases], [c.cause for c in cases], [c.severity for c in cases], [c.pack for c in cases],
    )  # fmt: skip


async def change_cases(conn: Connection, cases: Sequence[PriorCase]) -> None:
    """Cases that were decided again; each at most once."""
    await conn.execute(
        _CHANGE, [c.complaint_id for c in cases], [c.kind for c in cases], [c.cause for c in cases],
        [c.severity for c in cases], [c.pack for c in cases],
    )  # fmt: skip


async def close_cases(conn: Connection, closed: dict[str, datetime | None]) -> None:
    """Say when each complaint was closed; None: it was opened again."""
    await conn.execute(_CLOSE, list(closed), list(closed.values()))


async def broken_of(conn: Connection, customer_ids: Sequence[str], *, since: datetime) -> list[tuple[str, datetime]]:
    """(customer, when) of each promise broken after `since`."""
    return [(r["customer_id"], r["broken_at"]) for r in await conn.fetch(_BROKEN_OF, customer_ids, since)]


async def add_broken(conn: Connection, broken: Sequence[tuple[str, str, datetime]]) -> None:
    """Remember (promise, customer, when) of broken promises."""
    promises, customers, times = zip(*broken, strict=True)
    await conn.execute(_BREAK, promises, customers, times)


async def decisions_of(conn: Connection, complaint_id: str) -> list[bytes]:
    """The published decisions about a complaint, oldest first, as JSON."""
    rows = await conn.fetch(_DECISIONS_OF, complaint_id)
    return [row["body"] for row in rows]
