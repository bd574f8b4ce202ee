"""Facts of an unknown complaint wait, come in order when it is there, and end in the dead letters after a day."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from services.intake.acceptance import Acceptance
from services.intake.sweep import Sweep
from shared.events.envelope import ComplaintFact
from shared.events.submissions import Reference
from shared.pipeline.dead_letters import open_letter, read_letter
from shared.pipeline.records import Outgoing
from shared.vault import Vault
from tests.builders import submissions as s
from tests.builders.common import T0
from tests.component.intake.desk import Desk, FixedClock, on_the_log, statuses, types
from tests.unit.intake.parts import arrival


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def published() -> list[Outgoing]:
    return []


@pytest.fixture
def sweep(desk: Desk, acceptance: Acceptance, vault: Vault, clock: FixedClock, published: list[Outgoing]) -> Sweep:
    async def publish(events: Sequence[Outgoing]) -> None:
        published.extend(events)

    async def no_keys() -> Sequence[Outgoing]:
        return ()

    return Sweep(
        pool=lambda: desk.pool,
        publish=publish,
        keys_of_pending=no_keys,
        acceptance=acceptance,
        vault=vault,
        clock=clock,
        every_s=0,
        remember_answers=timedelta(days=7),
    )


async def test_facts_wait_and_come_in_their_order_after_the_complaint(desk: Desk) -> None:
    waiting = await desk.submit(s.contact(source_id="f1"), s.survey(source_id="f2"))
    assert (["waiting", "waiting"], []) == (statuses(waiting), waiting.outgoing)

    batch = await desk.submit(s.withdrawal(source_id="f3"), s.complaint())

    assert ["accepted", "accepted"] == statuses(batch)
    expected = ["complaint.received", "contact.recorded", "survey.answered", "complaint.withdrawn"]
    assert [f"kesu.{name}.v1" for name in expected] == [one.type for one in batch.outgoing]
    customers = {event.customer_id for event in await desk.events() if isinstance(event, ComplaintFact)}
    assert 1 == len(customers) and "" not in customers


async def test_what_waited_is_published_even_if_its_batch_never_comes_back(
    desk: Desk, sweep: Sweep, published: list[Outgoing]
) -> None:
    """Committed, then killed before publishing: nothing in the batch that is read again brings the fact back."""
    await desk.submit(s.contact())
    lost = await desk.submit(s.complaint())
    again = await desk.submit(s.complaint())
    assert ["kesu.complaint.received.v1"] == [one.type for one in again.outgoing]

    await sweep.tick()
    assert [] == published  # whoever saved it may still be about to publish it
    await sweep.tick()
    assert on_the_log([lost.outgoing[1]]) == on_the_log(published)
    await sweep.tick()
    assert 1 == len(published)


async def test_a_fact_that_came_in_parallel_with_its_complaint_is_found(
    desk: Desk, sweep: Sweep, published: list[Outgoing]
) -> None:
    fact, complaint = (desk.drafting.draft(arrival(one)) for one in (s.contact(), s.complaint()))
    async with desk.pool.acquire() as one, desk.pool.acquire() as other, one.transaction(), other.transaction():
        await desk.acceptance.accept(one, [fact], now=T0)
        await desk.acceptance.accept(other, [complaint], now=T0)
    assert ["ComplaintReceived"] == types(await desk.events())

    await sweep.tick()

    assert ["kesu.contact.recorded.v1"] == [one.type for one in published]
    assert ["ComplaintReceived", "ContactRecorded"] == types(await desk.events())


async def test_after_a_day_it_is_a_dead_letter_with_its_content(
    desk: Desk, sweep: Sweep, clock: FixedClock, published: list[Outgoing], vault: Vault
) -> None:
    await desk.submit(s.contact(note="夫人名叫王芳"))
    assert T0 + timedelta(days=1) == await sweep.next_due()

    clock.at = T0 + timedelta(days=1, microseconds=-1)
    await sweep.tick()
    assert [] == published

    clock.at = T0 + timedelta(days=1)  # a clock that jumps to what is due next stands just there
    await sweep.tick()
    letter = read_letter(published[0].value)
    assert ("complaint_unknown", "intake") == (letter.code, letter.consumer)
    assert "王芳".encode() not in published[0].value
    content = open_letter(letter, vault)
    assert content is not None and content.value is not None and "王芳".encode() in content.value
    assert await sweep.next_due() is None


async def test_a_fact_of_another_tenants_complaint_waits(desk: Desk) -> None:
    batch = await desk.submit(s.complaint())
    about = Reference(complaint_id=batch.answers[0].complaint_id)

    other = await desk.submit(s.contact(tenant="other", about=about))

    assert ["waiting"] == statuses(other)


async def test_a_link_waits_for_the_other_complaint_too(desk: Desk) -> None:
    first = await desk.submit(s.complaint(), s.link())
    assert ["accepted", "waiting"] == statuses(first)

    second = await desk.submit(s.complaint(source_id="n2"))

    assert "kesu.complaints.linked.v1" == second.outgoing[-1].type
