"""Events on a real broker: each in its key's partition, in the order given, whatever the size of the batch."""

from datetime import UTC, datetime

import pytest
from aiokafka import TopicPartition

from deploy.embedded.broker import Broker
from shared.clock import SystemClock
from shared.errors import NotNow
from shared.ids import derive
from shared.log.access import Brokers
from shared.log.headers import header
from shared.log.partitions import partition_of
from shared.log.producer import LogProducer
from shared.pipeline.records import Outgoing
from shared.saved import COMPLAINTS
from tests.component.pipeline.stand import log_of, writing


def events(count: int, *, keys: int = 7, size: int = 20) -> list[Outgoing]:
    """Events of several complaints, one after the other."""
    return [
        Outgoing(COMPLAINTS, derive("complaint", str(n % keys)), f"id-{n}", "t.v1", f"{n:06}".encode() + b"x" * size)
        for n in range(count)
    ]


async def test_each_is_in_its_partition_and_in_order(broker_with_topics: Broker) -> None:
    """Also when one partition needs several batches; the ends are what the broker says."""
    sent = events(300, size=10_000)
    async with writing(broker_with_topics.bootstrap) as producer:
        await producer.publish(sent)
        ends = dict(producer.ends)
    log = await log_of(broker_with_topics.bootstrap, COMPLAINTS)
    for tp, raws in log.items():
        wanted = [event for event in sent if partition_of(event.key, 2) == tp.partition]
        assert [raw.value for raw in raws] == [event.value for event in wanted]
        assert [raw.key for raw in raws] == [event.key.encode() for event in wanted]
        assert [header(raw.headers, "ce_id") for raw in raws] == [event.id for event in wanted]
        assert ends[tp] == len(wanted) == raws[-1].offset + 1
    assert len(log) == 2


async def test_headers_and_time_given_are_kept(broker_with_topics: Broker) -> None:
    """Those of a record that is driven again, or of a submission with a time of its own."""
    at_ms = int(datetime(2026, 3, 2, tzinfo=UTC).timestamp() * 1000)
    given = Outgoing(COMPLAINTS, "", "i", "t", b"v", (("a", b"\xff"), ("a", b"2")), at_ms)
    async with writing(broker_with_topics.bootstrap) as producer:
        await producer.publish([given])
    (raw,) = [raw for raws in (await log_of(broker_with_topics.bootstrap, COMPLAINTS)).values() for raw in raws]
    assert (raw.headers, raw.timestamp_ms, raw.key) == (given.headers, at_ms, None)


async def test_without_a_broker_it_is_not_now(broker_with_topics: Broker) -> None:
    """At the start, and in the middle; the same events are published when it is back (here: never)."""
    away = LogProducer(brokers=Brokers(bootstrap="127.0.0.1:1"), source="/t", clock=SystemClock(), idempotent=False)
    with pytest.raises(NotNow):
        await away.start()
    with pytest.raises(NotNow):
        await away.publish(events(1))
    producer = LogProducer(
        brokers=broker_with_topics.brokers, source="/t", clock=SystemClock(), idempotent=False, timeout_s=1
    )
    await producer.start()
    await producer.publish(events(1))
    await broker_with_topics.stop()
    with pytest.raises(NotNow):
        await producer.publish(events(1))
    assert producer.ends[TopicPartition(COMPLAINTS, partition_of(events(1)[0].key, 2))] == 1
    await producer.stop()
