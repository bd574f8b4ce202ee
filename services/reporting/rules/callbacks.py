"""Callbacks: planned, asked for, settled; a further attempt is a callback of its own."""

from datetime import datetime

from msgspec.structs import replace

from services.reporting.model import CallbackRow
from shared.events.followup import CallbackPlanned, CallbackRequested, CallbackSettled


def planned(complaint_id: str, callback: CallbackPlanned) -> CallbackRow:
    """A callback as it was planned."""
    return CallbackRow(
        complaint_id=complaint_id, callback_id=callback.callback_id, state="planned", purpose=callback.purpose,
        not_before=callback.not_before, not_after=callback.not_after, attempt=callback.attempt,
        attempts_max=callback.attempts_max, promise_id=callback.promise_id,
    )  # fmt: skip


def requested(event: CallbackRequested) -> CallbackRow:
    """The window is open (the plan itself is known from before)."""
    return CallbackRow(
        complaint_id=event.complaint_id, callback_id=event.callback.callback_id, state="requested",
        requested_at=event.occurred_at,
    )  # fmt: skip


def cancelled(complaint_id: str, callback_id: str, *, at: datetime) -> CallbackRow:
    """Nobody needs to call any more."""
    return CallbackRow(
        complaint_id=complaint_id, callback_id=callback_id, state="cancelled", settled_at=at, outcome="cancelled"
    )


def settled(event: CallbackSettled) -> CallbackRow:
    """How the attempt ended."""
    return CallbackRow(
        complaint_id=event.complaint_id, callback_id=event.callback_id,
        state="cancelled" if event.outcome == "cancelled" else "settled",
        settled_at=event.occurred_at, outcome=event.outcome, handed_to=event.to or None,
    )  # fmt: skip


def merged(older: CallbackRow, newer: CallbackRow) -> CallbackRow:
    """Both rows of one callback as one, the newer counting. The store's upsert says the same in SQL."""
    plan = newer if newer.purpose is not None else older
    return replace(
        plan,
        state=newer.state,
        requested_at=newer.requested_at or older.requested_at,
        settled_at=newer.settled_at or older.settled_at,
        outcome=newer.outcome or older.outcome,
        handed_to=newer.handed_to or older.handed_to,
    )
