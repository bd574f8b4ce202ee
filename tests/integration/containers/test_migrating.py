"""Migrations and roles on the PostgreSQL that operators run: from nothing, from every earlier version, and who may what."""

import shutil
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from deploy.containers.postgres import PostgresContainer
from deploy.migrations.apply import apply_roles, migrate
from deploy.migrations.scripts import FOLDERS, find

pytestmark = [pytest.mark.stack, pytest.mark.asyncio(loop_scope="module")]
SERVICES = ("intake", "routing", "followup", "reporting")
PASSWORD = "of-a-test-that-listens-on-loopback"
NEWEST = {migration.schema: migration.number for migration in find(FOLDERS)}
EARLIER = [(schema, number) for schema, newest in NEWEST.items() for number in range(1, newest)]
_numbers = count(1)
# Everything that makes a schema what it is: columns, indexes, views, constraints, and who owns and may what.
_SHAPE = """
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
_POSITION = (
    "INSERT INTO {schema}.positions (cluster, topic, partition, next_offset, moved_at) VALUES ('c', 't', 0, 42, now())"
)


class Place:
    """One fresh database with roles and schemas."""

    def __init__(self, server: PostgresContainer, name: str) -> None:
        self._server, self._name = server, name

    def url(self, role: str = "") -> str:
        """How a role connects; the superuser without one."""
        return (
            self._server.url(self._name, user=f"kesu_{role}", password=PASSWORD)
            if role
            else self._server.url(self._name)
        )

    async def ask(self, query: str, *given: Any, role: str = "admin") -> list[Any]:
        """What the query finds as that role."""
        conn = await asyncpg.connect(self.url(role))
        try:
            return [tuple(row) for row in await conn.fetch(query, *given)]
        finally:
            await conn.close()

    async def shape(self) -> set[Any]:
        """What the database looks like."""
        return set(await self.ask(_SHAPE, [*SERVICES, "vault"], role=""))


async def fresh(server: PostgresContainer) -> Place:
    """A database with nothing but roles and schemas."""
    place = Place(server, f"migrating_{next(_numbers)}")
    conn = await asyncpg.connect(server.url())
    await conn.execute(f"CREATE DATABASE {place._name}")
    await conn.close()
    await apply_roles(place.url(), passwords={f"kesu_{role}": PASSWORD for role in ("admin", *SERVICES)})
    return place


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def from_nothing(container_postgres: PostgresContainer) -> AsyncIterator[Place]:
    """Migrated from nothing to the newest."""
    place = await fresh(container_postgres)
    applied = await migrate(place.url("admin"))
    assert len(applied) == sum(NEWEST.values())
    yield place


def _only(schema: str, number: int, directory: Path) -> dict[str, Path]:
    """All migrations, but of `schema` only the first `number`."""
    for file in sorted(FOLDERS[schema].glob("*.sql"))[:number]:
        shutil.copy(file, directory / file.name)
    return FOLDERS | {schema: directory}


@pytest.mark.parametrize(("schema", "number"), EARLIER)
async def test_an_earlier_version_becomes_the_newest_and_keeps_its_rows(
    container_postgres: PostgresContainer, from_nothing: Place, tmp_path: Path, schema: str, number: int
) -> None:
    place = await fresh(container_postgres)
    await migrate(place.url("admin"), _only(schema, number, tmp_path))
    positions = await place.ask("SELECT to_regclass($1) IS NOT NULL", f"{schema}.positions") == [(True,)]
    if positions:
        conn = await asyncpg.connect(place.url("admin"))
        await conn.execute(_POSITION.format(schema=schema))
        await conn.close()

    applied = await migrate(place.url("admin"))

    assert [f"{schema}_{n:04}" for n in range(number + 1, NEWEST[schema] + 1)] == applied
    assert await from_nothing.shape() == await place.shape()
    if positions:
        assert [(42,)] == await place.ask(f"SELECT next_offset FROM {schema}.positions")


@pytest.mark.parametrize("service", SERVICES)
async def test_no_service_reads_or_writes_anything_of_another(from_nothing: Place, service: str) -> None:
    """Every table and every view of every other schema, one by one."""
    others = await from_nothing.ask(
        "SELECT table_schema || '.' || table_name FROM information_schema.tables WHERE table_schema = ANY($1::text[])",
        [*(other for other in SERVICES if other != service), "migrations"],
    )
    assert len(others) > 8
    conn = await asyncpg.connect(from_nothing.url(service))
    try:
        for (table,) in others:
            for statement in (f"SELECT FROM {table}", f"DELETE FROM {table}"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await conn.execute(statement)
        assert await conn.fetchval(f"SELECT count(*) FROM {service}.positions") == 0
    finally:
        await conn.close()
