"""Folds the log, complaint by complaint, into what must be true of it now; pure."""

from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from kesu.verify.findings import Findings
from shared.events import followup, intake, routing
from shared.events.envelope import ComplaintFact, Fact
from shared.events.followup import PromiseOpened

GRACE: Final = timedelta(seconds=60)  # a lapse may be judged this much later before it counts as silent


class Complaint:
    """What the log says of one complaint so far."""

    __slots__ = ("closed", "events", "kind", "planned", "promises", "received", "revisions", "severity")

    def __init__(self) -> None:
        self.received = 0
        self.revisions: set[int] = set()
        self.planned: set[str] = set()  # by what each plan follows from
        self.closed = False
        self.kind = ""
        self.severity = ""
        self.events: set[str] = set()
        self.promises: dict[str, tuple[str, datetime]] = {}  # id → (state, due)


class Story:
    """The log as it was read so far. Every event is told once: a repetition of the same bytes changes nothing."""

    def __init__(self, findings: Findings) -> None:
        self.complaints: dict[str, Complaint] = {}
        self.contents: dict[str, bytes] = {}
        self.publisher_ids: dict[str, set[str]] = {"intake": set(), "routing": set(), "followup": set()}
        self.repeated = 0
        self._findings = findings

    def tell(self, event: Fact, value: bytes, *, publisher: str) -> None:
        """Take in the next event of the log."""
        digest = blake2b(value, digest_size=8).digest()
        if (known := self.contents.get(event.id)) is not None:
            self.repeated += 1
            if known != digest:
                self._findings.add("id_with_two_contents", event.id)
            return
        self.contents[event.id] = digest
        self.publisher_ids[publisher].add(event.id)
        if isinstance(event, ComplaintFact):
            self._tell_complaint(event)

    def _tell_complaint(self, event: ComplaintFact) -> None:
        complaint = self.complaints.setdefault(event.complaint_id, Complaint())
        if not complaint.received and not isinstance(event, intake.ComplaintReceived):
            self._findings.add("fact_before_received", event.complaint_id)
        if (
            isinstance(event, routing.ComplaintRouted | followup.FollowupPlanned)
            and event.causation_id not in complaint.events
        ):
            self._findings.add("effect_before_cause", event.id)
        complaint.events.add(event.id)
        self._fold(complaint, event)

    def _fold(self, complaint: Complaint, event: ComplaintFact) -> None:
        match event:
            case intake.ComplaintReceived():
                complaint.received += 1
                if complaint.received > 1:
                    self._findings.add("received_twice", event.complaint_id)
            case routing.ComplaintRouted(revision=revision, assessment=assessment, decision=decision):
                if revision in complaint.revisions:
                    self._findings.add("decided_twice", event.complaint_id)
                complaint.revisions.add(revision)
                complaint.kind, complaint.severity = assessment.kind, decision.severity
            case followup.FollowupPlanned(promises=promises):
                if event.causation_id in complaint.planned:
                    self._findings.add("planned_twice", event.complaint_id)
                complaint.planned.add(event.causation_id)
                self._open(complaint, promises)
            case followup.PromiseKept(promise_ids=ids, opened=opened):
                self._end(complaint, ids, "kept")
                self._open(complaint, opened)
            case followup.PromiseRenewed(promise_id=id_, opened=one):
                self._end(complaint, (id_,), "renewed")
                self._open(complaint, (one,))
            case followup.PromiseBroken(promise_id=id_, opened=opened):
                self._end(complaint, (id_,), "broken")
                self._open(complaint, opened)
            case followup.ComplaintClosed(promises_kept=kept, promises_released=released):
                complaint.closed = True
                self._end(complaint, kept, "kept")
                self._end(complaint, released, "released")
            case followup.ComplaintReopened(opened=opened):
                complaint.closed = False
                self._open(complaint, opened)
            case _:
                pass

    def _open(self, complaint: Complaint, promises: tuple[PromiseOpened, ...]) -> None:
        for promise in promises:
            complaint.promises[promise.promise_id] = ("open", promise.due_at)

    def _end(self, complaint: Complaint, ids: tuple[str, ...], state: str) -> None:
        for id_ in ids:
            if id_ not in complaint.promises:
                self._findings.add("unknown_promise_ended", id_)
                continue
            before, due = complaint.promises[id_]
            if before != "open":
                self._findings.add("promise_ended_twice", id_)
            complaint.promises[id_] = (state, due)

    def conclude(self, now: datetime) -> None:
        """Check what must hold once the log is read to its end."""
        for id_, complaint in self.complaints.items():
            if not complaint.received:
                continue
            if not complaint.revisions:
                self._findings.add("never_decided", id_)
            elif not complaint.planned and not complaint.closed:
                self._findings.add("never_planned", id_)
            states = [state for state, _ in complaint.promises.values()]
            if complaint.planned and not complaint.closed and "open" not in states:
                self._findings.add("no_open_promise", id_)
            for promise, (state, due) in complaint.promises.items():
                if state == "open" and due < now - GRACE and not complaint.closed:
                    self._findings.add("silent_promise", promise)
