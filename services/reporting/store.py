"""Reporting's own schema, written: the archive of the log and the tables projected from it."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from asyncpg import UniqueViolationError
from msgspec import Struct

from services.reporting import tables
from services.reporting.model import Changes
from services.reporting.rules import project
from services.reporting.rules.receipts import complaint_mentioned
from services.reporting.tables import Table, values
from shared.database import Connection
from shared.events.envelope import ComplaintFact
from shared.events.registry import type_of
from shared.pipeline.records import Record

SCHEMA: Final = "reporting"
ARCHIVE_COLUMNS: Final = ("event_id", "complaint_id", "offset", "partition", "topic", "type", "body")

# Archive events that may be there already; tells which were not.
_ARCHIVE = """
INSERT INTO {schema}.archive (event_id, complaint_id, "offset", partition, topic, type, body)
SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::int[], $5::text[], $6::text[], $7::bytea[])
ON CONFLICT (complaint_id, event_id) DO NOTHING
RETURNING event_id::text
"""
# How many of these complaints have a row.
_KNOWN = "SELECT count(*) FROM {schema}.complaints WHERE complaint_id = ANY($1::uuid[])"
# Which of them have none.
_UNKNOWN = """
SELECT id::text FROM unnest($1::uuid[]) AS mentioned (id)
WHERE NOT EXISTS (SELECT FROM {schema}.complaints c WHERE c.complaint_id = mentioned.id)
"""


class Store:
    """Writes one schema: `reporting`, or one that is being rebuilt beside it. Never opens or ends the transaction it is in."""

    def __init__(self, schema: str = SCHEMA) -> None:
        self._schema = schema
        self._archive = _ARCHIVE.format(schema=schema)
        self._known = _KNOWN.format(schema=schema)
        self._unknown = _UNKNOWN.format(schema=schema)
        self._upserts = {table.name: table.upsert(schema) for table in tables.TABLES}

    async def save(self, conn: Connection, records: Sequence[Record]) -> None:
        """Archive the records and project those that are new; records seen before, here or earlier, change nothing.

        Everything is copied in as new, which costs half of an upsert. Where something was there already (a submission or
        a publication repeated), that is left out and the rest copied; where rows of it exist all the same, they are merged.
        """
        by_id: dict[str, Record] = {}
        for record in records:
            by_id.setdefault(record.event.id, record)
        rows = [_archived(record) for record in by_id.values()]
        try:
            async with conn.transaction():
                await self._copy(conn, "archive", ARCHIVE_COLUMNS, rows)
                await self._apply(conn, project(record.event for record in by_id.values()), copying=True)
        except UniqueViolationError:
            new = {row["event_id"] for row in await conn.fetch(self._archive, *map(list, zip(*rows, strict=True)))}
            await self._apply_fresh(conn, project(record.event for id_, record in by_id.items() if id_ in new))

    async def _apply_fresh(self, conn: Connection, changes: Changes) -> None:
        try:
            async with conn.transaction():
                await self._apply(conn, changes, copying=True)
        except UniqueViolationError:
            await self._apply(conn, changes, copying=False)

    async def _apply(self, conn: Connection, changes: Changes, *, copying: bool) -> None:
        for table, rows in _by_table(changes):
            if copying:
                new = [values(row) for row in rows if table.is_new(row)]
                old = [values(row) for row in rows if not table.is_new(row)]
                await self._copy(conn, table.name, table.columns, new)
                await self._upsert(conn, table, old)
            else:
                await self._upsert(conn, table, [values(row) for row in rows])
        await self._mention(conn, changes.mentioned)

    async def _mention(self, conn: Connection, mentioned: dict[str, ComplaintFact]) -> None:
        ids = list(mentioned)
        if ids and await conn.fetchval(self._known, ids) < len(ids):
            unknown = await conn.fetch(self._unknown, ids)
            rows = [values(complaint_mentioned(mentioned[row["id"]])) for row in unknown]
            await self._upsert(conn, tables.COMPLAINTS, rows)

    async def _copy(self, conn: Connection, name: str, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
        if rows:
            await conn.copy_records_to_table(name, schema_name=self._schema, columns=columns, records=rows)

    async def _upsert(self, conn: Connection, table: Table, rows: list[tuple[Any, ...]]) -> None:
        if rows:
            await conn.executemany(self._upserts[table.name], rows)


def _archived(record: Record) -> tuple[Any, ...]:
    event = record.event
    complaint_id = event.complaint_id if isinstance(event, ComplaintFact) else None
    return event.id, complaint_id, record.offset, record.partition, record.topic, type_of(type(event)), record.value


def _by_table(changes: Changes) -> Iterable[tuple[Table, Sequence[Struct]]]:
    return (
        (tables.COMPLAINTS, changes.complaints),
        (tables.DECISIONS, changes.decisions),
        (tables.PROGRESS, changes.progress),
        (tables.PROMISES, changes.promises),
        (tables.CALLBACKS, changes.callbacks),
        (tables.CONTACTS, changes.contacts),
        (tables.LINKS, changes.links),
    )
