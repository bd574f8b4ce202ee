"""Reporting's own schema, read: complaints, their ledgers and timelines, all in one snapshot with its positions."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from msgspec import Raw, Struct

from services.reporting.rules.filters import Condition, Cursor, cursor_text
from services.reporting.shown import Page, ShownCallback, ShownComplaint, ShownEvent, ShownPromise
from shared.database import Connection, Pool
from shared.events.envelope import ComplaintFact
from shared.events.registry import decode

Row = TypeVar("Row", bound=Struct)
TIMELINE_EVENTS_MAX: Final = 5_000

# How far the log is read, per partition (of a database that was moved to another cluster: the one read last).
_POSITIONS = """
SELECT DISTINCT ON (topic, partition) topic, partition, next_offset FROM reporting.positions
ORDER BY topic, partition, moved_at DESC
"""
# One page of complaints, the latest received first: found in the lean view, shown from the full one.
_LATEST = """
WITH page AS MATERIALIZED (
    SELECT complaint_id FROM reporting.listed WHERE {where} ORDER BY received_at DESC, complaint_id DESC LIMIT {rows}
)
SELECT {columns} FROM reporting.v_complaints WHERE complaint_id = ANY(ARRAY(SELECT complaint_id FROM page))
ORDER BY received_at DESC, complaint_id DESC
"""
# One page of promises, the earliest due first.
_EARLIEST = "SELECT {columns} FROM reporting.v_promises WHERE {where} ORDER BY due_at, promise_id LIMIT {rows}"
# One complaint.
_COMPLAINT = "SELECT {columns} FROM reporting.v_complaints WHERE complaint_id = $1"
# Its promises, in the order they come due.
_PROMISES = "SELECT {columns} FROM reporting.v_promises WHERE complaint_id = $1 ORDER BY due_at, promise_id"
# Its callbacks, in the order of their windows.
_CALLBACKS = "SELECT {columns} FROM reporting.v_callbacks WHERE complaint_id = $1 ORDER BY not_before, callback_id"
# Its events in the order of the log.
_TIMELINE = """
SELECT {columns} FROM reporting.v_timeline WHERE complaint_id = $1 ORDER BY partition, "offset" LIMIT {rows}
"""
# The event that brought its personal part.
_RECEIPT = "SELECT body FROM reporting.archive WHERE complaint_id = $1 AND type = 'kesu.complaint.received.v1' LIMIT 1"

_RELATIONS: Final = {"in": "= ANY(${n}::text[])", "from": ">= ${n}", "before": "< ${n}"}


@asynccontextmanager
async def snapshot(pool: Pool) -> AsyncIterator[tuple[Connection, dict[str, int]]]:
    """A connection that sees one moment, and the positions of that moment (`topic:partition` → next offset)."""
    async with pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        rows = await conn.fetch(_POSITIONS)
        yield conn, {f"{row['topic']}:{row['partition']}": row["next_offset"] for row in rows}


def where(conditions: Sequence[Condition], first: int = 1) -> str:
    """The conditions as SQL whose parameters count from `first`; columns are ours, values are parameters."""
    terms = [f"{c.column} {_RELATIONS[c.relation].format(n=n)}" for n, c in enumerate(conditions, first)]
    return " AND ".join(terms) or "true"


async def complaints(
    conn: Connection, conditions: Sequence[Condition], *, cursor: Cursor | None, limit: int, as_of: dict[str, int]
) -> Page[ShownComplaint]:
    """Complaints, the latest received first."""
    rows = await _page(conn, _LATEST, ShownComplaint, conditions, cursor, limit, after="(received_at, complaint_id) <")
    last = rows[limit - 1] if len(rows) > limit else None
    text = cursor_text(last.received_at, last.complaint_id) if last else None
    return Page(as_of=as_of, items=rows[:limit], cursor=text)


async def promises(
    conn: Connection, conditions: Sequence[Condition], *, cursor: Cursor | None, limit: int, as_of: dict[str, int]
) -> Page[ShownPromise]:
    """Promises, the earliest due first."""
    rows = await _page(conn, _EARLIEST, ShownPromise, conditions, cursor, limit, after="(due_at, promise_id) >")
    last = rows[limit - 1] if len(rows) > limit else None
    text = cursor_text(last.due_at, last.promise_id) if last and last.due_at else None
    return Page(as_of=as_of, items=rows[:limit], cursor=text)


async def complaint(conn: Connection, complaint_id: str) -> ShownComplaint | None:
    """One complaint, if it is known."""
    row = await conn.fetchrow(_COMPLAINT.format(columns=_columns(ShownComplaint)), complaint_id)
    return ShownComplaint(*row.values()) if row else None


async def promises_of(conn: Connection, complaint_id: str) -> list[ShownPromise]:
    """Every promise of a complaint."""
    rows = await conn.fetch(_PROMISES.format(columns=_columns(ShownPromise)), complaint_id)
    return [ShownPromise(*row.values()) for row in rows]


async def callbacks_of(conn: Connection, complaint_id: str) -> list[ShownCallback]:
    """Every callback of a complaint."""
    rows = await conn.fetch(_CALLBACKS.format(columns=_columns(ShownCallback)), complaint_id)
    return [ShownCallback(*row.values()) for row in rows]


async def timeline(conn: Connection, complaint_id: str) -> list[ShownEvent]:
    """The events of a complaint, at most TIMELINE_EVENTS_MAX."""
    rows = await conn.fetch(_TIMELINE.format(columns=_columns(ShownEvent), rows=TIMELINE_EVENTS_MAX), complaint_id)
    return [ShownEvent(**{**dict(row), "facts": Raw(row["facts"])}) for row in rows]


async def receipt(conn: Connection, complaint_id: str) -> ComplaintFact | None:
    """The event that opened a complaint, as archived."""
    body = await conn.fetchval(_RECEIPT, complaint_id)
    event = decode(body) if body else None
    return event if isinstance(event, ComplaintFact) else None


async def _page(
    conn: Connection, query: str, row: type[Row], conditions: Sequence[Condition], cursor: Cursor | None, limit: int,
    *, after: str,
) -> list[Row]:  # fmt: skip
    """One row more than `limit` where there are more."""
    values: list[Any] = [condition.value for condition in conditions]
    text = where(conditions)
    if cursor:
        text += f" AND {after} (${len(values) + 1}, ${len(values) + 2})"
        values += [cursor.at, cursor.id]
    records = await conn.fetch(query.format(columns=_columns(row), where=text, rows=limit + 1), *values)
    return [row(*record.values()) for record in records]


def _columns(row: type[Struct]) -> str:
    return ", ".join(f'"{field}"' for field in row.__struct_fields__)
