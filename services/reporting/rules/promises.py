"""The promise ledger: opened once, ended once, and broken stays broken."""

from datetime import datetime

from msgspec.structs import replace

from services.reporting.model import PromiseRow, PromiseState
from shared.events.followup import HoldingReplyRequested, PromiseOpened


def opened(complaint_id: str, promise: PromiseOpened) -> PromiseRow:
    """A promise as it was given."""
    return PromiseRow(
        complaint_id=complaint_id, promise_id=promise.promise_id, state="open", kind=promise.kind,
        due_at=promise.due_at, number=promise.number, starts_at=promise.starts_at, owner=promise.owner,
        basis=promise.basis, renewals=promise.renewals, provisional=promise.provisional,
    )  # fmt: skip


def ended(
    complaint_id: str, promise_id: str, state: PromiseState, *, at: datetime,
    kind: str | None = None, due_at: datetime | None = None,
) -> PromiseRow:  # fmt: skip
    """How a promise ended, with what its end says of it."""
    return PromiseRow(
        complaint_id=complaint_id, promise_id=promise_id, state=state, kind=kind, due_at=due_at, ended_at=at
    )


def holding_reply_asked(event: HoldingReplyRequested) -> PromiseRow:
    """The customer is to be told why it takes longer, before the promise lapses."""
    return PromiseRow(
        complaint_id=event.complaint_id, promise_id=event.promise_id, state="open", kind=event.kind,
        due_at=event.due_at, holding_reply_at=event.occurred_at,
    )  # fmt: skip


def merged(older: PromiseRow, newer: PromiseRow) -> PromiseRow:
    """Both rows of one promise as one. The store's upsert says the same in SQL."""
    given = older if older.number is not None else newer
    last = older if older.state == "broken" or newer.state == "open" else newer
    return replace(
        given,
        state=last.state,
        kind=given.kind or older.kind,
        due_at=given.due_at or older.due_at,
        ended_at=last.ended_at,
        holding_reply_at=newer.holding_reply_at or older.holding_reply_at,
    )
