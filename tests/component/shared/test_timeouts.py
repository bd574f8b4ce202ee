"""Servers that take connections and never answer: every timeout is a setting, and holds."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from aiokafka.errors import KafkaError

from shared.clock import SystemClock
from shared.database import open_pool
from shared.errors import NotNow
from shared.log.access import Brokers
from shared.log.ends import cluster_id, partitions_of, reading
from shared.log.producer import LogProducer
from tests.fixtures.databases import Database

SET_S = 0.5
SECONDS_MAX = 4.0  # of the 40 that a client waits by itself


@pytest_asyncio.fixture(loop_scope="function")
async def silent() -> AsyncIterator[int]:
    """The port of a server that only listens."""
    held: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(lambda _, writer: held.append(writer), "127.0.0.1", 0)
    yield int(server.sockets[0].getsockname()[1])
    for writer in held:
        writer.close()
    server.close()


async def _read(brokers: Brokers) -> None:
    async with reading(brokers, []):
        pass


async def _produce(brokers: Brokers) -> None:
    await LogProducer(brokers=brokers, source="/t", clock=SystemClock(), timeout_s=SET_S).start()


@pytest.mark.parametrize("ask", [cluster_id, lambda one: partitions_of(one, ["t"]), _read, _produce])
async def test_kafka_that_never_answers(silent: int, ask: Callable[[Brokers], Awaitable[object]]) -> None:
    began = time.monotonic()
    with pytest.raises((KafkaError, NotNow)):
        await ask(Brokers(bootstrap=f"127.0.0.1:{silent}", request_timeout_ms=int(SET_S * 1000)))
    assert SET_S * 0.9 < time.monotonic() - began < SECONDS_MAX


async def test_postgres_that_never_answers(silent: int) -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        await open_pool(f"postgresql://kesu@127.0.0.1:{silent}/kesu", name="test", connect_timeout_s=SET_S)
    assert SET_S * 0.9 < time.monotonic() - began < SECONDS_MAX


async def test_a_statement_that_takes_too_long(database: Database) -> None:
    pool = await open_pool(database.url("routing"), name="test", command_timeout_s=SET_S)
    async with pool:
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            await pool.execute("SELECT pg_sleep(30)")
        assert time.monotonic() - began < SECONDS_MAX
        assert await pool.fetchval("SELECT 1") == 1, "the pool goes on"
