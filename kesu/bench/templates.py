"""What a real run wrote, row by row: the floor writes rows of the same shape and number, with other ids."""

import uuid
from typing import Any, Final

import asyncpg
from msgspec import Struct

from shared.database import Connection

SCHEMAS: Final = ("vault", "intake", "routing", "followup", "reporting")
SAMPLE_MAX: Final = 200
LEFT_OUT: Final = ("positions",)

# Ordinary tables of these schemas with their columns, in order; generated columns are not written.
_COLUMNS = """
SELECT table_schema AS schema, table_name AS name, array_agg(column_name::text ORDER BY ordinal_position) AS columns,
array_agg(udt_name::text ORDER BY ordinal_position) AS types
FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = ANY($1::text[]) AND table_type = 'BASE TABLE' AND is_identity = 'NO' AND is_generated = 'NEVER'
GROUP BY 1, 2 ORDER BY 1, 2
"""


class Template(Struct, frozen=True):
    """Rows of one table, and how many of them a complaint made; `types` are PostgreSQL's names (`_text` an array)."""

    schema: str
    name: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    samples: tuple[tuple[Any, ...], ...]
    per_complaint: float

    def rows(self, count: int) -> list[tuple[Any, ...]]:
        """`count` rows: samples in turn, every uuid in them a fresh one."""
        fresh = uuid.uuid4
        out = []
        for number in range(count):
            sample = self.samples[number % len(self.samples)]
            out.append(tuple(fresh() if isinstance(value, uuid.UUID) else value for value in sample))
        return out


async def write(conn: Connection, template: Template, count: int) -> None:
    """Write `count` rows: as the services do, by COPY in reporting, and elsewhere by one INSERT that tolerates conflicts."""
    rows = template.rows(count)
    if not rows:
        return
    if template.schema == "reporting" or any(type_.startswith("_") for type_ in template.types):
        await conn.copy_records_to_table(
            template.name, schema_name=template.schema, columns=template.columns, records=rows
        )
        return
    columns = ", ".join(f'"{column}"' for column in template.columns)
    arrays = ", ".join(f"${number}::{type_}[]" for number, type_ in enumerate(template.types, 1))
    await conn.execute(
        f'INSERT INTO {template.schema}."{template.name}" ({columns}) SELECT * FROM unnest({arrays}) ON CONFLICT DO NOTHING',
        *zip(*rows, strict=True),
    )


async def templates(conn: Connection, *, complaints: int) -> list[Template]:
    """Templates of every table that a run of `complaints` complaints wrote to."""
    found = []
    for table in await conn.fetch(_COLUMNS, list(SCHEMAS)):
        if table["name"] in LEFT_OUT:
            continue
        where = f'{table["schema"]}."{table["name"]}"'
        count = await conn.fetchval(f"SELECT count(*) FROM {where}")
        if not count:
            continue
        columns = ", ".join(f'"{column}"' for column in table["columns"])
        rows = await conn.fetch(f"SELECT {columns} FROM {where} LIMIT {SAMPLE_MAX}")
        samples = tuple(tuple(_plain(value) for value in row.values()) for row in rows)
        found.append(
            Template(
                table["schema"],
                table["name"],
                tuple(table["columns"]),
                tuple(table["types"]),
                samples,
                count / complaints,
            )
        )
    return found


def _plain(value: Any) -> Any:
    return uuid.UUID(bytes=value.bytes) if isinstance(value, asyncpg.pgproto.pgproto.UUID) else value
