"""Follow-up's events, ready made."""

from datetime import timedelta
from typing import Any

from shared import ids
from shared.events import followup
from tests.builders.common import CALLBACK_ID, COMPLAINT_ID, PROMISE_ID, T0, fact


def promise(**given: Any) -> followup.PromiseOpened:
    """A first response, due two hours after the complaint came in."""
    usual: dict[str, Any] = {"promise_id": PROMISE_ID, "kind": "first_response", "number": 1}
    return followup.PromiseOpened(**({**usual, "starts_at": T0, "due_at": T0 + timedelta(hours=2)} | given))


def callback(**given: Any) -> followup.CallbackPlanned:
    """The first response's call, for the window in which that promise is open."""
    usual: dict[str, Any] = {"callback_id": CALLBACK_ID, "purpose": "first_response", "promise_id": PROMISE_ID}
    return followup.CallbackPlanned(**({**usual, "not_before": T0, "not_after": T0 + timedelta(hours=2)} | given))


def next_promise(**given: Any) -> followup.PromiseOpened:
    """What follows the first response: a resolution two days later."""
    usual: dict[str, Any] = {"promise_id": ids.derive("promise", COMPLAINT_ID, "resolution", "1"), "kind": "resolution"}
    return promise(**(usual | {"due_at": T0 + timedelta(days=2), "owner": "network"} | given))


def planned(**given: Any) -> followup.FollowupPlanned:
    """The standard plan: a first response, and the call for it."""
    usual: dict[str, Any] = {"promises": (promise(),), "callbacks": (callback(),), "decided_at": T0}
    return fact(followup.FollowupPlanned, given, strategy="standard", **usual)


def promise_kept(**given: Any) -> followup.PromiseKept:
    """The first response came in time; a resolution is owed next."""
    usual: dict[str, Any] = {
        "due_at": T0 + timedelta(hours=2),
        "opened": (next_promise(),),
        "callbacks_cancelled": (CALLBACK_ID,),
    }
    return fact(followup.PromiseKept, given, promise_ids=(PROMISE_ID,), kinds=("first_response",), **usual)


def promise_renewed(**given: Any) -> followup.PromiseRenewed:
    """A holding reply gave a new date, a day later."""
    opened = promise(number=2, renewals=1, due_at=T0 + timedelta(hours=26), basis="stated")
    due_at = T0 + timedelta(hours=2)
    return fact(
        followup.PromiseRenewed, given, promise_id=PROMISE_ID, kind="first_response", due_at=due_at, opened=opened
    )


def promise_broken(**given: Any) -> followup.PromiseBroken:
    """Nobody called in time: a supervisor owes the next one."""
    opened = (promise(number=2, owner="supervisor", due_at=T0 + timedelta(hours=4)),)
    due_at = T0 + timedelta(hours=2)
    return fact(
        followup.PromiseBroken, given, promise_id=PROMISE_ID, kind="first_response", due_at=due_at, opened=opened
    )


def holding_reply_requested(**given: Any) -> followup.HoldingReplyRequested:
    """Half an hour to go, and no result: tell the customer."""
    times: dict[str, Any] = {"due_at": T0 + timedelta(hours=2), "proposed_due_at": T0 + timedelta(hours=26)}
    return fact(followup.HoldingReplyRequested, given, promise_id=PROMISE_ID, kind="first_response", **times)


def callback_requested(**given: Any) -> followup.CallbackRequested:
    """The call's window is open."""
    return fact(followup.CallbackRequested, given, callback=callback())


def callback_settled(**given: Any) -> followup.CallbackSettled:
    """Nobody answered; the second attempt is planned."""
    again = callback(callback_id=ids.derive("callback", COMPLAINT_ID, "first_response", "2"), attempt=2)
    return fact(followup.CallbackSettled, given, callback_id=CALLBACK_ID, outcome="no_answer", next=again)


def closed(**given: Any) -> followup.ComplaintClosed:
    """Solved; the promise that was open counts as kept."""
    return fact(followup.ComplaintClosed, given, reason="solved", promises_kept=(PROMISE_ID,))


def reopened(**given: Any) -> followup.ComplaintReopened:
    """The customer was dissatisfied within the 72 hours."""
    return fact(followup.ComplaintReopened, given, because="survey", opened=(promise(number=2),))
