"""The containers keep what they hold over kills, can be frozen and gone around, and leave nothing behind."""

import asyncio
import signal
import subprocess
import sys

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from deploy.containers.engine import engine, sweep
from deploy.containers.kafka import KafkaContainer, Listener
from deploy.containers.postgres import PostgresContainer
from deploy.embedded.errors import CannotStart
from deploy.embedded.ports import free_port
from tests.component.pipeline.proxy import FETCH, Proxy

pytestmark = pytest.mark.stack
# Starts a database, names its volume, and waits.
OWNER = """
import asyncio
from deploy.containers.postgres import PostgresContainer
async def main():
    server = PostgresContainer()
    await server.start()
    print(server.volume, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


async def test_a_killed_kafka_keeps_its_log_and_every_way_in(container_engine: None) -> None:
    """Same port, same log; and whoever comes by a listener with a proxy stays behind that proxy."""
    advertised = free_port()
    kafka = KafkaContainer(listeners=[Listener(name="BEHIND", advertised_port=advertised)])
    proxy = Proxy(port=advertised, target_port=kafka.listener_port("BEHIND"))
    try:
        await kafka.start()
        await kafka.run("kafka-topics.sh", "--bootstrap-server", kafka.inside_bootstrap, "--create", "--topic", "t")
        await _write(kafka.bootstrap, b"before")
        pid, spent_s = kafka.pid, kafka.cpu_s()
        await kafka.restart(kill=True)
        assert pid != kafka.pid
        assert kafka.cpu_s() > spent_s > 1
        assert kafka.exit_status is None
        await _write(kafka.bootstrap, b"after")
        await proxy.open()
        assert [b"before", b"after"] == await _read(f"127.0.0.1:{advertised}", 2)
        assert proxy.requests[FETCH] > 0
    finally:
        await proxy.cut()
        await kafka.discard()
    assert [] == _left(kafka.volume)


async def test_a_killed_postgres_keeps_its_data_and_a_frozen_one_does_not_answer(container_engine: None) -> None:
    postgres = PostgresContainer(settings={"work_mem": "5MB"})
    try:
        await postgres.start()
        conn = await asyncpg.connect(postgres.url())
        assert ("5MB", "on") == (await conn.fetchval("SHOW work_mem"), await conn.fetchval("SHOW fsync"))
        await conn.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
        await postgres.pause()
        with pytest.raises(TimeoutError):
            await conn.fetchval("SELECT 1", timeout=0.5)
        await postgres.unpause()
        await postgres.restart(kill=True)
        conn = await asyncpg.connect(postgres.url())
        assert 7 == await conn.fetchval("SELECT n FROM kept")
        await conn.close()
        assert postgres.pss_bytes() > 10_000_000
        await postgres.stop()
        with pytest.raises(CannotStart, match="postgres_not_running"):
            _ = postgres.pid
    finally:
        await postgres.discard()
    assert [] == _left(postgres.volume)


async def test_one_that_cannot_start_says_why_and_leaves_nothing(container_engine: None) -> None:
    postgres = PostgresContainer(settings={"shared_buffers": "no number"})
    try:
        with pytest.raises(CannotStart, match="postgres_ended") as refused:
            await postgres.start()
    finally:
        await postgres.discard()
    assert "shared_buffers" in refused.value.en
    assert [] == _left(postgres.volume)


def test_what_a_killed_owner_leaves_is_swept(container_engine: None) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    volume = owner.stdout.readline().strip()
    sweep()
    assert ["container", "volume"] == _left(volume)  # its owner lives

    owner.send_signal(signal.SIGKILL)
    owner.wait(timeout=20)
    sweep()

    assert [] == _left(volume)


async def _write(bootstrap: str, value: bytes) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    await producer.start()
    await producer.send_and_wait("t", value)
    await producer.stop()


async def _read(bootstrap: str, count: int) -> list[bytes | None]:
    consumer = AIOKafkaConsumer("t", bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        async with asyncio.timeout(20):
            return [(await consumer.getone()).value for _ in range(count)]
    finally:
        await consumer.stop()


def _left(name: str) -> list[str]:
    client = engine().client
    containers = ["container" for one in client.containers.list(all=True) if one.name == name]
    return containers + ["volume" for one in client.volumes.list() if one.name == name]
