"""The embedded broker keeps to itself, tells its starts apart, and carries what our producers write."""

import psutil
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.embedded.broker import Broker


async def test_it_listens_on_loopback_only(broker: Broker) -> None:
    listening = {
        connection.laddr.ip
        for connection in psutil.Process(broker.pid).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }

    assert {"127.0.0.1"} == listening


async def test_each_start_is_another_cluster_with_an_empty_log(broker: Broker) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic("remembered", 1, 1)])
    await admin.close()
    first = broker.cluster_id

    await broker.stop()
    await broker.start()

    assert first != broker.cluster_id
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap)
    await admin.start()
    assert [] == await admin.list_topics()
    assert broker.cluster_id == (await admin.describe_cluster())["cluster_id"]
    await admin.close()


async def test_highwater_is_the_end_of_the_log_and_timestamps_are_kept(broker_with_topics: Broker) -> None:
    tp = TopicPartition("kesu.complaints", 1)
    producer = AIOKafkaProducer(bootstrap_servers=broker_with_topics.bootstrap, acks="all")
    await producer.start()
    batch = producer.create_batch()
    for n in range(5):
        batch.append(timestamp=1_700_000_000_000 + n, key=b"k", value=b"v", headers=[("ce_type", b"t")])
    batch.close()
    await (await producer.send_batch(batch, tp.topic, partition=tp.partition))
    await producer.stop()
    consumer = AIOKafkaConsumer(
        bootstrap_servers=broker_with_topics.bootstrap, group_id=None, auto_offset_reset="earliest"
    )
    await consumer.start()
    consumer.assign([tp])

    records = (await consumer.getmany(tp, timeout_ms=5_000))[tp]

    assert [1_700_000_000_000 + n for n in range(5)] == [record.timestamp for record in records]
    assert 5 == consumer.highwater(tp)
    await consumer.stop()
