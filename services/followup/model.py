"""Follow-up's values: what is owed on one complaint, in its three states, and what a customer had today."""

from datetime import date, datetime
from typing import Literal, TypeAlias

from msgspec import Struct

from shared.events.envelope import Language
from shared.events.followup import CallbackPlanned, PromiseOpened
from shared.events.intake import (
    ComplaintsMerged,
    ComplaintsSplit,
    ComplaintWithdrawn,
    ContactRecorded,
    PromiseKind,
    SolutionDelivered,
    SolutionProposed,
    SurveyAnswered,
)
from shared.events.routing import ComplaintRouted, MatterKind, Severity, Strategy

Added: TypeAlias = (
    ContactRecorded
    | SolutionProposed
    | SolutionDelivered
    | ComplaintWithdrawn
    | ComplaintsMerged
    | ComplaintsSplit
    | SurveyAnswered
)
Read: TypeAlias = ComplaintRouted | Added
End: TypeAlias = Literal["kept", "renewed", "broken", "released"]
CloseReason: TypeAlias = Literal["solved", "withdrawn", "merged", "answered", "noise"]


class Terms(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What the newest decision of routing said, as far as following up needs it."""

    complaint_id: str
    customer_id: str
    correlation_id: str
    tenant: str = "default"
    lang: Language = "zh"
    kind: MatterKind = "complaint"
    severity: Severity = "S3"
    strategy: Strategy = "standard"
    time_zone: str = "Asia/Shanghai"
    usual_hour: int | None = None
    danger: bool = False
    revision: int = 1


class EndedPromise(Struct, frozen=True):
    """A promise and how it ended."""

    promise: PromiseOpened
    how: End


class Ledger(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Everything promised and planned on a complaint. Promises are open until they appear in `ended`.

    `asked` are promises for which a holding reply was requested, `requested` are callbacks whose window is open;
    `callbacks_made` numbers callbacks, `seen` are the facts taken in.
    """

    promises: tuple[PromiseOpened, ...] = ()
    ended: tuple[EndedPromise, ...] = ()
    asked: tuple[str, ...] = ()
    callbacks: tuple[CallbackPlanned, ...] = ()
    requested: tuple[str, ...] = ()
    callbacks_made: int = 0
    seen: tuple[str, ...] = ()


class Waiting(Struct, frozen=True, tag="waiting"):
    """Facts of a complaint that routing has not decided yet, in the order of the log."""

    held: tuple[Added, ...] = ()


class Open(Struct, frozen=True, tag="open"):
    """A complaint on which something is owed: at least one promise is open."""

    terms: Terms
    ledger: Ledger


class Closed(Struct, frozen=True, tag="closed", omit_defaults=True):
    """A complaint on which nothing is owed; a satisfaction callback may still be planned."""

    terms: Terms
    ledger: Ledger
    reason: CloseReason
    closed_at: datetime
    merged_into: str = ""


State: TypeAlias = Waiting | Open | Closed


class CustomerDay(Struct, frozen=True):
    """The newest day (the customer's own date) on which we reached out to a customer, over all complaints."""

    day: date = date.min
    attempts: int = 0
    conversations: int = 0

    def on(self, day: date) -> "CustomerDay":
        """The counts of `day`: none where another day is the newest."""
        return self if self.day == day else CustomerDay(day)


class Timer(Struct, frozen=True, order=True):
    """Something falls due on one promise or callback. Where times are equal, `rank` orders what happens."""

    at: datetime
    rank: Literal[0, 1, 2, 3]
    id: str

    @property
    def what(self) -> Literal["lapse", "holding_reply", "window_end", "window_open"]:
        """What falls due."""
        return _WHAT[self.rank]


_WHAT: tuple[Literal["lapse"], Literal["holding_reply"], Literal["window_end"], Literal["window_open"]] = (
    "lapse", "holding_reply", "window_end", "window_open",
)  # fmt: skip


def number_of_next(ledger: Ledger, kind: PromiseKind) -> int:
    """The number that the next promise of `kind` takes."""
    made = [promise.kind for promise in ledger.promises] + [ended.promise.kind for ended in ledger.ended]
    return made.count(kind) + 1
