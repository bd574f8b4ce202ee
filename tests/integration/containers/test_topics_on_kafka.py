"""The same topics on Apache Kafka itself: made with their settings, compared, never repartitioned."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from deploy.containers.kafka import KafkaContainer
from deploy.topics import WrongPartitions, ensure_topics
from shared.errors import NotNow
from shared.log.access import Brokers


@pytest_asyncio.fixture(loop_scope="function")
async def kafka(container_engine: None) -> AsyncIterator[Brokers]:
    """Where a Kafka without topics listens."""
    node = KafkaContainer()
    try:
        await node.start()
        yield node.brokers
    finally:
        await node.discard()


async def _settings_of(brokers: Brokers, topic: str) -> dict[str, str]:
    admin = AIOKafkaAdminClient(**brokers.options())
    await admin.start()
    [answer] = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    await admin.close()
    return {entry[0]: entry[1] for entry in answer.resources[0][4]}


async def test_topics_on_kafka(kafka: Brokers) -> None:
    with pytest.raises(NotNow):  # one node cannot hold three copies, and nothing half-made is called done
        await ensure_topics(kafka, partitions=3, replication=3, min_insync=2)

    made = await ensure_topics(kafka, partitions=3)
    kept = await ensure_topics(kafka, partitions=3)

    assert {"made"} == {one.did for one in made}
    assert {"kept"} == {one.did for one in kept}
    assert [{}] * len(made) == [one.differing for one in kept]
    log = await _settings_of(kafka, "kesu.complaints")
    assert ("-1", "delete", "CreateTime") == (
        log["retention.ms"],
        log["cleanup.policy"],
        log["message.timestamp.type"],
    )
    with pytest.raises(WrongPartitions):
        await ensure_topics(kafka, partitions=6)
    stricter = await ensure_topics(kafka, partitions=3, min_insync=2)
    assert [{"min.insync.replicas": "1"}] * len(made) == [one.differing for one in stricter]
