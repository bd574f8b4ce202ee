"""No hole in the log goes unseen: what a broker withholds is asked for again, and what it never gives is recorded."""

import asyncio

from shared.log.partitions import partition_of
from shared.log.producer import LogProducer
from shared.pipeline.records import Outgoing
from shared.saved import COMPLAINTS
from tests.component.pipeline import stand
from tests.component.pipeline.conftest import Between, Ground
from tests.component.pipeline.echo import EchoHandler, create

PRODUCERS, EACH = 6, 700


async def test_a_batch_withheld_from_a_live_reader_is_found_again(between: Between) -> None:
    """The stand-in leaves a batch in the middle out of the first three fetches; all is handled, in order, no letter."""
    await stand.make_schema(between.url, "echo")
    tries: dict[tuple[str, int, int], int] = {}

    def in_the_middle(topic: str, partition: int, base: int) -> bool:
        if topic != COMPLAINTS or base == 0:
            return False
        tries[topic, partition, base] = tries.get((topic, partition, base), 0) + 1
        return tries[topic, partition, base] <= 3

    between.proxy.withhold = in_the_middle
    handler = EchoHandler("echo")
    async with stand.writing(between.bootstrap) as producer:
        for first in range(0, 100, 20):
            await producer.publish(stand.complaints(20, first=first))
    async with stand.running(create("echo", stand.settings(between.bootstrap, between.url), handler=handler)):
        await stand.until(lambda: len(handler.handled) >= 100, "all are handled")
    assert between.proxy.withheld >= 3
    assert handler.handled == [*dict.fromkeys(handler.handled)], "handled twice"
    assert _by_partition(handler.handled) == _by_partition([event.id for event in stand.complaints(100)])
    between.proxy.withhold = lambda topic, partition, base: False
    assert await stand.letters_of(between.bootstrap) == []


async def test_a_hole_that_stays_is_recorded_and_passed(between: Between) -> None:
    """A batch that never comes: after the bounded number of tries one dead letter says so, and reading goes on."""
    await stand.make_schema(between.url, "echo")
    handler = EchoHandler("echo")
    async with stand.writing(between.bootstrap) as producer:
        for first in range(0, 60, 20):
            await producer.publish(stand.complaints(20, first=first))
    middle = [event for event in stand.complaints(20, first=20) if partition_of(event.key, 2) == 0]
    hole = len([event for event in stand.complaints(20) if partition_of(event.key, 2) == 0])
    between.proxy.withhold = lambda topic, partition, base: (topic, partition, base) == (COMPLAINTS, 0, hole)
    service = create("echo", stand.settings(between.bootstrap, between.url, gap_tries_max=4), handler=handler)
    async with stand.running(service):
        await stand.until(lambda: len(handler.handled) >= 60 - len(middle), "the rest is handled")
        await stand.until(lambda: service.pipeline.dead, "the hole is recorded")
        assert service.is_ready()
    between.proxy.withhold = lambda topic, partition, base: False
    (letter,) = await stand.letters_of(between.bootstrap)
    assert (letter.code, letter.consumer, letter.topic, letter.partition) == ("hole_in_the_log", "echo", COMPLAINTS, 0)
    assert (letter.offset, letter.hole_last) == (hole, hole + len(middle) - 1)
    assert set(handler.handled).isdisjoint(event.id for event in middle)


async def test_the_embedded_broker_loses_nothing_under_many_producers(ground: Ground) -> None:
    """Some thousand batches by several producers at once, while the reader reads: every record is handled once."""
    await stand.make_schema(ground.url, "echo")
    handler = EchoHandler("echo")
    settings = stand.settings(ground.bootstrap, ground.url, batch_records_max=500, fetch_wait_ms_max=20)
    async with stand.running(create("echo", settings, handler=handler)):
        await asyncio.gather(*(_produce(ground.bootstrap, number * EACH) for number in range(PRODUCERS)))
        await stand.until(lambda: len(handler.handled) >= PRODUCERS * EACH, "all are handled")
    assert sorted(handler.handled) == sorted(event.id for event in stand.complaints(PRODUCERS * EACH))
    assert await stand.letters_of(ground.bootstrap) == []


async def _produce(bootstrap: str, first: int) -> None:
    """One batch per record, eight under way at a time."""
    turn = asyncio.Semaphore(8)

    async def one(event: Outgoing, producer: LogProducer) -> None:
        async with turn:
            await producer.publish([event])

    async with stand.writing(bootstrap) as producer:
        await asyncio.gather(*(one(event, producer) for event in stand.complaints(EACH, first=first)))


def _by_partition(ids: list[str]) -> list[list[str]]:
    key = {event.id: event.key for event in stand.complaints(100)}
    return [[id_ for id_ in ids if partition_of(key[id_], 2) == partition] for partition in (0, 1)]
