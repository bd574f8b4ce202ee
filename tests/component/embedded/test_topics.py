"""Topics are made once, and a partition count is never changed."""

import pytest

from deploy.embedded.broker import Broker
from deploy.topics import WrongPartitions, ensure_topics
from shared.errors import NotNow


async def test_missing_topics_are_made_and_kept_the_second_time(broker: Broker) -> None:
    first = await ensure_topics(broker.brokers, partitions=3)
    second = await ensure_topics(broker.brokers, partitions=3)

    expected = {
        "kesu.submissions": 3, "kesu.complaints": 3, "kesu.control": 1, "kesu.dead-letters": 1, "kesu.watermarks": 1,
        "kesu.customer-keys": 1,
    }  # fmt: skip
    assert expected == {one.topic: one.partitions for one in first}
    assert {"made"} == {one.did for one in first}
    assert expected == {one.topic: one.partitions for one in second}
    assert {"kept"} == {one.did for one in second}
    assert [{}] * 6 == [one.differing for one in second]


async def test_another_partition_count_is_refused(broker: Broker) -> None:
    await ensure_topics(broker.brokers, partitions=2)

    with pytest.raises(WrongPartitions, match="2 partitions, 4 are asked"):
        await ensure_topics(broker.brokers, partitions=4)


async def test_a_setting_that_differs_is_told_not_changed(broker: Broker) -> None:
    await ensure_topics(broker.brokers, partitions=1, submissions_days=7)

    outcomes = await ensure_topics(broker.brokers, partitions=1, submissions_days=8)

    week = {"retention.ms": "604800000"}
    assert {"kesu.submissions": week, "kesu.customer-keys": week} == {
        one.topic: dict(one.differing) for one in outcomes if one.differing
    }


async def test_no_broker_is_not_now(broker: Broker) -> None:
    await broker.stop()

    with pytest.raises(NotNow):
        await ensure_topics(broker.brokers, partitions=1)
