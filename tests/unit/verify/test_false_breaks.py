"""A promise is broken falsely where a fact that keeps it was accepted in time, wherever that fact stands on the log."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from shared.events import followup, intake
from shared.events.envelope import ComplaintFact
from shared.events.followup import PromiseOpened
from tests.builders.life import Life
from tests.unit.verify.small import found, judged

MINUTE = timedelta(minutes=1)
CONTACT: dict[str, Any] = {"direction": "outbound", "outcome": "reached", "purpose": "progress"}


def broken(
    promised: intake.PromiseKind = "progress", *, number: int = 1, after_s: float = 0.2, **matter: Any
) -> tuple[Life, PromiseOpened]:
    """A complaint with one promise, due two hours after the plan, and broken then; another follows it."""
    life = Life(number)
    life.received()
    life.routed(assessment=matter)
    promise = life.promise(promised, hours=2)
    life.planned(promise)
    life.at = promise.due_at
    life.broken(
        promise, opened=(life.promise(promised, 2, hours=60),), causation_id=promise.promise_id,
        decided_at=promise.due_at + timedelta(seconds=after_s),
    )  # fmt: skip
    return life, promise


def late(life: Life, kind: type[ComplaintFact], before_due: timedelta, **fields: Any) -> Sequence[ComplaintFact]:
    """The log with one more fact at its end, accepted so long before the first promise was due."""
    due_at = life.facts[2].promises[0].due_at  # type: ignore[attr-defined]
    life.fact(kind, accepted_at=due_at - before_due, occurred_at=due_at - before_due, **fields)
    return life.facts


@pytest.mark.parametrize(
    ("promised", "kind", "fields"),
    [
        ("progress", intake.ContactRecorded, CONTACT),
        ("first_response", intake.ContactRecorded, CONTACT),
        ("callback", intake.ContactRecorded, CONTACT | {"purpose": "other"}),
        ("resolution", intake.SolutionDelivered, {"accepted": False}),
        ("regulator_reply", intake.SolutionDelivered, {"accepted": True}),
        ("resolution", intake.ComplaintWithdrawn, {}),
        ("resolution", intake.ComplaintsMerged, {"into_id": Life(2).complaint_id}),
    ],
)
def test_kept_a_minute_before_its_time(
    promised: intake.PromiseKind, kind: type[ComplaintFact], fields: dict[str, Any]
) -> None:
    """It came behind the break on the log, but Kesu had accepted it before: the break is false."""
    assert found(late(broken(promised)[0], kind, MINUTE, **fields)) == {"false_break": 1}
    assert found(late(broken(promised)[0], kind, timedelta(0), **fields)) == {}


@pytest.mark.parametrize(
    ("promised", "kind", "fields"),
    [
        ("progress", intake.ContactRecorded, CONTACT | {"outcome": "no_answer"}),
        ("resolution", intake.ContactRecorded, CONTACT),
        ("progress", intake.ContactRecorded, CONTACT | {"purpose": "other"}),
        ("progress", intake.SolutionProposed, {}),
        ("regulator_reply", intake.SolutionDelivered, {"accepted": False}),
    ],
)
def test_what_does_not_keep_it_proves_nothing(
    promised: intake.PromiseKind, kind: type[ComplaintFact], fields: dict[str, Any]
) -> None:
    """Nobody was reached, or something else was said."""
    assert found(late(broken(promised)[0], kind, MINUTE, **fields)) == {}


def test_an_answer_keeps_all_of_what_is_no_complaint() -> None:
    """An inquiry is over when it is answered; a complaint is not."""
    told = CONTACT | {"purpose": "result"}
    assert found(late(broken("resolution", kind="inquiry")[0], intake.ContactRecorded, MINUTE, **told)) == {
        "false_break": 1
    }
    assert found(late(broken("resolution")[0], intake.ContactRecorded, MINUTE, **told)) == {}


def test_a_contact_has_the_purpose_of_the_callback_it_settled() -> None:
    """That the callback was open then is proved by its end."""
    life = Life()
    life.received()
    life.routed()
    promise, call = life.promise("progress", hours=2), life.callback("progress")
    life.planned(promise, callbacks=(call,))
    life.at = promise.due_at
    life.broken(promise, opened=(life.promise("progress", 2, hours=60),), causation_id=promise.promise_id)
    contact = CONTACT | {"purpose": "other", "callback_id": call.callback_id}
    log = late(life, intake.ContactRecorded, MINUTE, **contact)
    assert found(log) == {}
    life.fact(followup.CallbackSettled, callback_id=call.callback_id, outcome="reached")
    assert found(life.facts) == {"false_break": 1}


def test_what_came_before_a_promise_does_not_keep_it() -> None:
    """Neither the contact that made it, nor one before that; one behind it does, even if it was accepted earlier."""
    life = Life()
    life.received()
    life.routed()
    first = life.promise("progress", hours=2)
    life.planned(first)
    life.contacted(purpose="progress")
    cause = life.contacted(purpose="progress")
    second = life.promise("progress", 2, hours=2)
    life.kept(first, opened=(second,), causation_id=cause.id)
    life.at = second.due_at
    life.broken(second, opened=(life.promise("progress", 3, hours=60),), causation_id=second.promise_id)
    assert found(life.facts) == {}
    life.fact(intake.ContactRecorded, **CONTACT, accepted_at=first.starts_at, occurred_at=first.starts_at)
    assert found(life.facts) == {"false_break": 1}


def test_a_promise_that_time_opened_is_kept_from_then_on() -> None:
    """What was accepted before belongs to the promise before it, which it kept."""
    life, promise = broken()
    second = life.facts[-1].opened[0]  # type: ignore[attr-defined]
    life.at = second.due_at
    life.broken(second, opened=(life.promise("progress", 3, hours=60),), causation_id=second.promise_id)
    assert found(late(life, intake.ContactRecorded, MINUTE, **CONTACT)) == {"false_break": 1}
    assert promise.due_at <= second.starts_at


def test_how_late_breaks_are_judged_is_told() -> None:
    """A figure, no finding: counted from the due time to the decision."""
    log = [event for n, after_s in enumerate((0.2, 0.3, 4.0)) for event in broken(number=n, after_s=after_s)[0].facts]
    found_, figures = judged(log)
    assert (found_, figures.lapses.count, figures.lapses.max_s) == ({}, 3, 4.0)
    assert figures.lapses.percentile_s(0.5) == pytest.approx(0.3, rel=0.02)
    assert figures.lapses.percentile_s(0.99) == 4.0
