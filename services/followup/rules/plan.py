"""What a decision of routing puts on the ledger: promises with round due times, and the calls that keep them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from services.followup.calendar.working_time import WorkingTime
from services.followup.model import Ledger, Terms, number_of_next
from services.followup.rules import due
from services.followup.rules.envelope import Cause, callback_id, cause_of, envelope, promise_id
from services.followup.rules.policy import ATTEMPTS_MAX, NEXT_PROGRESS_MINUTES
from services.followup.rules.windows import Customer, Window, before_promise
from shared.events.followup import Basis, CallbackPlanned, CallbackPurpose, FollowupPlanned, PromiseOpened
from shared.events.intake import PromiseKind
from shared.events.registry import type_of
from shared.events.routing import ComplaintRouted, PromiseTime

PLANNED: Final = type_of(FollowupPlanned)
CALLED_FOR: Final[dict[PromiseKind, CallbackPurpose]] = {
    "first_response": "first_response",
    "progress": "progress",
    "callback": "progress",
}


def terms_of(routed: ComplaintRouted) -> Terms:
    """What follow-up needs to know of the decision."""
    assessment, decision = routed.assessment, routed.decision
    return Terms(
        complaint_id=routed.complaint_id, customer_id=routed.customer_id, correlation_id=routed.correlation_id,
        tenant=routed.tenant, lang=routed.lang, kind=assessment.kind, severity=decision.severity,
        strategy=decision.strategy, time_zone=routed.time_zone, usual_hour=routed.usual_hour,
        danger=assessment.danger, revision=routed.revision,
    )  # fmt: skip


def customer_of(terms: Terms, calendar: WorkingTime) -> Customer:
    """What a window for this complaint's customer has to respect."""
    return Customer(calendar, terms.usual_hour, terms.danger)


def plan(
    routed: ComplaintRouted, terms: Terms, ledger: Ledger, *, calendar: WorkingTime, now: datetime
) -> FollowupPlanned | None:
    """The promises the decision grants and that were never made before, with their callbacks; None where there are none.

    A promise that was made keeps its date, whatever a later decision grants.
    """
    promises = granted(routed, ledger, calendar)
    if not promises:
        return None
    return added(terms, ledger, cause_of(routed, now), promises=promises, calendar=calendar)


def granted(routed: ComplaintRouted, ledger: Ledger, calendar: WorkingTime) -> tuple[PromiseOpened, ...]:
    """The promises of this decision that the ledger does not have yet."""
    start, owner, legal_due = routed.accepted_at, routed.decision.unit, _legal_due(routed, calendar)
    made = {p.kind for p in ledger.promises} | {e.promise.kind for e in ledger.ended}
    times: dict[PromiseKind, PromiseTime] = {}
    for time in routed.decision.promises:
        times.setdefault(time.kind, time)
    if not times and not ledger.promises:  # a pack may forget a promise; a complaint may not be without one
        times["progress"] = PromiseTime("progress", NEXT_PROGRESS_MINUTES[routed.decision.severity])
    ends = {kind: _end(time, start, legal_due, calendar) for kind, time in times.items()}
    if legal_due and (routed.assessment.cross_level, routed.assessment.cross_target) == ("actual", "regulator"):
        ends["regulator_reply"] = (legal_due, "legal")
    return tuple(
        opened(routed.complaint_id, ledger, kind, start, end, calendar, owner=owner, basis=basis)
        for kind, (end, basis) in ends.items()
        if kind not in made
    )


def _end(
    time: PromiseTime, start: datetime, legal_due: datetime | None, calendar: WorkingTime
) -> tuple[datetime, Basis]:
    end = due.granted(time, start, calendar)
    if legal_due and time.kind == "resolution" and start < legal_due < end:
        return legal_due, "legal"
    return end, "working" if time.working else "elapsed"


def _legal_due(routed: ComplaintRouted, calendar: WorkingTime) -> datetime | None:
    """The nearest date that law sets; a clock known from memory alone is no law."""
    clocks = [c for c in routed.decision.clocks if c.source_quality != "memory"]
    if not clocks:
        return None
    return min(due.legal(clock, routed.received_at, routed.accepted_at, calendar) for clock in clocks)


def opened(
    complaint_id: str, ledger: Ledger, kind: PromiseKind, start: datetime, end: datetime, calendar: WorkingTime, *,
    owner: str = "", basis: Basis = "working", renewals: int = 0,
) -> PromiseOpened:  # fmt: skip
    """The next promise of `kind`, from `start` to `end`."""
    number = number_of_next(ledger, kind)
    return PromiseOpened(
        promise_id=promise_id(complaint_id, kind, number), kind=kind, number=number, starts_at=start, due_at=end,
        renewals=renewals, owner=owner, basis=basis, provisional=calendar.provisional(end),
    )  # fmt: skip


def calls_for(
    terms: Terms, ledger: Ledger, promises: Sequence[PromiseOpened], calendar: WorkingTime
) -> tuple[CallbackPlanned, ...]:
    """The calls that keep `promises`, for those kinds that a call keeps."""
    customer = customer_of(terms, calendar)
    calls: list[CallbackPlanned] = []
    for promise in promises:
        purpose = CALLED_FOR.get(promise.kind)
        if purpose:
            window = before_promise(promise.starts_at, promise.due_at, customer)
            number = ledger.callbacks_made + len(calls) + 1
            calls.append(call(terms, number, purpose, window, promise_id=promise.promise_id))
    return tuple(calls)


def call(
    terms: Terms, number: int, purpose: CallbackPurpose, window: Window, *, attempt: int = 1,
    promise_id: str | None = None,
) -> CallbackPlanned:  # fmt: skip
    """Callback `number` of the complaint, in `window`."""
    return CallbackPlanned(
        callback_id=callback_id(terms.complaint_id, number), purpose=purpose, not_before=window.not_before,
        not_after=window.not_after, attempt=attempt, attempts_max=ATTEMPTS_MAX, promise_id=promise_id,
        gave_way=window.gave_way,
    )  # fmt: skip


def added(
    terms: Terms, ledger: Ledger, cause: Cause, *, calendar: WorkingTime, promises: tuple[PromiseOpened, ...] = (),
    callbacks: tuple[CallbackPlanned, ...] | None = None,
) -> FollowupPlanned:  # fmt: skip
    """`promises` with their callbacks (or `callbacks` alone) come onto the ledger."""
    calls = calls_for(terms, ledger, promises, calendar) if callbacks is None else callbacks
    return FollowupPlanned(
        **envelope(PLANNED, terms, cause), strategy=terms.strategy, promises=promises, callbacks=calls
    )
