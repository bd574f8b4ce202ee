"""The embedded PostgreSQL is a real server: closed to strangers, fit for Chinese text, and it survives kill -9."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import asyncpg
import psutil
import pytest
import pytest_asyncio

from deploy.embedded.postgres import PostgresServer
from deploy.embedded.run_dir import RunDir


@pytest.fixture
def own_dir() -> Iterator[RunDir]:
    made = RunDir.create()
    yield made
    made.remove()


@pytest_asyncio.fixture
async def server(own_dir: RunDir) -> AsyncIterator[PostgresServer]:
    started = PostgresServer(own_dir.path, log_file=own_dir.log_file("postgres"))
    await started.start()
    try:
        yield started
    finally:
        await started.stop()


async def _value(server: PostgresServer, query: str) -> object:
    conn = await asyncpg.connect(server.url(), timeout=10)
    try:
        return await conn.fetchval(query)
    finally:
        await conn.close()


async def test_it_wants_a_password(server: PostgresServer) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(server.url(password="guessed"), timeout=10)


async def test_it_listens_on_loopback_only(server: PostgresServer) -> None:
    listening = [
        connection.laddr.ip
        for connection in psutil.Process(server.pid).net_connections("all")
        if connection.status == psutil.CONN_LISTEN
    ]

    assert ["127.0.0.1"] == listening


async def test_it_is_durable_and_finds_trigrams_of_chinese(server: PostgresServer) -> None:
    assert "on" == await _value(server, "SHOW fsync")
    await _value(server, "CREATE EXTENSION pg_trgm")
    assert 0.5 == await _value(server, "SELECT similarity('网络故障投诉', '网络故障')")


async def test_what_was_committed_survives_sigkill(server: PostgresServer) -> None:
    await _value(server, "CREATE TABLE kept (n int)")
    for n in range(3):
        await _value(server, f"INSERT INTO kept VALUES ({n}) RETURNING n")
        before = server.pid
        await server.restart(kill=True)
        assert before != server.pid

    assert 3 == await _value(server, "SELECT count(*) FROM kept")


async def test_sigkill_leaves_none_of_its_processes(server: PostgresServer) -> None:
    family = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]

    await server.kill()

    assert len(family) > 3
    assert [] == [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


async def test_cpu_time_counts_sessions_that_ended_and_restarts(server: PostgresServer) -> None:
    before = server.cpu_s()
    await _value(server, "SELECT sum(i % 7) FROM generate_series(1, 1500000) AS s (i)")
    await asyncio.sleep(0.2)  # until the server has taken note of the session's end
    worked = server.cpu_s()
    await server.restart()

    assert worked - before > 0.05
    assert server.cpu_s() >= worked
    assert 5_000_000 < server.pss_bytes() < 1_000_000_000


async def test_a_busy_session_does_not_hold_up_a_restart(server: PostgresServer) -> None:
    conn = await asyncpg.connect(server.url(), timeout=10)
    sleeping = asyncio.create_task(conn.execute("SELECT pg_sleep(60)"))
    await asyncio.sleep(0.1)
    started = time.monotonic()

    await server.restart()

    assert time.monotonic() - started < 10
    with pytest.raises((asyncpg.PostgresError, OSError, asyncpg.InterfaceError)):
        await sleeping
    conn.terminate()
