"""Everything is read again, from wherever: nothing happens twice; and PostgreSQL alone says where reading goes on."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.containers.stack import ContainerStack
from deploy.embedded.environment import SERVICES
from kesu.verify.run import verify
from shared.clock import SystemClock
from shared.log.ends import log_ends, partitions_of
from shared.log.submissions import SUBMISSIONS_TOPIC
from shared.saved import COMPLAINTS, CONTROL
from tests.e2e.holdings import cells, records
from tests.integration.containers.looking import come_to_rest, committed, positions, submit, until

pytestmark = [pytest.mark.stack, pytest.mark.asyncio(loop_scope="module")]
# Not what happened to a complaint: how far was read, and rows that only exist to be locked.
_OF_THE_READING = (".positions.", "followup.customers_days.")
READS = {
    "intake": (SUBMISSIONS_TOPIC,),
    "routing": (COMPLAINTS, CONTROL),
    "followup": (COMPLAINTS,),
    "reporting": (COMPLAINTS, CONTROL),
}
SUBMISSIONS = 400


async def test_read_again_from_the_start_nothing_happens_twice(centre: ContainerStack) -> None:
    """All services' positions are set back to nothing: every table is as before, and the log tells nothing new."""
    await come_to_rest(centre, written=await submit(centre, SUBMISSIONS, seed=7))
    before, log_before = await _told(centre), await _distinct_on_the_log(centre)
    await _stop_all(centre)
    await _set_back(centre, to=0)

    await centre.start_services()
    await come_to_rest(centre, written=await _ends(centre))

    assert before == await _told(centre)
    assert log_before == await _distinct_on_the_log(centre)
    report = await verify(database_url=centre.database_url(), brokers=centre.brokers, clock=SystemClock())
    assert ((), 0) == (report.findings, report.dead_letters)
    assert report.complaints >= 0.8 * SUBMISSIONS


async def test_committed_offsets_follow_the_positions(centre: ContainerStack) -> None:
    """Monitoring sees in Kafka what each service has in PostgreSQL: as far as there is anything to read."""
    await come_to_rest(centre, written=await submit(centre, 50, seed=8))

    ends = await _ends(centre)
    for service, topics in READS.items():
        expected = {tp: end for tp, end in ends.items() if tp.topic in topics}
        # Both are written with a delay where records were only passed over.
        await until(partial(_is_at, centre, service, expected), f"{service}: positions are at the log's end")
        await until(
            partial(_has_committed, centre, service, expected), f"{service}: committed offsets are the positions"
        )


async def test_what_kafka_says_was_committed_moves_nobody(centre: ContainerStack) -> None:
    """A service that was ended reads on where its data ends, though its group's offsets were put to the end, past work."""
    await come_to_rest(centre)
    await centre.stop_service("reporting")
    before = await positions(centre, "reporting")
    await come_to_rest_without(centre, "reporting", written=await submit(centre, 100, seed=9))
    ends = await _ends(centre)
    await _commit(centre, "kesu-reporting", ends)

    await centre.start_service("reporting")
    await come_to_rest(centre)

    assert sum(before.values()) < sum((await positions(centre, "reporting")).values())
    report = await verify(database_url=centre.database_url(), brokers=centre.brokers, clock=SystemClock())
    assert () == report.findings
    assert report.events == report.archived


async def come_to_rest_without(stack: ContainerStack, service: str, *, written: Mapping[TopicPartition, int]) -> None:
    """The others have read everything."""
    others = [name for name in SERVICES if name not in ("intake", service)]
    await until(lambda: _have_read(stack, "intake", dict(written)), "intake has read the submissions")
    for _ in range(2):  # routing's decisions are read by follow-up, whose plans are read by routing
        for name in others:
            await until(partial(_reads_to_the_end, stack, name), f"{name} has read the log")


async def _reads_to_the_end(stack: ContainerStack, service: str) -> bool:
    ends = {tp: end for tp, end in (await _ends(stack)).items() if tp.topic == COMPLAINTS}
    return await _have_read(stack, service, ends)


async def _have_read(stack: ContainerStack, service: str, ends: Mapping[TopicPartition, int]) -> bool:
    found = await positions(stack, service)
    return all(found.get(tp, 0) >= end for tp, end in ends.items())


async def _has_committed(stack: ContainerStack, service: str, expected: Mapping[TopicPartition, int]) -> bool:
    return await committed(stack, service) == expected


async def _is_at(stack: ContainerStack, service: str, expected: Mapping[TopicPartition, int]) -> bool:
    found = await positions(stack, service)
    return expected == {tp: at for tp, at in found.items() if tp in expected}


async def _told(stack: ContainerStack) -> dict[str, list[bytes]]:
    """All cells of all tables, in an order of their own."""
    found = await cells(stack)
    return {
        name: sorted(cell) for name, cell in found.items() if not any(part in f"{name}." for part in _OF_THE_READING)
    }


async def _distinct_on_the_log(stack: ContainerStack) -> set[bytes]:
    found = await records(stack, [COMPLAINTS, CONTROL])
    return {one.value or b"" for topic in found.values() for one in topic}


async def _ends(stack: ContainerStack) -> dict[TopicPartition, int]:
    topics = [SUBMISSIONS_TOPIC, COMPLAINTS, CONTROL]
    return await log_ends(stack.brokers, await partitions_of(stack.brokers, topics))


async def _stop_all(stack: ContainerStack) -> None:
    for name in SERVICES:
        assert 0 == await stack.stop_service(name)


async def _set_back(stack: ContainerStack, *, to: int) -> None:
    conn: Any = await asyncpg.connect(stack.database_url())
    try:
        for service in SERVICES:
            assert "UPDATE 0" != await conn.execute(f"UPDATE {service}.positions SET next_offset = $1", to)
    finally:
        await conn.close()


async def _commit(stack: ContainerStack, group: str, offsets: Mapping[TopicPartition, int]) -> None:
    """As an operator's tool would, while the group has no member."""
    consumer = AIOKafkaConsumer(bootstrap_servers=stack.bootstrap, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign(list(offsets))
        await consumer.commit(dict(offsets))
    finally:
        await consumer.stop()
