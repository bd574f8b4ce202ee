"""What became of a complaint: taken on, answered, closed, opened again, judged by the customer."""

from msgspec.structs import replace

from services.reporting.model import Link, Progress
from shared.events.envelope import ComplaintFact
from shared.events.followup import ComplaintClosed, ComplaintReopened
from shared.events.intake import (
    AssignmentAccepted,
    AssignmentRefused,
    ComplaintsLinked,
    ComplaintsMerged,
    ComplaintsSplit,
    ComplaintWithdrawn,
    InformationSupplied,
    SolutionDelivered,
    SolutionProposed,
    SurveyAnswered,
)


def progress_of(event: ComplaintFact) -> Progress | None:
    """What `event` changes in its complaint's progress, if it does."""
    complaint, at = event.complaint_id, event.occurred_at
    match event:
        case ComplaintClosed():
            return Progress(complaint_id=complaint, status="closed", closed_at=at, close_reason=event.reason)
        case ComplaintReopened():
            return Progress(complaint_id=complaint, status="open", reopened=1)
        case SurveyAnswered():
            return Progress(complaint_id=complaint, csat=event.score, surveyed_at=at)
        case AssignmentAccepted():
            return Progress(complaint_id=complaint, accepted_at=at, accepted_unit=event.unit)
        case AssignmentRefused():
            return Progress(complaint_id=complaint, refusals=1)
        case SolutionProposed():
            return Progress(complaint_id=complaint, proposals=1)
        case SolutionDelivered():
            return _delivered(event)
        case InformationSupplied():
            return Progress(complaint_id=complaint, key_findings=len(event.findings))
        case ComplaintWithdrawn():
            return Progress(complaint_id=complaint, withdrawn_at=at)
        case _:
            return None


def _delivered(event: SolutionDelivered) -> Progress:
    return Progress(
        complaint_id=event.complaint_id, delivered_at=event.occurred_at, solution_accepted=event.accepted,
        demands_answered=all(answer.answer != "not_addressed" for answer in event.answers) if event.answers else None,
        compensation_minor=event.compensation_minor,
    )  # fmt: skip


def merged(older: Progress, newer: Progress) -> Progress:
    """Both changes as one, the newer counting. The store's upsert says the same in SQL."""
    status = newer if newer.status else older
    delivery = newer if newer.delivered_at else older
    acceptance = newer if newer.accepted_at else older
    survey = newer if newer.surveyed_at else older
    return Progress(
        complaint_id=newer.complaint_id, status=status.status, closed_at=status.closed_at,
        close_reason=status.close_reason, reopened=older.reopened + newer.reopened,
        accepted_at=acceptance.accepted_at, accepted_unit=acceptance.accepted_unit,
        refusals=older.refusals + newer.refusals, proposals=older.proposals + newer.proposals,
        delivered_at=delivery.delivered_at, solution_accepted=delivery.solution_accepted,
        demands_answered=delivery.demands_answered, compensation_minor=delivery.compensation_minor,
        withdrawn_at=newer.withdrawn_at or older.withdrawn_at,
        key_findings=older.key_findings if newer.key_findings is None else newer.key_findings,
        csat=survey.csat, surveyed_at=survey.surveyed_at,
    )  # fmt: skip


def link_of(event: ComplaintFact) -> Link | None:
    """What `event` says of two complaints that belong together, if it does."""
    complaint, at = event.complaint_id, event.occurred_at
    match event:
        case ComplaintsLinked():
            return Link(complaint_id=complaint, other_id=event.other_id, relation=event.relation, linked_at=at)
        case ComplaintsMerged():
            return Link(complaint_id=complaint, other_id=event.into_id, relation="merged", linked_at=at)
        case ComplaintClosed(reason="merged", into_id=into_id) if into_id:
            return Link(complaint_id=complaint, other_id=into_id, relation="merged", linked_at=at)
        case ComplaintsSplit():
            return Link(complaint_id=complaint, other_id=event.other_id, undone_at=at)
        case _:
            return None


def link_merged(older: Link, newer: Link) -> Link:
    """Both facts about one pair as one: linking again undoes a split."""
    return newer if newer.relation is not None else replace(older, undone_at=newer.undone_at)
