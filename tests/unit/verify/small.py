"""A small log and the tables that belong to it, judged as a verification does, without broker and database."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from aiokafka import TopicPartition
from msgspec import Struct

from kesu.verify.bounds import EVERYTHING, Bounds
from kesu.verify.complaints import Complaints
from kesu.verify.evidence import (
    ARCHIVED,
    KEPT_PROMISE,
    PUBLISHERS,
    SHOWN_PROMISE,
    SUBMITTED,
    VIEWED,
    Evidence,
    digest_of,
    key_of,
)
from kesu.verify.figures import Figures
from kesu.verify.findings import Findings
from kesu.verify.identities import Identities
from kesu.verify.story import Complaint
from kesu.verify.told import decode, told_by
from kesu.verify.told import encode as encode_told
from shared.events.envelope import ComplaintFact, Fact
from shared.events.registry import PUBLISHER_OF, encode, type_of
from shared.saved import COMPLAINTS

LOG = TopicPartition(COMPLAINTS, 0)


def publisher_of(event: Fact) -> int:
    """The number of who publishes it."""
    return PUBLISHERS.index(PUBLISHER_OF[type_of(type(event))])


class Tables(Struct):
    """What the tables say. Made for a log, they say what it says; a test changes that."""

    saved: list[tuple[int, str, bytes]]
    archived: list[tuple[str, bytes]]
    submitted: list[str]
    views: list[tuple[str, str, str, str]]
    kept: list[tuple[str, str, str]]
    shown: list[tuple[str, str, str]]


def tables_of(log: Sequence[ComplaintFact], *, archived: Sequence[ComplaintFact] | None = None) -> Tables:
    """Sound tables: every event saved by who publishes it; what reporting has is of `archived`, if not of all."""
    seen = log if archived is None else archived
    return Tables(
        saved=[(publisher_of(event), event.id, encode(event)) for event in _once(log)],
        archived=[(event.id, encode(event)) for event in _once(seen)],
        submitted=[event.id for event in _once(log) if publisher_of(event) == 0],
        views=[
            (id_, "closed" if one.closed else "open", one.kind, one.severity)
            for id_, one in _told(seen).items() if one.received
        ],
        kept=_promises(log), shown=_promises(seen),
    )  # fmt: skip


def judged(
    log: Sequence[ComplaintFact], tables: Tables | None = None, *, after: timedelta = timedelta(hours=1),
    end: int | None = None, read: dict[str, int] | None = None,
) -> tuple[dict[str, int], Figures]:  # fmt: skip
    """(code → how often, figures) for a log with an end, its readers, and tables; looked at `after` its last fact."""
    findings, figures = Findings(), Figures()
    reached = {"routing": EVERYTHING, "followup": EVERYTHING, "reporting": EVERYTHING} | (read or {})
    bounds = Bounds(
        partitions=(LOG,), ends=(len(log) if end is None else end,), read={name: (at,) for name, at in reached.items()}
    )
    with Evidence() as evidence:
        for offset, event in enumerate(log):
            evidence.published(event, encode(event), publisher=publisher_of(event), partition=0, offset=offset)
        _put(evidence, tables or tables_of(log))
        identities = Identities(bounds, findings, figures)
        list(identities.compare(evidence))
        identities.say_unpublished()
        list(Complaints(bounds, findings, figures, now=_last(log) + after).compare(evidence))
    return {one.code: one.count for one in findings.all()}, figures


def found(log: Sequence[ComplaintFact], *, after: timedelta = timedelta(hours=1)) -> dict[str, int]:
    """What is found in a log whose tables are sound."""
    return judged(log, after=after)[0]


def _put(evidence: Evidence, tables: Tables) -> None:
    for publisher, id_, body in tables.saved:
        evidence.in_table(publisher, key_of(id_), digest_of(body))
    for id_, body in tables.archived:
        evidence.in_table(ARCHIVED, key_of(id_), digest_of(body))
    for id_ in tables.submitted:
        evidence.in_table(SUBMITTED, key_of(id_))
    for kind, rows in ((VIEWED, tables.views), (KEPT_PROMISE, tables.kept), (SHOWN_PROMISE, tables.shown)):
        for id_, *says in rows:
            evidence.row(kind, key_of(id_), *says)


def _last(log: Sequence[Fact]) -> datetime:
    return max(event.accepted_at for event in log)


def _once(log: Sequence[ComplaintFact]) -> Iterable[ComplaintFact]:
    first: dict[str, ComplaintFact] = {}
    for event in log:
        first.setdefault(event.id, event)
    return first.values()


def _told(log: Sequence[ComplaintFact]) -> dict[str, Complaint]:
    told: dict[str, Complaint] = {}
    for event in log:
        one = told.setdefault(event.complaint_id, Complaint(key_of(event.complaint_id), Findings(), Figures().lapses))
        one.tell(decode(encode_told(told_by(event))))
    return told


def _promises(log: Sequence[ComplaintFact]) -> list[tuple[str, str, str]]:
    return [(id_, p, state) for id_, one in _told(log).items() for p, state in one.standing().states.items()]
