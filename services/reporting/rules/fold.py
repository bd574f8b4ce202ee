"""Folds a batch of new events into the rows it changes: one row per key and table, each step pure."""

from collections.abc import Callable, Hashable, Iterable
from itertools import zip_longest
from typing import TypeVar

from services.reporting.model import CallbackRow, Changes, Complaint, Contact, DecisionRow, Link, Progress, PromiseRow
from services.reporting.rules import callbacks, decisions, progress, promises
from services.reporting.rules.receipts import complaint_of, contact_of
from shared.events.envelope import ComplaintFact, Fact
from shared.events.followup import (
    CallbackPlanned,
    CallbackRequested,
    CallbackSettled,
    ComplaintClosed,
    ComplaintReopened,
    FollowupPlanned,
    HoldingReplyRequested,
    PromiseBroken,
    PromiseKept,
    PromiseOpened,
    PromiseRenewed,
)
from shared.events.intake import ComplaintReceived, ContactRecorded
from shared.events.routing import ComplaintRouted

Key = TypeVar("Key", bound=Hashable)
Row = TypeVar("Row")


def project(events: Iterable[Fact]) -> Changes:
    """What `events` (each for the first time, in log order per complaint) change; events of no complaint change nothing."""
    draft = _Draft()
    for event in events:
        if isinstance(event, ComplaintFact):
            draft.take(event)
    return draft.changes()


class _Draft:
    """The rows of one batch while it is being folded."""

    def __init__(self) -> None:
        self._complaints: dict[str, Complaint] = {}
        self._decisions: dict[str, DecisionRow] = {}
        self._progress: dict[str, Progress] = {}
        self._promises: dict[str, PromiseRow] = {}
        self._callbacks: dict[str, CallbackRow] = {}
        self._contacts: list[Contact] = []
        self._links: dict[tuple[str, str], Link] = {}
        self._mentioned: dict[str, ComplaintFact] = {}

    def changes(self) -> Changes:
        """The rows as they are now."""
        return Changes(
            complaints=list(self._complaints.values()), decisions=list(self._decisions.values()),
            progress=list(self._progress.values()), promises=list(self._promises.values()),
            callbacks=list(self._callbacks.values()), contacts=self._contacts, links=list(self._links.values()),
            mentioned={id_: event for id_, event in self._mentioned.items() if id_ not in self._complaints},
        )  # fmt: skip

    def take(self, event: ComplaintFact) -> None:
        """Fold one event in; the most frequent kinds come first."""
        match event:
            case ComplaintReceived():
                self._complaints.setdefault(event.complaint_id, complaint_of(event))
                return
            case ComplaintRouted():
                _put(self._decisions, event.complaint_id, decisions.decision_of(event), decisions.merged)
            case FollowupPlanned():
                self._open(event.complaint_id, event.promises, event.callbacks)
            case ContactRecorded():
                self._contacts.append(contact_of(event))
            case PromiseKept() | PromiseRenewed() | PromiseBroken() | HoldingReplyRequested():
                self._promise(event)
            case CallbackRequested():
                self._put_callback(callbacks.requested(event))
            case CallbackSettled():
                self._put_callback(callbacks.settled(event))
                self._open(event.complaint_id, (), (event.next,) if event.next else ())
            case _:
                self._progressed(event)
        if event.complaint_id not in self._mentioned:
            self._mentioned[event.complaint_id] = event

    def _promise(self, event: PromiseKept | PromiseRenewed | PromiseBroken | HoldingReplyRequested) -> None:
        complaint, at, due_at = event.complaint_id, event.occurred_at, event.due_at
        match event:
            case PromiseKept():
                for promise_id, kind in zip_longest(event.promise_ids, event.kinds[: len(event.promise_ids)]):
                    self._put_promise(promises.ended(complaint, promise_id, "kept", at=at, kind=kind, due_at=due_at))
                self._cancel(event)
                self._open(complaint, event.opened, event.callbacks)
            case PromiseRenewed():
                self._put_promise(
                    promises.ended(complaint, event.promise_id, "renewed", at=at, kind=event.kind, due_at=due_at)
                )
                self._cancel(event)
                self._open(complaint, (event.opened,), event.callbacks)
            case PromiseBroken():
                self._put_promise(
                    promises.ended(complaint, event.promise_id, "broken", at=at, kind=event.kind, due_at=due_at)
                )
                self._cancel(event)
                self._open(complaint, event.opened, event.callbacks)
            case HoldingReplyRequested():
                self._put_promise(promises.holding_reply_asked(event))

    def _progressed(self, event: ComplaintFact) -> None:
        if row := progress.progress_of(event):
            _put(self._progress, event.complaint_id, row, progress.merged)
        if link := progress.link_of(event):
            _put(self._links, (link.complaint_id, link.other_id), link, progress.link_merged)
        match event:
            case ComplaintClosed():
                for promise_id in event.promises_kept:
                    self._put_promise(promises.ended(event.complaint_id, promise_id, "kept", at=event.occurred_at))
                for promise_id in event.promises_released:
                    self._put_promise(promises.ended(event.complaint_id, promise_id, "released", at=event.occurred_at))
                self._cancel(event)
                self._open(event.complaint_id, (), event.callbacks)
            case ComplaintReopened():
                self._open(event.complaint_id, event.opened, event.callbacks)
            case _:
                pass

    def _open(self, complaint_id: str, given: Iterable[PromiseOpened], planned: Iterable[CallbackPlanned]) -> None:
        for promise in given:
            self._put_promise(promises.opened(complaint_id, promise))
        for callback in planned:
            self._put_callback(callbacks.planned(complaint_id, callback))

    def _cancel(self, event: PromiseKept | PromiseRenewed | PromiseBroken | ComplaintClosed) -> None:
        for callback_id in event.callbacks_cancelled:
            self._put_callback(callbacks.cancelled(event.complaint_id, callback_id, at=event.occurred_at))

    def _put_promise(self, row: PromiseRow) -> None:
        _put(self._promises, row.promise_id, row, promises.merged)

    def _put_callback(self, row: CallbackRow) -> None:
        _put(self._callbacks, row.callback_id, row, callbacks.merged)


def _put(rows: dict[Key, Row], key: Key, row: Row, merge: Callable[[Row, Row], Row]) -> None:
    older = rows.get(key)
    rows[key] = row if older is None else merge(older, row)
