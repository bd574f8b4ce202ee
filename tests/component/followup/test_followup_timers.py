"""Timers are rows: they fire once, judged by the log, in whatever process is alive."""

import asyncio
from datetime import timedelta

from shared.events.followup import CallbackRequested, PromiseBroken
from shared.events.routing import PromiseTime
from tests.builders.common import T0
from tests.component.followup.service import Followup, complaint, contact, kinds, routed

FIRST = (PromiseTime("first_response", 60),)
DUE = T0 + timedelta(hours=1)


async def test_a_lapse_is_committed_then_published(followup: Followup) -> None:
    await followup.handle(routed(promises=FIRST))
    assert 2 == await followup.run_due(DUE)
    requested, broken = await followup.publish()
    assert isinstance(requested, CallbackRequested) and isinstance(broken, PromiseBroken)
    assert DUE == broken.occurred_at
    assert [] == await followup.publish()


async def test_what_is_not_due_does_not_happen(followup: Followup) -> None:
    await followup.handle(routed(promises=FIRST))
    assert 0 == await followup.run_due(T0 + timedelta(minutes=29))


async def test_a_lapse_waits_until_the_log_is_read_up_to_it(followup: Followup) -> None:
    """The service was away: the contact that keeps the promise is still unread when its time comes."""
    await followup.handle(routed(promises=FIRST))
    await followup.run_due(T0 + timedelta(minutes=30))
    assert 0 == await followup.run_due(T0 + timedelta(days=1), through=DUE - timedelta(seconds=1))
    events = await followup.handle(contact(at=DUE - timedelta(seconds=1)))
    assert "PromiseKept" in kinds(events)
    await followup.run_due(DUE)
    assert [] == [e for e in await followup.publish() if isinstance(e, PromiseBroken)]


async def test_an_unread_partition_holds_back_only_its_own(followup: Followup) -> None:
    await followup.handle(routed(1, promises=FIRST), partition=0)
    await followup.handle(routed(2, promises=FIRST), partition=1)
    through = {0: None, 1: DUE}
    await followup.timers.run_due(followup.pool, DUE, through.get)
    broken = [e for e in await followup.publish() if isinstance(e, PromiseBroken)]
    assert [complaint(2)["complaint_id"]] == [e.complaint_id for e in broken]


async def test_a_process_that_died_after_the_commit_publishes_the_same_bytes(followup: Followup) -> None:
    await followup.handle(routed(promises=FIRST))
    await followup.run_due(DUE)
    after = followup.again()
    assert 0 == await after.run_due(DUE)
    assert ["CallbackRequested", "PromiseBroken"] == kinds(await after.publish())


async def test_timers_of_the_next_process_fire_without_a_new_fact(followup: Followup) -> None:
    await followup.handle(routed(promises=FIRST))
    assert 2 == await followup.again().run_due(DUE)


async def test_two_processes_at_once_do_each_thing_once(followup: Followup) -> None:
    await followup.handle(*[routed(n, promises=FIRST) for n in range(60)])
    one, other = (
        Followup(followup.pool, followup.clock, batch_max=7),
        Followup(followup.pool, followup.clock, batch_max=5),
    )
    done = await asyncio.gather(one.run_due(DUE), other.run_due(DUE))
    await one.again().run_due(DUE)
    events = await followup.publish()
    assert 120 == len(events) == len({e.id for e in events})
    assert sum(done) <= 120


async def test_the_next_due_time_is_where_a_clock_may_jump_to(followup: Followup) -> None:
    assert None is await followup.timers.next_due(followup.pool)
    await followup.handle(routed(promises=FIRST))
    assert T0 + timedelta(minutes=30) == await followup.timers.next_due(followup.pool)
    await followup.run_due(T0 + timedelta(minutes=30))
    assert DUE == await followup.timers.next_due(followup.pool)


async def test_following_the_due_times_a_month_ends_in_bounded_steps(followup: Followup) -> None:
    """Nobody acts for thirty days: every promise is broken by an event, and there is always a next one."""
    await followup.handle(*[routed(n) for n in range(20)])
    steps, events = 0, 0
    while (at := await followup.timers.next_due(followup.pool)) and at < T0 + timedelta(days=30):
        happened = await followup.run_due(at)
        assert happened > 0
        steps, events = steps + 1, events + happened
    assert (
        20
        == (await followup.rows("SELECT count(DISTINCT complaint_id) FROM followup.promises WHERE state = 'open'"))[0][
            0
        ]
    )
    assert steps < 150
    assert events / 20 < 150


async def test_a_customers_day_is_kept_over_all_complaints(followup: Followup) -> None:
    """Six complaints of one customer: three attempts a day, unless a promise could not wait, which is recorded."""
    customer = complaint(0)["customer_id"]
    slow = (PromiseTime("progress", 4800),)
    await followup.handle(*[routed(n, promises=slow, customer_id=customer) for n in range(6)])
    while (at := await followup.timers.next_due(followup.pool)) and at < T0 + timedelta(days=30):
        await followup.run_due(at)
    asked = [e for e in await followup.publish() if isinstance(e, CallbackRequested)]
    free = [e.occurred_at.date() for e in asked if not e.callback.gave_way]
    assert max(free.count(day) for day in free) <= 3
    assert [] != [e for e in asked if "daily_limit" in e.callback.gave_way]


async def test_days_caught_up_with_at_once_keep_the_limits_of_each_day(followup: Followup) -> None:
    """The same six complaints after an outage of a month, taken in batches of two: no day has more than it may have."""
    few = Followup(followup.pool, followup.clock, batch_max=2)
    customer = complaint(0)["customer_id"]
    slow = (PromiseTime("progress", 4800),)
    await few.handle(*[routed(n, promises=slow, customer_id=customer) for n in range(6)])
    await few.run_due(T0 + timedelta(days=30))
    asked = [e for e in await few.publish() if isinstance(e, CallbackRequested)]
    free = [e.occurred_at.date() for e in asked if not e.callback.gave_way]
    assert len(free) > 3
    assert max(free.count(day) for day in free) <= 3


async def test_a_due_time_that_moved_away_holds_nothing_up(followup: Followup) -> None:
    """What was to fall due first was settled meanwhile: the next one falls due all the same."""
    await followup.handle(routed(0))
    await followup.run_due(T0)
    await followup.handle(contact(0))
    assert await followup.run_due(T0 + timedelta(days=3)) > 0
    assert 0 == await followup.run_due(T0 + timedelta(days=3))
