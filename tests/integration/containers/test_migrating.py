"""Migrations on the PostgreSQL that operators run: from nothing, and from every earlier version with rows in every table."""

import shutil
from pathlib import Path
from typing import Any, Final

import asyncpg
import pytest

from deploy.containers.postgres import PostgresContainer
from deploy.migrations.apply import migrate
from deploy.migrations.scripts import FOLDERS, find
from tests.integration.containers.places import Place, fresh

pytestmark = pytest.mark.stack
NEWEST: Final = {migration.schema: migration.number for migration in find(FOLDERS)}
EARLIER: Final = [(schema, number) for schema, newest in NEWEST.items() for number in range(1, newest)]
# Everything that makes a schema what it is: columns, indexes, views, constraints, and who owns and may what.
_SHAPE: Final = """
SELECT 'column', table_schema || '.' || table_name || '.' || column_name, data_type || is_nullable || coalesce(column_default, '')
FROM information_schema.columns WHERE table_schema = ANY($1::text[])
UNION ALL SELECT 'index', schemaname || '.' || indexname, indexdef FROM pg_indexes WHERE schemaname = ANY($1::text[])
UNION ALL SELECT 'view', schemaname || '.' || viewname, definition FROM pg_views WHERE schemaname = ANY($1::text[])
UNION ALL SELECT 'owner', schemaname || '.' || tablename, tableowner FROM pg_tables WHERE schemaname = ANY($1::text[])
UNION ALL SELECT 'constraint', conrelid::regclass::text || '.' || conname, pg_get_constraintdef(oid)
FROM pg_constraint WHERE connamespace::regnamespace::text = ANY($1::text[])
UNION ALL SELECT 'grant', table_schema || '.' || table_name || ' ' || grantee, privilege_type
FROM information_schema.role_table_grants WHERE table_schema = ANY($1::text[])
"""
_COLUMNS: Final = """
SELECT table_name, column_name, data_type FROM information_schema.columns
JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = $1 AND table_type = 'BASE TABLE' AND is_identity = 'NO' AND is_generated = 'NEVER'
"""
# A value of each type the tables have; "open" is also a status that followup knows.
_VALUES: Final = {
    "uuid": "'6b657375-0000-0000-0000-000000000001'", "text": "'open'", "ARRAY": "'{}'", "bytea": "'\\x01'",
    "bigint": "7", "integer": "3", "boolean": "true", "date": "'2026-03-02'",
    "timestamp with time zone": "'2026-03-02 09:00Z'",
}  # fmt: skip


async def shape(place: Place) -> set[Any]:
    """What the database looks like."""
    return set(await place.ask(_SHAPE, list(FOLDERS), role=""))


def only(schema: str, number: int, directory: Path) -> dict[str, Path]:
    """All migrations, but of `schema` only the first `number`."""
    for file in sorted(FOLDERS[schema].glob("*.sql"))[:number]:
        shutil.copy(file, directory / file.name)
    return FOLDERS | {schema: directory}


async def put_rows(place: Place, schema: str) -> dict[str, str]:
    """One row into every table there is; table → which values it has, in whatever columns."""
    columns: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in await place.ask(_COLUMNS, schema, role=""):
        columns.setdefault(table, []).append((f'"{column}"', _VALUES[kind]))
    conn = await asyncpg.connect(place.url())
    for table, given in columns.items():
        names, values = (", ".join(part) for part in zip(*given, strict=True))
        await conn.execute(f"INSERT INTO {schema}.{table} ({names}) VALUES ({values})")
    await conn.close()
    return {table: ", ".join(name for name, _ in given) for table, given in columns.items()}


async def rows(place: Place, schema: str, tables: dict[str, str]) -> dict[str, list[Any]]:
    """What stands in these columns of these tables."""
    return {table: await place.ask(f"SELECT {names} FROM {schema}.{table}", role="") for table, names in tables.items()}


async def test_from_nothing_each_file_is_applied_once(from_nothing: Place) -> None:
    found = await from_nothing.ask("SELECT DISTINCT table_schema FROM information_schema.tables WHERE table_schema = ANY($1::text[])", list(FOLDERS))  # fmt: skip
    assert {schema for (schema,) in found} == set(FOLDERS)
    assert [] == await migrate(from_nothing.url("admin"))


@pytest.mark.parametrize(("schema", "number"), EARLIER)
async def test_an_earlier_version_becomes_the_newest_and_keeps_its_rows(
    container_postgres: PostgresContainer, from_nothing: Place, tmp_path: Path, schema: str, number: int
) -> None:
    place = await fresh(container_postgres)
    await migrate(place.url("admin"), only(schema, number, tmp_path))
    tables = await put_rows(place, schema)
    before = await rows(place, schema, tables)
    assert before and all(len(found) == 1 for found in before.values())

    applied = await migrate(place.url("admin"))

    assert [f"{schema}_{n:04}" for n in range(number + 1, NEWEST[schema] + 1)] == applied
    assert await shape(from_nothing) == await shape(place)
    assert before == await rows(place, schema, tables)
