"""What travels between the services on a real Kafka is what the contract says, from the door to the view."""

import json
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

import httpx
import jsonschema
import msgspec
import pytest
from aiokafka import AIOKafkaProducer

from deploy.containers.stack import ContainerStack
from kesu.contract.documents import ASYNCAPI, CONTRACT
from shared.cloudevents.event import CloudEvent
from shared.cloudevents.kafka import decode as cloud_event
from shared.cloudevents.kafka import encode_binary, encode_structured
from shared.events.registry import decode, encode
from shared.log.ends import log_ends, partitions_of
from shared.log.submissions import SUBMISSIONS_TOPIC
from shared.pipeline.records import RawRecord
from shared.saved import COMPLAINTS, CONTROL
from tests.builders import submissions
from tests.e2e.doors import get, post
from tests.e2e.holdings import records
from tests.integration.containers.conftest import PARTITIONS
from tests.integration.containers.looking import come_to_rest, stored_batches, submit

pytestmark = [pytest.mark.stack, pytest.mark.asyncio(loop_scope="module")]
COMPLAINT = "kesu.submission.complaint.v1"
LIFE = ["kesu.complaint.received.v1", "kesu.complaint.routed.v1", "kesu.followup.planned.v1"]


async def test_a_posted_complaint_travels_through_all_four(centre: ContainerStack, http: httpx.AsyncClient) -> None:
    """Each fact in binary mode, under the complaint's key, caused by the one before; the view shows it."""
    answer = await post(http, centre, "/v1/complaints", submissions.complaint(source_id="travels"), key="travels")
    await come_to_rest(centre)

    id_ = answer.json()["complaint_id"]
    found = [one for one in (await records(centre, [COMPLAINTS]))[COMPLAINTS] if one.key == id_.encode()][: len(LIFE)]
    events = [cloud_event(one.headers, one.value) for one in found]
    assert LIFE == [event.type for event in events]
    assert ["/kesu/intake", "/kesu/routing", "/kesu/followup"] == [event.source for event in events]
    assert [(id_, "1.0", "application/json")] * 3 == [
        (event.partitionkey, dict(one.headers)["ce_specversion"].decode(), event.datacontenttype)
        for event, one in zip(events, found, strict=True)
    ]
    facts: list[Any] = [decode(one.value or b"") for one in found]
    assert [event.id for event in events] == [fact.id for fact in facts]
    assert [facts[0].id, facts[1].id] == [fact.causation_id for fact in facts[1:]]
    detail = await get(http, centre, f"/v1/complaints/{id_}")
    assert ("travels", "open") == (detail["complaint"]["source_id"], detail["complaint"]["status"])


async def test_both_modes_of_cloudevents_are_taken(centre: ContainerStack) -> None:
    """Another program's producer, with its own partitioner, sends each twice: they are two complaints, each one fact.

    That fact may be on the log twice, the same to the byte: what a duplicate finds stored is published again.
    """
    producer = AIOKafkaProducer(bootstrap_servers=centre.bootstrap)
    await producer.start()
    try:
        for mode, encoded in (("binary", encode_binary), ("structured", encode_structured)):
            data = msgspec.json.encode(submissions.complaint(source_id=mode))
            event = CloudEvent(id=f"e-{mode}", source="/crm", type=COMPLAINT, time=datetime.now(UTC), data=data)
            headers, value = encoded(event)
            for _ in range(2):
                await producer.send_and_wait(SUBMISSIONS_TOPIC, value, headers=headers)
    finally:
        await producer.stop()
    await come_to_rest(centre, written=await _ends_of_submissions(centre))

    values = {one.value or b"" for one in (await records(centre, [COMPLAINTS]))[COMPLAINTS]}
    received = [fact for fact in map(json.loads, values) if fact["type"] == LIFE[0]]
    assert ["binary", "structured"] == sorted(
        one["source_id"] for one in received if one["source_id"] in ("binary", "structured")
    )


async def test_the_log_is_what_the_published_document_says(centre: ContainerStack) -> None:
    """Of a few hundred complaints: every value by its schema, every partition by CRC-32, every batch idempotent."""
    await come_to_rest(centre, written=await submit(centre, 300, seed=5))

    found = await records(centre, [COMPLAINTS, CONTROL])
    document = json.loads((CONTRACT / ASYNCAPI).read_text())
    assert len(found[COMPLAINTS]) >= 800
    assert [] == [wrong for one in found[COMPLAINTS] + found[CONTROL] for wrong in _violations(one, document)]
    key = {one.key: one.partition for one in found[COMPLAINTS] if one.key}
    assert [] == [id_ for id_, partition in key.items() if crc32(id_) % PARTITIONS != partition]
    assert set(range(PARTITIONS)) == set(key.values())
    assert [] == [one.offset for one in found[COMPLAINTS] if encode(decode(one.value or b"")) != one.value]


async def test_every_producer_is_idempotent(centre: ContainerStack) -> None:
    """By the broker's own files: each batch has a producer's id, and per producer no sequence number is missing."""
    await come_to_rest(centre, written=await submit(centre, 100, seed=6))

    for partition in range(PARTITIONS):
        next_of: defaultdict[int, int] = defaultdict(int)
        batches = await stored_batches(centre, partition)
        assert batches
        for batch in batches:
            assert batch.producer_id >= 0
            assert next_of[batch.producer_id] == batch.first_sequence
            next_of[batch.producer_id] += batch.records
        assert len(next_of) == 3  # intake, routing, follow-up


def _violations(record: RawRecord, document: dict[str, Any]) -> list[str]:
    event = cloud_event(record.headers, record.value)
    message = document["components"]["messages"][event.type]
    schema = message["payload"] | {"components": document["components"]}
    headers = {name: value.decode() for name, value in record.headers}
    wrong = [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(json.loads(record.value or b""))]
    return wrong + [error.message for error in jsonschema.Draft7Validator(message["headers"]).iter_errors(headers)]


async def _ends_of_submissions(stack: ContainerStack) -> dict[Any, int]:
    return await log_ends(stack.brokers, await partitions_of(stack.brokers, [SUBMISSIONS_TOPIC]))
