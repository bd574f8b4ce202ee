"""The one way in, for all doors: drafts become saved facts in one transaction of few statements, each exactly once."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog
from msgspec.structs import replace

from services.intake import store
from services.intake.model import (
    Accepted,
    Batch,
    ComplaintDraft,
    ControlDraft,
    Draft,
    FactDraft,
    Known,
    Refused,
    Registered,
    Waiting,
)
from services.intake.rules.drafting import Drafting
from services.intake.store import SCHEMA, Entry, entry_of
from services.intake.waiting import put_aside, woken
from shared.database import Connection
from shared.events.envelope import ComplaintFact, Fact, Personal
from shared.log import customer_keys
from shared.pipeline.records import Outgoing
from shared.saved import save_events, stored
from shared.vault import Ring, Vault
from shared.vault_restored import keys_of

_log = structlog.get_logger(__name__)


class Acceptance:
    """Takes drafts in. Whatever is sent twice, in whatever order, by whatever doors, is there once."""

    def __init__(self, *, vault: Vault, drafting: Drafting) -> None:
        self._vault = vault
        self._drafting = drafting

    async def accept(self, conn: Connection, drafts: Sequence[Draft], *, now: datetime, pending: bool = False) -> Batch:
        """Register and save `drafts` in the caller's transaction; nothing counts before `outgoing` is on the log.

        `pending` marks the events as still to be published (doors that have no position to come back to).
        """
        round_ = _Round(self._vault, self._drafting, now)
        openers, facts = round_.sort(drafts)
        await round_.open(conn, openers)
        await round_.add(conn, facts)
        outgoing = await round_.save(conn, pending=pending)
        answers = [round_.answer(draft) for draft in drafts]
        for answer in answers:
            if answer.warnings:
                _log.warning("submission_differs", submission_id=answer.submission_id)
        return Batch(answers, outgoing, round_.keys)

    async def release(self, conn: Connection, complaint_ids: Iterable[str], *, now: datetime) -> Batch:
        """Take in what still waits for complaints that are there (they came in parallel); saved as pending."""
        round_ = _Round(self._vault, self._drafting, now)
        round_.opened.update(complaint_ids)
        await round_.add(conn, [])
        outgoing = await round_.save(conn, pending=True)
        return Batch([], outgoing, round_.keys)


class _Round:
    """One batch on its way: what is new, what was there, what has to wait."""

    def __init__(self, vault: Vault, drafting: Drafting, now: datetime) -> None:
        self._vault = vault
        self._drafting = drafting
        self._now = now
        self.opened: set[str] = set()
        self.keys: list[Outgoing] = []
        self._first: dict[str, Draft] = {}
        self._answers: dict[str, Accepted] = {}
        self._events: list[tuple[Fact, Personal | None]] = []
        self._woken_ids: set[str] = set()
        self._again: list[str] = []
        self._customers_again: set[str] = set()
        self._ahead: dict[str, Outgoing] = {}

    def sort(self, drafts: Sequence[Draft]) -> tuple[list[ComplaintDraft | ControlDraft], list[FactDraft]]:
        """What stands alone, and what needs a complaint; of equal submissions in one batch the first counts."""
        for draft in drafts:
            self._first.setdefault(draft.submission_id, draft)
        firsts = self._first.values()
        openers = [draft for draft in firsts if not isinstance(draft, FactDraft)]
        return openers, [draft for draft in firsts if isinstance(draft, FactDraft)]

    async def open(self, conn: Connection, openers: Sequence[ComplaintDraft | ControlDraft]) -> None:
        """Register complaints and control facts."""
        new = await store.enter(conn, [_entry(draft) for draft in openers])
        before = await self._registered(conn, openers, new)
        for draft in openers:
            if draft.submission_id in new:
                personal = draft.personal if isinstance(draft, ComplaintDraft) else None
                self._take(draft, draft.event, personal)
            else:
                self._settle(draft, before[draft.submission_id])
            if isinstance(draft, ComplaintDraft):
                self.opened.add(draft.event.complaint_id)

    async def add(self, conn: Connection, facts: Sequence[FactDraft]) -> None:
        """Register facts of known complaints, first those that waited for complaints opened now; the others wait."""
        needed = {id_ for draft in facts for id_ in _needs(draft)}
        known = await store.known(conn, needed)
        rows = await store.wake(conn, self.opened | known.keys())
        if rows:
            facts = [*await self._woken(conn, rows), *facts]
            needed |= {id_ for draft in facts for id_ in _needs(draft)}
            known |= await store.known(conn, needed - known.keys())
        ready, waiting = self._divided(facts, known)
        await store.wait(conn, waiting)
        if ready:
            await self._add_ready(conn, ready, known)

    async def _add_ready(self, conn: Connection, ready: Sequence[FactDraft], known: dict[str, Known]) -> None:
        completed = {draft.submission_id: _completed(draft, known[draft.event.complaint_id]) for draft in ready}
        new = await store.enter(conn, [_entry(draft, completed[draft.submission_id]) for draft in ready])
        before = await self._registered(conn, ready, new)
        for draft in ready:
            if draft.submission_id in new:
                self._take(draft, completed[draft.submission_id], draft.personal)
                first = known[draft.event.complaint_id].unpublished
                if first:
                    self._ahead[first.id] = first
            else:
                self._settle(draft, before[draft.submission_id])

    async def save(self, conn: Connection, *, pending: bool) -> list[Outgoing]:
        """Seal and save what is new; returns all that has to be on the log, a complaint always before its facts.

        What waited is always saved as pending: when this batch is read again, nothing in it would bring it back.
        """
        customers = {e.customer_id for e, personal in self._events if personal and isinstance(e, ComplaintFact)}
        ring = await self._vault.ring(conn, customers)
        events = [_sealed(event, personal, ring) for event, personal in self._events]
        saved: dict[str, Outgoing] = {}
        for waited in (False, True):
            part = [event for event in events if (event.id in self._woken_ids) is waited]
            saved |= {one.id: one for one in await save_events(conn, SCHEMA, part, pending=pending or waited)}
        before = {one.id: one for one in await stored(conn, SCHEMA, self._again)}
        again = [before[id_] for id_ in self._again]
        # A process killed after saving had perhaps not published the keys either.
        keys = [*ring.made, *(await keys_of(conn, self._customers_again) if self._customers_again else ())]
        self.keys += map(customer_keys.outgoing, keys)
        return [*self._ahead.values(), *again, *(saved[event.id] for event in events)]

    def answer(self, draft: Draft) -> Accepted:
        """What to tell whoever sent `draft`."""
        answer = self._answers[draft.submission_id]
        first = self._first[draft.submission_id]
        if draft is first or answer.status in ("waiting", "refused"):
            return answer
        return _repeated(draft, Registered(draft.submission_id, first.event.id, first.fingerprint))

    async def _woken(self, conn: Connection, rows: Sequence[Waiting]) -> list[FactDraft]:
        drafts: list[FactDraft] = []
        for row in rows:
            try:
                draft = self._drafting.draft(woken(row, self._vault))
            except Refused as refused:  # drafted before, so a rule has changed since: it ends in the dead letters
                _log.error("waiting_fact_refused", submission_id=row.submission_id, code=refused.code)
                await store.wait(conn, [row])
                continue
            if isinstance(draft, FactDraft):
                drafts.append(draft)
                self._woken_ids.add(draft.event.id)
        return drafts

    def _divided(self, facts: Sequence[FactDraft], known: dict[str, Known]) -> tuple[list[FactDraft], list[Waiting]]:
        ready: dict[str, FactDraft] = {}
        waiting = []
        for draft in facts:
            missing = next((id_ for id_ in _needs(draft) if not _is_known(id_, draft, known)), None)
            if missing is None:
                ready.setdefault(draft.submission_id, draft)
                continue
            waiting.append(put_aside(draft, self._vault, missing=missing, now=self._now))
            self._answers[draft.submission_id] = Accepted(
                status="waiting", submission_id=draft.submission_id, complaint_id=draft.event.complaint_id
            )
        return list(ready.values()), waiting

    async def _registered(self, conn: Connection, drafts: Sequence[Draft], new: set[str]) -> dict[str, Registered]:
        return await store.registered(conn, [d.submission_id for d in drafts if d.submission_id not in new])

    def _take(self, draft: Draft, event: Fact, personal: Personal | None) -> None:
        self._events.append((event, personal))
        self._answers[draft.submission_id] = Accepted(
            status="accepted",
            submission_id=draft.submission_id,
            complaint_id=event.complaint_id if isinstance(event, ComplaintFact) else "",
            event_id=event.id,
        )

    def _settle(self, draft: Draft, before: Registered) -> None:
        answer = _repeated(draft, before)
        self._answers[draft.submission_id] = answer
        if answer.status == "duplicate":
            self._again.append(before.event_id)
            if isinstance(draft, ComplaintDraft):
                self._customers_again.add(draft.event.customer_id)


def _needs(draft: FactDraft) -> tuple[str, ...]:
    return (draft.event.complaint_id, draft.other_id) if draft.other_id else (draft.event.complaint_id,)


def _is_known(complaint_id: str, draft: FactDraft, known: dict[str, Known]) -> bool:
    complaint = known.get(complaint_id)
    return complaint is not None and complaint.tenant == draft.event.tenant


def _completed(draft: FactDraft, complaint: Known) -> ComplaintFact:
    return replace(draft.event, customer_id=complaint.customer_id, lang=complaint.lang)


def _sealed(event: Fact, personal: Personal | None, ring: Ring) -> Fact:
    if personal is None or not isinstance(event, ComplaintFact):
        return event
    sealed = ring.seal(customer_id=event.customer_id, event_id=event.id, personal=personal)
    return replace(event, sealed=sealed)


def _entry(draft: Draft, event: Fact | None = None) -> Entry:
    return entry_of(event or draft.event, submission_id=draft.submission_id, fingerprint=draft.fingerprint)


def _repeated(draft: Draft, before: Registered) -> Accepted:
    """The answer to what was there already: the first one counts, a different content is a warning."""
    event = draft.event
    complaint_id = event.complaint_id if isinstance(event, ComplaintFact) else ""
    if before.event_id != event.id:
        return Accepted(status="refused", submission_id=draft.submission_id, code="source_id_taken")
    differs = bool(before.fingerprint) and before.fingerprint != draft.fingerprint
    return Accepted(
        status="duplicate",
        submission_id=draft.submission_id,
        complaint_id=complaint_id,
        event_id=before.event_id,
        warnings=("submission_differs",) if differs else (),
    )
