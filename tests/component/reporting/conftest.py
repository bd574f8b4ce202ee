"""Reporting on a real PostgreSQL: a connection to its schema, and its HTTP application without a broker."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr

from services.reporting.app import create_app
from services.reporting.settings import ReportingSettings
from shared.database import open_pool
from shared.vault import Vault, open_vault
from tests.fixtures.databases import Database


@pytest_asyncio.fixture(loop_scope="function")
async def conn(database: Database) -> AsyncIterator[Any]:
    """A connection with the rights that reporting has."""
    connection = await asyncpg.connect(database.url("reporting"), server_settings={"timezone": "UTC"}, timeout=10)
    yield connection
    await connection.close(timeout=10)


@pytest.fixture
def reveal_key() -> str:
    """What supervisors present to read what identifies a customer."""
    return "a-key-of-some-length"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """The vault that the service under test opens with."""
    (tmp_path / "master.key").write_text("5a" * 32)
    return open_vault(tmp_path / "master.key")


@pytest_asyncio.fixture(loop_scope="function")
async def vault_owner(database: Database) -> AsyncIterator[Any]:
    """A connection that may make and destroy customers' keys."""
    async with database.connected("admin") as connection:
        yield connection


@pytest_asyncio.fixture(loop_scope="function")
async def client(database: Database, tmp_path: Path, vault: Vault, reveal_key: str) -> AsyncIterator[AsyncClient]:
    """The service's HTTP application on the test's database."""
    url = database.url("reporting")
    settings = ReportingSettings(
        database_url=url, master_key_file=tmp_path / "master.key", reveal_key=SecretStr(reveal_key)
    )
    service = create_app(settings)
    assert service.http is not None
    transport = ASGITransport(service.http)
    async with (
        await open_pool(url, name="test", connections_max=2) as service.pool,
        AsyncClient(transport=transport, base_url="http://reporting") as one,
    ):
        yield one
