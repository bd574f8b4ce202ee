"""What follow-up publishes: the promises made to customers, how each of them ended, and whom to call when."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from shared.events.envelope import ComplaintFact
from shared.events.intake import Outcome, PromiseKind


class PromiseOpened(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A promise to the customer; (complaint, kind, number) is unique. `minutes` of `basis` were granted from `starts_at`."""

    promise_id: str
    kind: PromiseKind
    number: int
    starts_at: datetime
    due_at: datetime
    renewals: int = 0
    owner: str = ""
    basis: Literal["working", "elapsed", "legal", "stated"] = "working"
    provisional: bool = False


class CallbackPlanned(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An outbound contact for a time window."""

    callback_id: str
    purpose: Literal["first_response", "progress", "holding_reply", "result", "satisfaction", "recovery"]
    not_before: datetime
    not_after: datetime
    attempt: int = 1
    attempts_max: int = 5
    promise_id: str | None = None
    gave_way: tuple[str, ...] = ()


class FollowupPlanned(ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.followup.planned.v1"):
    """The plan for a routed complaint: its first promises and callbacks."""

    strategy: str
    promises: tuple[PromiseOpened, ...]
    callbacks: tuple[CallbackPlanned, ...] = ()


class PromiseKept(ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.promise.kept.v1"):
    """Promises a fact kept in time, what they opened next, and callbacks that are no longer needed or new."""

    promise_ids: tuple[str, ...]
    kinds: tuple[PromiseKind, ...]
    due_at: datetime
    opened: tuple[PromiseOpened, ...] = ()
    callbacks: tuple[CallbackPlanned, ...] = ()
    callbacks_cancelled: tuple[str, ...] = ()


class PromiseRenewed(ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.promise.renewed.v1"):
    """A holding reply gave the customer a reason and a new date before the old one lapsed."""

    promise_id: str
    kind: PromiseKind
    due_at: datetime
    opened: PromiseOpened
    callbacks: tuple[CallbackPlanned, ...] = ()
    callbacks_cancelled: tuple[str, ...] = ()


class PromiseBroken(ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.promise.broken.v1"):
    """A promise lapsed. Broken stays broken; the promise opened instead has its own number and a supervisor as owner."""

    promise_id: str
    kind: PromiseKind
    due_at: datetime
    opened: tuple[PromiseOpened, ...] = ()
    callbacks: tuple[CallbackPlanned, ...] = ()


class HoldingReplyRequested(
    ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.holding-reply.requested.v1"
):
    """A promise is about to lapse without a result: tell the customer why and the new date, before `due_at`."""

    promise_id: str
    kind: PromiseKind
    due_at: datetime
    proposed_due_at: datetime
    to: Literal["handler", "supervisor"] = "handler"


class CallbackRequested(ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.callback.requested.v1"):
    """A callback's window is open: call now. Diallers and handlers act on this."""

    callback: CallbackPlanned


class CallbackSettled(ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.callback.settled.v1"):
    """How a callback's attempt ended, and the next attempt if there is one; `to` says who decides when there is none."""

    callback_id: str
    outcome: Outcome | Literal["cancelled", "expired"]
    next: CallbackPlanned | None = None
    to: Literal["", "other_channel", "supervisor"] = ""


class ComplaintClosed(ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.complaint.closed.v1"):
    """Nothing is owed any more: open promises end as kept or fall away with the reason."""

    reason: Literal["solved", "withdrawn", "merged", "answered", "noise"]
    promises_kept: tuple[str, ...] = ()
    promises_released: tuple[str, ...] = ()
    callbacks: tuple[CallbackPlanned, ...] = ()
    callbacks_cancelled: tuple[str, ...] = ()


class ComplaintReopened(ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.complaint.reopened.v1"):
    """A dissatisfied answer within 72 hours, or a new contact about it, opened the complaint again."""

    because: str
    opened: tuple[PromiseOpened, ...]
    callbacks: tuple[CallbackPlanned, ...] = ()
