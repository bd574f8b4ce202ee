"""The same submission is one complaint, however often, however parallel, by whatever door."""

import asyncio

from services.intake.model import Batch
from shared.events.intake import ComplaintReceived
from shared.events.registry import decode
from tests.builders import submissions as s
from tests.component.intake.desk import Desk, on_the_log, statuses, types


async def test_a_complaint_becomes_one_sealed_event(desk: Desk) -> None:
    batch = await desk.submit(s.complaint())

    assert ["accepted"] == statuses(batch)
    event = decode(batch.outgoing[0].value)
    assert isinstance(event, ComplaintReceived)
    assert ("kesu.complaints", event.complaint_id) == (batch.outgoing[0].topic, batch.outgoing[0].key)
    assert event.sealed is not None


async def test_sent_again_it_is_a_duplicate_with_the_same_bytes(desk: Desk) -> None:
    first = await desk.submit(s.complaint())
    again = await desk.submit(s.complaint())

    assert ["duplicate"] == statuses(again)
    assert on_the_log(first.outgoing) == on_the_log(again.outgoing)
    assert ["ComplaintReceived"] == types(await desk.events())


async def test_twice_in_one_batch_counts_once(desk: Desk) -> None:
    batch = await desk.submit(s.complaint(), s.complaint(), s.complaint(source_id="n2"))

    assert ["accepted", "duplicate", "accepted"] == statuses(batch)
    assert 2 == len(batch.outgoing)


async def test_parallel_batches_agree(desk: Desk) -> None:
    numbers = [f"n{n}" for n in range(20)]

    async def send(order: list[str]) -> Batch:
        return await desk.submit(*(s.complaint(source_id=number) for number in order))

    batches = await asyncio.gather(*(send(numbers if n % 2 else numbers[::-1]) for n in range(6)))

    assert 20 == len(await desk.events())
    assert 20 == sum(statuses(batch).count("accepted") for batch in batches)
    values = [{one.id: one.value for one in batch.outgoing} for batch in batches]
    assert all(value == values[0] for value in values)


async def test_other_content_under_the_same_id_is_a_warning_and_the_first_stays(desk: Desk) -> None:
    first = await desk.submit(s.complaint())
    other = await desk.submit(s.complaint(text="完全不同的内容"))

    assert ["duplicate"] == statuses(other)
    assert ("submission_differs",) == other.answers[0].warnings
    assert on_the_log(first.outgoing) == on_the_log(other.outgoing)


async def test_in_one_batch_too_other_content_is_a_warning(desk: Desk) -> None:
    batch = await desk.submit(s.complaint(), s.complaint(text="完全不同的内容"))

    assert ["accepted", "duplicate"] == statuses(batch)
    assert ("submission_differs",) == batch.answers[1].warnings


async def test_a_fact_cannot_take_the_id_of_a_complaint(desk: Desk) -> None:
    await desk.submit(s.complaint())
    batch = await desk.submit(s.contact(source_id="n1"))

    assert [("refused", "source_id_taken")] == [(a.status, a.code) for a in batch.answers]
    assert ["ComplaintReceived"] == types(await desk.events())


async def test_tenants_do_not_meet(desk: Desk) -> None:
    batch = await desk.submit(s.complaint(), s.complaint(tenant="other"))

    assert ["accepted", "accepted"] == statuses(batch)
    received = [decode(one.value) for one in batch.outgoing]
    assert 2 == len({event.complaint_id for event in received if isinstance(event, ComplaintReceived)})
    assert 2 == len({event.customer_id for event in received if isinstance(event, ComplaintReceived)})


async def test_after_a_crash_between_commit_and_publish_all_comes_back_in_order(desk: Desk) -> None:
    """The batch is read again: everything is a duplicate, and still has to be on the log, complaint first."""
    sent = [s.contact(), s.complaint(), s.survey(source_id="f2")]
    first = await desk.submit(*sent)
    again = await desk.submit(*sent)

    assert ["duplicate"] * 3 == statuses(again)
    assert [one.id for one in first.outgoing] == [one.id for one in again.outgoing]
    assert "kesu.complaint.received.v1" == again.outgoing[0].type
