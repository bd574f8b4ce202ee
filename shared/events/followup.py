"""What follow-up publishes: the promises made to customers, how each of them ended, and whom to call when."""

from datetime import datetime
from typing import Literal, TypeAlias

from msgspec import Struct

from shared.events.envelope import ComplaintFact
from shared.events.intake import Outcome, PromiseKind

Basis: TypeAlias = Literal["working", "elapsed", "legal", "stated"]
CallbackPurpose: TypeAlias = Literal[
    "first_response", "progress", "holding_reply", "result", "satisfaction", "recovery"
]


class PromiseOpened(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A promise to the customer; (complaint, kind, number) is unique.

    `basis` says how `due_at` came about: working or elapsed time from `starts_at`, a law, or a date somebody stated to
    the customer. `provisional`: the date lies beyond what the calendar knows of holidays.
    """

    promise_id: str
    kind: PromiseKind
    number: int
    starts_at: datetime
    due_at: datetime
    renewals: int = 0
    owner: str = ""
    basis: Basis = "working"
    provisional: bool = False


class CallbackPlanned(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An outbound contact for a time window; each attempt has its own id. `gave_way` names the rules that yielded for it."""

    callback_id: str
    purpose: CallbackPurpose
    not_before: datetime
    not_after: datetime
    attempt: int = 1
    attempts_max: int = 5
    promise_id: str | None = None
    gave_way: tuple[str, ...] = ()


class FollowupPlanned(ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.followup.planned.v1"):
    """Promises and callbacks come onto a complaint: its first plan, or what a later decision or fact adds to it."""

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
    callbacks_cancelled: tuple[str, ...] = ()


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
    """How a callback's attempt ended, and the next attempt if there is one; `to` says who decides when there is none.

    `expired`: nobody called in its window. `postponed`: the customer's limits of the day moved it, `next` is the same
    attempt on another day.
    """

    callback_id: str
    outcome: Outcome | Literal["cancelled", "expired", "postponed"]
    next: CallbackPlanned | None = None
    to: Literal["", "other_channel", "supervisor"] = ""


class ComplaintClosed(ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.complaint.closed.v1"):
    """Nothing is owed any more: open promises end as kept or fall away with the reason (merged: it goes on in `into_id`)."""

    reason: Literal["solved", "withdrawn", "merged", "answered", "noise"]
    promises_kept: tuple[str, ...] = ()
    promises_released: tuple[str, ...] = ()
    callbacks: tuple[CallbackPlanned, ...] = ()
    callbacks_cancelled: tuple[str, ...] = ()
    into_id: str = ""


class ComplaintReopened(ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.complaint.reopened.v1"):
    """A dissatisfied answer within 72 hours ("survey"), an undone merge ("split") or a later decision ("routed") opened it again."""

    because: str
    opened: tuple[PromiseOpened, ...]
    callbacks: tuple[CallbackPlanned, ...] = ()
