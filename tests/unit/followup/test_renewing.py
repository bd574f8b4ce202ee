"""Holding replies: asked for once before a promise lapses, renewing it at most twice, then a supervisor's."""

from datetime import timedelta
from typing import Any

from shared.events.followup import FollowupPlanned, HoldingReplyRequested, PromiseRenewed
from shared.events.intake import PromiseMade
from shared.events.routing import LegalClock, PromiseTime
from tests.builders.common import T0
from tests.unit.followup.story import Story, local, only

ONE_DAY = {"promises": (PromiseTime("resolution", 480),)}
DUE = local("2026-03-03 09:00")


def held(story: Story, at: str, until: str, **given: Any) -> PromiseRenewed:
    told = (PromiseMade("resolution", local(until)),)
    return only(story.contact(local(at), purpose="holding_reply", promised=told, **given), PromiseRenewed)


def test_a_holding_reply_is_asked_for_two_working_hours_before_the_lapse() -> None:
    story = Story.planned(decision=ONE_DAY)
    requested = only(story.until(DUE - timedelta(minutes=1)), HoldingReplyRequested)
    assert local("2026-03-02 16:30") == requested.occurred_at
    assert (DUE, "handler") == (requested.due_at, requested.to)
    assert local("2026-03-04 09:00") == requested.proposed_due_at


def test_it_is_asked_for_once_per_promise() -> None:
    story = Story.planned(decision=ONE_DAY)
    story.until(local("2026-03-02 16:30"))
    assert [] == [e for e in story.until(DUE - timedelta(minutes=1)) if isinstance(e, HoldingReplyRequested)]


def test_the_proposed_date_does_not_go_beyond_the_law() -> None:
    clock = LegalClock("x", 1, working=True)
    actual = {"cross_level": "actual", "cross_target": "regulator"}
    story = Story.planned(decision=ONE_DAY | {"clocks": (clock,)}, assessment=actual)
    requested = only(story.until(local("2026-03-02 17:00")), HoldingReplyRequested)
    assert local("2026-03-03 18:00") == requested.proposed_due_at


def test_a_short_promise_has_no_room_for_a_holding_reply() -> None:
    story = Story.planned(decision={"promises": (PromiseTime("resolution", 60),)})
    assert [] == [e for e in story.until(T0 + timedelta(minutes=59)) if isinstance(e, HoldingReplyRequested)]


def test_a_holding_reply_with_a_new_date_renews() -> None:
    story = Story.planned(decision=ONE_DAY)
    old = story.promise("resolution")
    renewed = held(story, "2026-03-02 17:00", "2026-03-04 12:00")
    assert (old.promise_id, DUE) == (renewed.promise_id, renewed.due_at)
    assert (2, 1, "stated") == (renewed.opened.number, renewed.opened.renewals, renewed.opened.basis)
    assert local("2026-03-04 12:00") == story.promise("resolution").due_at
    assert [("resolution", 1, "renewed")] == story.ended()


def test_a_written_holding_reply_counts_unanswered() -> None:
    story = Story.planned(decision=ONE_DAY)
    renewed = held(story, "2026-03-02 17:00", "2026-03-04 12:00", medium="message", outcome="no_answer")
    assert 1 == renewed.opened.renewals


def test_without_a_later_date_nothing_is_renewed() -> None:
    story = Story.planned(decision=ONE_DAY)
    at = local("2026-03-02 17:00")
    for promised in ((), (PromiseMade("resolution", DUE),), (PromiseMade("resolution", DUE - timedelta(hours=1)),)):
        events = story.contact(at, purpose="holding_reply", promised=promised)
        assert [] == [e for e in events if isinstance(e, PromiseRenewed)]
    assert DUE == max(p.due_at for p in story.ledger.promises)


def test_an_unreached_customer_was_told_nothing() -> None:
    story = Story.planned(decision=ONE_DAY)
    told = (PromiseMade("resolution", local("2026-03-04 12:00")),)
    assert () == story.contact(local("2026-03-02 16:00"), purpose="holding_reply", outcome="no_answer", promised=told)


def test_after_two_renewals_the_date_is_a_supervisors_and_the_old_one_stands() -> None:
    story = Story.planned(decision=ONE_DAY)
    held(story, "2026-03-02 17:00", "2026-03-04 12:00")
    held(story, "2026-03-04 10:00", "2026-03-05 12:00")
    asked = only(story.until(local("2026-03-05 10:30")), HoldingReplyRequested)
    assert "supervisor" == asked.to
    told = (PromiseMade("resolution", local("2026-03-09 12:00")),)
    events = story.contact(local("2026-03-05 11:00"), purpose="holding_reply", promised=told)
    (stated,) = only(events, FollowupPlanned).promises
    assert ("supervisor", 0) == (stated.owner, stated.renewals)
    story.until(local("2026-03-05 12:00"))
    assert ("resolution", 3, "broken") in story.ended()


def test_one_reply_may_renew_two_kinds() -> None:
    story = Story.planned(decision={"promises": (PromiseTime("progress", 480), PromiseTime("resolution", 960))})
    told = tuple(PromiseMade(kind, local("2026-03-06 12:00")) for kind in ("progress", "resolution"))
    events = story.contact(local("2026-03-02 17:00"), purpose="holding_reply", promised=told)
    renewed = [e for e in events if isinstance(e, PromiseRenewed)]
    assert ["progress", "resolution"] == [e.kind for e in renewed]
    assert 2 == len({e.id for e in renewed})
