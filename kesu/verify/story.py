"""Folds what the log tells of one complaint into what must be true of it; pure."""

from datetime import datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

from kesu.verify.delays import Delays
from kesu.verify.findings import Findings
from kesu.verify.keeps import keeps
from kesu.verify.told import (
    AnyTold,
    Calls,
    Closed,
    Decided,
    Ended,
    Keeping,
    Opened,
    Planned,
    Received,
    Reopened,
    Settled,
)

GRACE: Final = timedelta(seconds=60)  # a lapse may be judged this much later before it counts as silent
_EFFECTS: Final = (Decided, Planned)
States: TypeAlias = dict[str, str]  # promise → open, kept, renewed, broken, released


class Promise:
    """One promise. Facts with a place greater than `behind`, accepted at or after `since`, can keep it."""

    __slots__ = ("behind", "due_at", "kind", "since", "state")

    def __init__(self, opened: Opened, *, behind: int, since: datetime | None) -> None:
        self.kind = opened.kind
        self.due_at = opened.due_at
        self.behind = behind
        self.since = since
        self.state = "open"


class Standing:
    """How a complaint stands at one point of the log."""

    __slots__ = ("closed", "kind", "received", "severity", "states")

    def __init__(self, *, received: bool, closed: bool, kind: str, severity: str, states: States) -> None:
        self.received = received
        self.closed = closed
        self.kind = kind
        self.severity = severity
        self.states = states


class Complaint:
    """One complaint's story, told fact by fact in the order of the log; a fact told again changes nothing."""

    def __init__(self, key: bytes, findings: Findings, delays: Delays) -> None:
        self.key = key
        self.received = 0
        self.decided = False
        self.planned: set[str] = set()  # by what each plan follows from
        self.closed = False
        self.kind = ""
        self.severity = ""
        self.promises: dict[str, Promise] = {}
        self._findings = findings
        self._delays = delays
        self._places: dict[str, int] = {}  # fact → its place among this complaint's
        self._first_decision = ""
        self._revisions: set[int] = set()
        self._kinds: set[str] = set()
        self._purposes: dict[str, str] = {}
        self._acts: dict[str, tuple[int, str, datetime]] = {}  # fact → (place, signal, accepted)

    @property
    def id(self) -> str:
        """The complaint's id as people write it."""
        return str(UUID(bytes=self.key))

    def standing(self) -> Standing:
        """How it stands now."""
        states = {id_: promise.state for id_, promise in self.promises.items()}
        return Standing(
            received=self.received > 0, closed=self.closed, kind=self.kind, severity=self.severity, states=states
        )

    def tell(self, told: AnyTold) -> None:
        """Take in the next fact."""
        places = self._places
        if told.id in places:
            return
        if not self.received and not isinstance(told, Received):
            self._findings.add("fact_before_received", self.id)
        if isinstance(told, _EFFECTS) and told.cause not in places:
            self._findings.add("effect_before_cause", told.id)
        places[told.id] = len(places)
        self._fold(told)

    def _fold(self, told: AnyTold) -> None:
        match told:
            case Received():
                self.received += 1
                if self.received > 1:
                    self._findings.add("received_twice", self.id)
            case Decided():
                self._decide(told)
            case Planned():
                if told.cause in self.planned:
                    self._findings.add("planned_twice", self.id)
                self.planned.add(told.cause)
                self._open(told.opened, told.cause, told.calls)
            case Ended():
                self._end(told.promises, told.how)
                self._open(told.opened, told.cause, told.calls)
                if told.how == "broken":
                    self._delays.note(told.after_s)
            case Settled():
                self._settle(told)
            case Closed():
                self.closed = True
                self._end(told.kept, "kept")
                self._end(told.released, "released")
                self._open((), told.cause, told.calls)
            case Reopened():
                self.closed = False
                self._open(told.opened, told.cause, told.calls)
            case Keeping():
                self._acts[told.id] = (self._places[told.id], told.signal, told.accepted_at)
            case _:
                pass

    def _decide(self, told: Decided) -> None:
        if told.revision in self._revisions:
            self._findings.add("decided_twice", self.id)
        self._revisions.add(told.revision)
        self._first_decision = self._first_decision or told.id
        self.decided = True
        self.kind, self.severity = told.kind, told.severity
        self._kinds.add(told.kind)

    def _settle(self, told: Settled) -> None:
        """A contact that named no purpose had that of the callback it settled."""
        act, purpose = self._acts.get(told.cause), self._purposes.get(told.callback)
        if act and purpose and act[1] == "contact:other":
            self._acts[told.cause] = (act[0], f"contact:{purpose}", act[2])
        self._open((), told.cause, told.calls)

    def _open(self, promises: tuple[Opened, ...], cause: str, calls: Calls) -> None:
        """What followed from the first decision is there for facts before it too; what time opened, from its time on."""
        place = -1 if cause == self._first_decision else self._places.get(cause)
        for one in promises:
            since = one.starts_at if place is None else None
            self.promises[one.id] = Promise(one, behind=-1 if place is None else place, since=since)
        self._purposes.update(calls)

    def _end(self, ids: tuple[str, ...], state: str) -> None:
        for id_ in ids:
            promise = self.promises.get(id_)
            if promise is None:
                self._findings.add("unknown_promise_ended", id_)
                continue
            if promise.state != "open":
                self._findings.add("promise_ended_twice", id_)
            promise.state = state

    def conclude(self, now: datetime, *, decision_due: bool = True, plan_due: bool = True) -> None:
        """Check what must hold once the log is read to its end; `…_due`: whoever owes it has read that far."""
        if not self.received:
            return
        if not self.decided:
            if decision_due:
                self._findings.add("never_decided", self.id)
        elif not self.planned and not self.closed and plan_due:
            self._findings.add("never_planned", self.id)
        if self.planned and not self.closed and all(p.state != "open" for p in self.promises.values()):
            self._findings.add("no_open_promise", self.id)
        for id_, promise in self.promises.items():
            if promise.state == "open" and promise.due_at < now - GRACE and not self.closed:
                self._findings.add("silent_promise", id_)
            elif promise.state == "broken" and self._acts and self._was_kept(promise):
                self._findings.add("false_break", id_)

    def _was_kept(self, promise: Promise) -> bool:
        """Whether a fact of the log kept it in time, wherever it stands."""
        complaint = not self._kinds or "complaint" in self._kinds
        return any(
            place > promise.behind
            and accepted_at < promise.due_at
            and (promise.since is None or accepted_at >= promise.since)
            and keeps(signal, promise.kind, complaint=complaint)
            for place, signal, accepted_at in self._acts.values()
        )
