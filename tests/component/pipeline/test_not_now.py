"""A part that is away for a while: order kept, nothing lost or doubled, the place in the group kept."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest_asyncio

from deploy.embedded.broker import Broker
from deploy.embedded.postgres import PostgresServer
from deploy.embedded.run_dir import RunDir
from shared.log.partitions import partition_of
from shared.runtime.service import Service
from tests.component.pipeline import stand
from tests.component.pipeline.conftest import Between
from tests.component.pipeline.echo import EchoHandler, create
from tests.component.pipeline.proxy import HEARTBEAT

HALF = 300
AWAY_S = 3.5  # longer than several retries, and than the session


@pytest_asyncio.fixture(loop_scope="function")
async def own_server(run_dir: RunDir) -> AsyncIterator[PostgresServer]:
    """A server that this test may kill."""
    home = run_dir.path / "to-be-killed"
    home.mkdir(mode=0o711)
    server = PostgresServer(home, log_file=run_dir.log_file("to-be-killed"), fsync=False, shared_buffers_mb=16)
    await server.start()
    yield server
    await server.stop()


def membership(service: Service) -> tuple[int, str]:
    """Generation and member id: another one means that the service left its group, or was thrown out."""
    consumer = service.reader._subscription.consumer
    assert consumer is not None
    return consumer._coordinator.generation, consumer._coordinator.member_id


def in_order(handled: list[str]) -> bool:
    """Whether each partition's complaints were handled in the order of the log (again from where it stood, at most)."""
    events = stand.complaints(2 * HALF)
    partition = {event.id: partition_of(event.key, 2) for event in events}
    first = list(dict.fromkeys(handled))
    return all(
        [id_ for id_ in first if partition[id_] == p] == [event.id for event in events if partition[event.id] == p]
        for p in (0, 1)
    )


async def test_the_database_is_killed_and_comes_back(broker_with_topics: Broker, own_server: PostgresServer) -> None:
    """SIGKILL to PostgreSQL under a busy reader, away for several retries: it goes on where it stood, in the same group."""
    bootstrap, url = broker_with_topics.bootstrap, own_server.url()
    await stand.make_schema(url, "echo")
    handler = EchoHandler("echo")
    service = create("echo", stand.settings(bootstrap, url, batch_records_max=20), handler=handler)
    async with stand.writing(bootstrap) as producer, stand.running(service):
        before = membership(service)
        await producer.publish(stand.complaints(HALF))
        await stand.until(lambda: len(handler.handled) > 40, "it is busy")
        await own_server.kill()
        await producer.publish(stand.complaints(HALF, first=HALF))
        await stand.until(lambda: not service.is_ready(), "it says that it waits")
        await asyncio.sleep(AWAY_S)
        await own_server.start()
        await stand.until(lambda: len(set(handler.handled)) == 2 * HALF and service.is_ready(), "all are handled")
        assert membership(service) == before
    assert in_order(handler.handled)
    assert (await stand.effects(bootstrap, url, "echo")).faults(stand.expected_ids("echo", 2 * HALF)) == set()
    assert await stand.letters_of(bootstrap) == []


async def test_the_broker_is_cut_off_and_comes_back(between: Between) -> None:
    """Every connection to the broker cut, none taken for a while: it goes on where it stood."""
    await stand.make_schema(between.url, "echo")
    handler = EchoHandler("echo")
    settings = stand.settings(between.bootstrap, between.url, batch_records_max=20, produce_timeout_s=2)
    service = create("echo", settings, handler=handler)
    async with stand.writing(between.bootstrap) as producer:
        await producer.publish(stand.complaints(2 * HALF))
    async with stand.running(service):
        await stand.until(lambda: len(handler.handled) > 40, "it is busy")
        await between.proxy.cut()
        await asyncio.sleep(AWAY_S)
        await between.proxy.open()
        await stand.until(lambda: len(set(handler.handled)) == 2 * HALF and service.is_ready(), "all are handled")
    assert in_order(handler.handled)
    faults = (await stand.effects(between.bootstrap, between.url, "echo")).faults(stand.expected_ids("echo", 2 * HALF))
    assert faults == set()


async def test_taking_up_may_last_longer_than_the_session(between: Between) -> None:
    """Adopting a long log: heartbeats go on meanwhile, so that no broker throws the service out and makes it begin anew."""
    await stand.make_schema(between.url, "echo")
    await one_run(between, EchoHandler("echo"))
    conn = await asyncpg.connect(between.url)
    await conn.execute("TRUNCATE echo.events, echo.positions")
    await conn.close()
    slow, heartbeats = EchoHandler("echo"), between.proxy.requests
    meanwhile: list[int] = []

    async def longer_than_the_session() -> None:
        before = heartbeats[HEARTBEAT]
        await asyncio.sleep(AWAY_S / 2)
        meanwhile.append(heartbeats[HEARTBEAT] - before)

    slow.before_adopting = longer_than_the_session
    await one_run(between, slow)
    assert len(meanwhile) == 2, "each partition was adopted once"
    assert min(meanwhile) >= 1


async def one_run(at: Between, handler: EchoHandler) -> None:
    """The service from its start until all of the log is handled."""
    service = create("echo", stand.settings(at.bootstrap, at.url), handler=handler)
    async with stand.writing(at.bootstrap) as producer, stand.running(service):
        await producer.publish(stand.complaints(40))
        await stand.until(lambda: len(set(handler.handled)) == 40 and service.is_ready(), "all are handled")
