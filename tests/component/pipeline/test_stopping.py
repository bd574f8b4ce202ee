"""What stops a service: it ends with status 1, says why in two languages, and its position has not moved."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from aiokafka import TopicPartition

from shared.errors import Stopped
from shared.log.ends import cluster_id
from shared.log.headers import event_headers
from shared.pipeline.positions import Positions
from shared.pipeline.records import Outgoing
from shared.runtime.service import Service
from shared.saved import COMPLAINTS
from tests.component.pipeline import stand
from tests.component.pipeline.conftest import Ground
from tests.component.pipeline.echo import RECEIVED, EchoHandler, create

GOOD = 10


async def ended(service: Service) -> tuple[int, BaseException | None]:
    """The exit status and what failed; every test here bounds the wait."""
    status = await asyncio.wait_for(service.run(), stand.WAIT_S_MAX)
    return status, service._failure


def said_in_both(failure: BaseException | None, code: str) -> None:
    """`failure` stops with `code`, explained in Chinese and in English."""
    assert isinstance(failure, Stopped), repr(failure)
    assert failure.code == code
    assert any("\u4e00" <= char <= "\u9fff" for char in failure.zh)
    assert failure.en.isascii()
    assert failure.en != ""


async def positions(url: str, name: str) -> dict[int, int]:
    """Partition → next offset, as the service's own schema has it, where anything was read."""
    conn = await asyncpg.connect(url)
    rows = await conn.fetch(f"SELECT partition, next_offset FROM {name}.positions WHERE next_offset > 0")
    await conn.close()
    return {row[0]: row[1] for row in rows}


async def test_a_newer_version_of_a_known_type(ground: Ground) -> None:
    """Nothing of it is discarded: the service stops before it, whoever restarts it."""
    await stand.make_schema(ground.url, "echo")
    newer = RECEIVED.replace(".v1", ".v2")
    value = stand.complaints(1)[0].value.replace(RECEIVED.encode(), newer.encode())
    headers = tuple(event_headers(type_=newer, id_="n", source=b"/test", key=""))
    async with stand.writing(ground.bootstrap) as producer:
        await producer.publish([Outgoing(COMPLAINTS, "", "n", newer, value, headers)])
        for _ in range(2):
            status, failure = await ended(create("echo", stand.settings(ground.bootstrap, ground.url)))
            assert status == 1
            said_in_both(failure, "newer_event_version")
            assert newer in str(failure)
            assert await positions(ground.url, "echo") == {}
    assert await stand.letters_of(ground.bootstrap) == []


async def test_an_unknown_type_is_passed_over(ground: Ground) -> None:
    """A fact that a later release adds is no business of this one; the position moves past it."""
    await stand.make_schema(ground.url, "echo")
    headers = tuple(event_headers(type_="kesu.weather.changed.v1", id_="w", source=b"/test", key=""))
    async with stand.writing(ground.bootstrap) as producer:
        await producer.publish(
            [Outgoing(COMPLAINTS, "", "w", "kesu.weather.changed.v1", b"{}", headers), *stand.complaints(GOOD)]
        )
    handler = EchoHandler("echo")
    service = create("echo", stand.settings(ground.bootstrap, ground.url), handler=handler)
    async with stand.running(service):
        await stand.until(lambda: len(handler.handled) == GOOD, "the known ones are handled")
        await stand.until(
            lambda: sum(service.reader.next.values()) == 1 + 2 * GOOD, "the unknown one and own ones are passed"
        )


async def test_an_unknown_failure_and_too_many_letters(ground: Ground, capsys: pytest.CaptureFixture[str]) -> None:
    """A failure of neither kind, and a ceiling reached: both stop, neither moves, and the log line quotes no value."""
    await stand.make_schema(ground.url, "puzzled", "flooded")
    events = stand.complaints(GOOD)
    async with stand.writing(ground.bootstrap) as producer:
        await producer.publish(events)
    puzzled, flooded = EchoHandler("puzzled"), EchoHandler("flooded")
    puzzled.failure = KeyError("13800138000")
    flooded.impossible = frozenset(event.id for event in events)
    settings: dict[str, Any] = {"dead_letters_in_a_row_max": GOOD - 2}
    made = [
        create(h.name, stand.settings(ground.bootstrap, ground.url, **settings), handler=h) for h in (puzzled, flooded)
    ]
    (first, failure), (second, ceiling) = await asyncio.gather(*map(ended, made))
    assert (first, failure) == (1, puzzled.failure)
    assert second == 1
    said_in_both(ceiling, "dead_letter_ceiling")
    assert await positions(ground.url, "puzzled") == {}
    assert await positions(ground.url, "flooded") == {}
    assert await stand.letters_of(ground.bootstrap) == [], "none is written for a batch that is not settled"
    assert "13800138000" not in capsys.readouterr().out


async def test_a_position_beyond_the_end_of_the_log(ground: Ground) -> None:
    """The database is newer than the log (restored the wrong way round): nothing is read, nothing is guessed."""
    await stand.make_schema(ground.url, "echo")
    cluster = await cluster_id(ground.brokers)
    conn = await asyncpg.connect(ground.url)
    await Positions(schema="echo", cluster=cluster).move(conn, {TopicPartition(COMPLAINTS, 1): 7}, datetime.now(UTC))
    await conn.close()
    status, failure = await ended(create("echo", stand.settings(ground.bootstrap, ground.url)))
    assert status == 1
    said_in_both(failure, "position_beyond_the_log")
    assert await positions(ground.url, "echo") == {1: 7}


async def test_positions_of_another_cluster_do_not_count(ground: Ground) -> None:
    """A new log under an old database: read from its beginning."""
    await stand.make_schema(ground.url, "echo")
    conn = await asyncpg.connect(ground.url)
    await Positions(schema="echo", cluster="another").move(conn, {TopicPartition(COMPLAINTS, 1): 7}, datetime.now(UTC))
    await conn.close()
    async with stand.writing(ground.bootstrap) as producer:
        await producer.publish(stand.complaints(GOOD))
    handler = EchoHandler("echo")
    async with stand.running(create("echo", stand.settings(ground.bootstrap, ground.url), handler=handler)):
        await stand.until(lambda: len(handler.handled) == GOOD, "all are handled")


async def test_a_taken_http_port_is_said(ground: Ground) -> None:
    """The service does not run half: it stops and says which address it wanted."""
    await stand.make_schema(ground.url, "echo")
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        status, failure = await ended(create("echo", stand.settings(ground.bootstrap, ground.url, http_port=port)))
    assert status == 1
    said_in_both(failure, "http_not_started")
    assert str(port) in json.dumps(str(failure))
