"""Folds each complaint's story and holds what tables show of it against it: a bucket at a time, pure."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from kesu.verify.bounds import Bounds
from kesu.verify.evidence import KEPT_PROMISE, VIEWED, Evidence, facts_in, rows_in
from kesu.verify.figures import Figures
from kesu.verify.findings import Findings
from kesu.verify.story import Complaint, Standing, States
from kesu.verify.told import Closed, Decided, Ended, Planned, Received, Reopened, decode

CHANGES_PROMISES = (Planned, Ended, Closed, Reopened)


class Case:
    """A complaint's story, and where it stood at two points: the end of what is judged, and where reporting was."""

    __slots__ = ("at_end", "complaint", "decided_at", "moved_on", "received_at", "shown", "unread")

    def __init__(self, complaint: Complaint) -> None:
        self.complaint = complaint
        self.at_end: Standing | None = None
        self.shown: Standing | None = None
        self.received_at: tuple[int, int] | None = None
        self.decided_at: tuple[int, int] | None = None
        self.moved_on = False  # promises changed behind the end
        self.unread = False  # follow-up had not read all of it


class Complaints:
    """Goes through all complaints."""

    def __init__(self, bounds: Bounds, findings: Findings, figures: Figures, *, now: datetime) -> None:
        self._bounds = bounds
        self._findings = findings
        self._figures = figures
        self._now = now

    def compare(self, evidence: Evidence) -> Iterator[int]:
        """Compare bucket by bucket; yields how many facts each had."""
        for facts, rows in zip(evidence.facts.all(), evidence.rows.all(), strict=True):
            cases, count = self._told(facts)
            for case in cases.values():
                self._conclude(case)
            self._shown(rows, cases)
            yield count

    def _told(self, facts: bytes) -> tuple[dict[bytes, Case], int]:
        cases: dict[bytes, Case] = {}
        count, bounds = 0, self._bounds
        ends, reporting, followup = bounds.ends, bounds.read["reporting"], bounds.read["followup"]
        for key, partition, offset, value in facts_in(facts):
            count += 1
            case = cases.get(key)
            if case is None:
                case = cases[key] = Case(Complaint(key, self._findings, self._figures.lapses))
            complaint = case.complaint
            if case.at_end is None and offset >= ends[partition]:
                case.at_end = complaint.standing()
            if case.shown is None and offset >= reporting[partition]:
                case.shown = complaint.standing()
            told = decode(value)
            if offset >= ends[partition]:
                case.moved_on = case.moved_on or isinstance(told, CHANGES_PROMISES)
            elif offset >= followup[partition]:
                case.unread = True
            if isinstance(told, Received) and case.received_at is None:
                case.received_at = (partition, offset)
            elif isinstance(told, Decided) and case.decided_at is None:
                case.decided_at = (partition, offset)
            complaint.tell(told)
        return cases, count

    def _conclude(self, case: Case) -> None:
        complaint, figures = case.complaint, self._figures
        complaint.conclude(
            self._now,
            decision_due=self._due("routing", case.received_at),
            plan_due=self._due("followup", case.decided_at),
        )
        at_end = case.at_end or complaint.standing()
        if at_end.received:
            figures.complaints += 1
            figures.open_complaints += not at_end.closed
        figures.promises += len(at_end.states)
        figures.open_promises += sum(state == "open" for state in at_end.states.values())
        figures.newer_complaints += case.at_end is not None
        figures.unread_complaints += case.unread

    def _due(self, reader: str, place: tuple[int, int] | None) -> bool:
        """Whether an answer to the fact at `place` must be on the log: it is judged, and its reader has handled it."""
        if place is None:
            return True
        return place[1] < self._bounds.ends[place[0]] and self._bounds.handled(reader, *place)

    def _shown(self, rows: bytes, cases: dict[bytes, Case]) -> None:
        views: set[bytes] = set()
        kept: dict[bytes, States] = {}
        shown: dict[bytes, States] = {}
        for key, kind, says in rows_in(rows):
            if kind == VIEWED:
                views.add(key)
                self._view(key, says, cases.get(key))
            else:
                table = kept if kind == KEPT_PROMISE else shown
                table.setdefault(key, {})[says[0]] = says[1]
        for key, case in cases.items():
            at_shown = case.shown or case.complaint.standing()
            if at_shown.received and key not in views:
                self._findings.add("view_differs", case.complaint.id)
            self._promises("reporting", at_shown.states, shown.pop(key, {}))
            held = kept.pop(key, {})
            if not case.moved_on and not case.unread:
                self._promises("followup", (case.at_end or case.complaint.standing()).states, held)
        for where, rest in (("followup", kept), ("reporting", shown)):
            for states in rest.values():
                self._promises(where, {}, states)

    def _view(self, key: bytes, says: list[str], case: Case | None) -> None:
        at = (case.shown or case.complaint.standing()) if case else None
        shown = (says[0] == "closed", says[1], says[2])
        if at is None or shown != (at.closed, at.kind, at.severity):
            self._findings.add("view_differs", str(UUID(bytes=key)))

    def _promises(self, where: str, told: States, table: States) -> None:
        if told == table:
            return
        for id_ in told.keys() | table.keys():
            if told.get(id_) != table.get(id_):
                self._findings.add("promise_table_differs", f"{where}:{id_}")
