"""Reporting on a real PostgreSQL: a connection to its schema, and its HTTP application without a broker."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr

from services.reporting.app import create_app
from services.reporting.settings import ReportingSettings
from services.reporting.store import Store
from shared.database import open_pool
from shared.vault import Vault, open_vault
from tests.builders.life import Life, records
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
    transport = ASGITransport(service.http)  # type: ignore[arg-type]  # Litestar types ASGI more narrowly
    async with (
        await open_pool(url, name="test", connections_max=2) as service.pool,
        AsyncClient(transport=transport, base_url="http://reporting") as one,
    ):
        yield one


@pytest.fixture
def position_at(conn: Any) -> Callable[[int], Awaitable[Any]]:
    """Say that the log is read up to an offset."""
    statement = (
        "INSERT INTO reporting.positions VALUES ('c1', 'kesu.complaints', 0, $1, now()) "
        "ON CONFLICT (cluster, topic, partition) DO UPDATE SET next_offset = excluded.next_offset"
    )
    return lambda offset: conn.execute(statement, offset)


@pytest_asyncio.fixture(loop_scope="function")
async def lives(conn: Any, position_at: Callable[[int], Awaitable[Any]]) -> list[Life]:
    """Five complaints an hour apart: all routed and planned, the last one closed, the first one S1."""
    made = []
    for number in range(5):
        life = Life(number)
        for _ in range(number):
            life.at = life.at.replace(hour=life.at.hour + 1)
        life.received(channel="web" if number % 2 else "hotline", sealed=None)
        life.routed(decision={"severity": "S1" if number == 0 else "S2"})
        life.planned(callbacks=(life.callback(),))
        made.append(life)
    made[-1].closed()
    for number, life in enumerate(made):
        await Store().save(conn, records(life.facts, first_offset=100 * number))
    await position_at(500)
    return made
