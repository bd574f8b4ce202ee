"""A batch of the log becomes ledgers and events, once, however often and in whatever cuts it comes."""

from datetime import timedelta

import pytest

from shared.events.followup import ComplaintClosed, FollowupPlanned, PromiseKept
from tests.builders.common import T0
from tests.component.followup.service import Followup, contact, delivered, kinds, records, routed


async def test_a_batch_becomes_plans_and_rows(followup: Followup) -> None:
    events = await followup.handle(*[routed(n) for n in range(50)])
    assert ["FollowupPlanned"] * 50 == kinds(events)
    assert 100 == (await followup.rows("SELECT count(*) FROM followup.promises WHERE state = 'open'"))[0][0]
    assert 50 == (await followup.rows("SELECT count(*) FROM followup.callbacks WHERE purpose = 'first_response'"))[0][0]


async def test_facts_of_one_batch_build_on_each_other_in_order(followup: Followup) -> None:
    events = await followup.handle(routed(), contact(), delivered())
    assert ["FollowupPlanned", "CallbackSettled", "PromiseKept", "ComplaintClosed"] == kinds(events)
    assert [("closed",)] == [tuple(r) for r in await followup.rows("SELECT status FROM followup.complaints")]


@pytest.mark.parametrize("cut", [1, 2])
async def test_batches_cut_anywhere_give_the_same_events(followup: Followup, cut: int) -> None:
    log = [routed(), contact(), delivered()]
    cut_events = [*await followup.handle(*log[:cut]), *await followup.handle(*log[cut:])]
    assert [event.id for event in cut_events] == [e.id for e in await followup.handle(*log)]


async def test_a_redelivered_batch_is_published_again_byte_for_byte(followup: Followup) -> None:
    """The process died between saving and publishing: the next one publishes what is stored, not what it would decide."""
    log = [routed(), contact(), delivered()]
    first = await followup.handle(*log)
    followup.clock.at = T0 + timedelta(hours=5)
    assert first == await followup.again().handle(*log)
    assert len(first) == (await followup.rows("SELECT count(*) FROM followup.events"))[0][0]


async def test_what_time_did_before_a_redelivered_fact_is_published_again_too(followup: Followup) -> None:
    await followup.handle(routed())
    late = contact(at=T0 + timedelta(hours=2))
    first = await followup.handle(late)
    assert "PromiseBroken" in kinds(first)
    again = await followup.again().handle(late)
    assert {event.id for event in first} <= {event.id for event in again}


async def test_a_contact_before_its_decision_waits_for_it(followup: Followup) -> None:
    assert [] == await followup.handle(contact())
    assert [("waiting", None)] == [
        tuple(r) for r in await followup.rows("SELECT status, due_at FROM followup.complaints")
    ]
    assert [] == await followup.handle(contact())
    events = await followup.handle(routed())
    assert [FollowupPlanned, PromiseKept] == [type(e) for e in events if not hasattr(e, "outcome")]
    assert kinds(events) == kinds(await followup.again().handle(routed()))


async def test_a_duplicate_in_the_same_batch_counts_once(followup: Followup) -> None:
    events = await followup.handle(routed(), routed(), contact(), contact())
    assert ["FollowupPlanned", "CallbackSettled", "PromiseKept"] == kinds(events)


async def test_adopted_events_stand_when_their_causes_come_again(followup: Followup) -> None:
    """After a restore: what was published before is not decided differently now."""
    log = [routed(), contact(), delivered()]
    published = await followup.handle(*log)
    await followup.rows("TRUNCATE followup.events, followup.complaints, followup.customers_days")
    followup.clock.at = T0 + timedelta(days=3)
    restored = followup.again()
    await restored.adopt(*published)
    assert published == await restored.handle(*log)
    assert isinstance(published[-1], ComplaintClosed)
    assert published[-1].decided_at == T0


async def test_a_batch_that_is_rolled_back_leaves_nothing(followup: Followup) -> None:
    async with followup.pool.acquire() as conn:
        transaction = conn.transaction()
        await transaction.start()
        await followup.handler.handle(conn, records([routed()]))
        await transaction.rollback()
    assert [] == await followup.rows("SELECT 1 FROM followup.complaints UNION ALL SELECT 1 FROM followup.events")
    assert 0 == await followup.run_due(T0 + timedelta(days=1))
    assert ["FollowupPlanned"] == kinds(await followup.handle(routed()))
