"""How each event of follow-up changes what is owed: the only place where a ledger changes."""

from collections.abc import Sequence

from msgspec.structs import replace

from services.followup.model import Closed, End, EndedPromise, Ledger, Open
from shared.events.envelope import ComplaintFact
from shared.events.followup import (
    CallbackPlanned,
    CallbackRequested,
    CallbackSettled,
    ComplaintClosed,
    ComplaintReopened,
    FollowupPlanned,
    HoldingReplyRequested,
    PromiseBroken,
    PromiseKept,
    PromiseOpened,
    PromiseRenewed,
)


def applied(state: Open | Closed, event: ComplaintFact) -> Open | Closed:
    """The state after `event`."""
    match event:
        case ComplaintClosed():
            ledger = ended(state.ledger, event.promises_kept, "kept")
            ledger = ended(ledger, event.promises_released, "released")
            ledger = planned(cancelled(ledger, event.callbacks_cancelled), event.callbacks)
            return Closed(state.terms, ledger, event.reason, event.accepted_at, event.into_id)
        case ComplaintReopened():
            return Open(state.terms, planned(opened(state.ledger, event.opened), event.callbacks))
        case _:
            return replace(state, ledger=_ledger_after(state.ledger, event))


def _ledger_after(ledger: Ledger, event: ComplaintFact) -> Ledger:
    match event:
        case FollowupPlanned():
            return planned(opened(ledger, event.promises), event.callbacks)
        case PromiseKept():
            ledger = opened(ended(ledger, event.promise_ids, "kept"), event.opened)
        case PromiseRenewed():
            ledger = opened(ended(ledger, (event.promise_id,), "renewed"), (event.opened,))
        case PromiseBroken():
            ledger = opened(ended(ledger, (event.promise_id,), "broken"), event.opened)
        case HoldingReplyRequested():
            return replace(ledger, asked=(*ledger.asked, event.promise_id))
        case CallbackRequested():
            return _requested(ledger, event.callback)
        case CallbackSettled():
            return planned(cancelled(ledger, (event.callback_id,)), (event.next,) if event.next else ())
        case _:
            raise TypeError(f"{type(event).__name__} is no event of follow-up")
    return planned(cancelled(ledger, event.callbacks_cancelled), event.callbacks)


def opened(ledger: Ledger, promises: Sequence[PromiseOpened]) -> Ledger:
    """`promises` are owed from now on."""
    return replace(ledger, promises=(*ledger.promises, *promises)) if promises else ledger


def ended(ledger: Ledger, promise_ids: Sequence[str], how: End) -> Ledger:
    """These promises end; those that are not open stay as they ended."""
    over = tuple(EndedPromise(p, how) for p in ledger.promises if p.promise_id in promise_ids)
    if not over:
        return ledger
    return replace(
        ledger,
        promises=tuple(p for p in ledger.promises if p.promise_id not in promise_ids),
        ended=(*ledger.ended, *over),
        asked=tuple(id_ for id_ in ledger.asked if id_ not in promise_ids),
    )


def planned(ledger: Ledger, calls: Sequence[CallbackPlanned]) -> Ledger:
    """`calls` are planned."""
    if not calls:
        return ledger
    return replace(ledger, callbacks=(*ledger.callbacks, *calls), callbacks_made=ledger.callbacks_made + len(calls))


def cancelled(ledger: Ledger, callback_ids: Sequence[str]) -> Ledger:
    """These callbacks are settled or no longer needed."""
    if not callback_ids:
        return ledger
    return replace(
        ledger,
        callbacks=tuple(c for c in ledger.callbacks if c.callback_id not in callback_ids),
        requested=tuple(id_ for id_ in ledger.requested if id_ not in callback_ids),
    )


def _requested(ledger: Ledger, callback: CallbackPlanned) -> Ledger:
    calls = tuple(callback if c.callback_id == callback.callback_id else c for c in ledger.callbacks)
    return replace(ledger, callbacks=calls, requested=(*ledger.requested, callback.callback_id))
