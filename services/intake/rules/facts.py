"""Facts that people and channels add to a complaint: what each kind of submission says on the log."""

from typing import Final

from services.intake.model import Arrival, FactDraft, Refused
from services.intake.rules import control, limits
from services.intake.rules.checks import Context, contradictions
from services.intake.rules.references import referred
from services.intake.rules.text import normalised
from services.intake.rules.times import happened, zone
from shared import ids
from shared.events import intake as facts
from shared.events import submissions as said
from shared.events.envelope import Actor, ComplaintFact, Fact, Personal
from shared.events.registry import type_of

EVENT_OF: Final[dict[type[said.Submission], type[Fact]]] = {
    said.ContactSubmission: facts.ContactRecorded,
    said.InformationSubmission: facts.InformationSupplied,
    said.AcceptanceSubmission: facts.AssignmentAccepted,
    said.RefusalSubmission: facts.AssignmentRefused,
    said.ProposalSubmission: facts.SolutionProposed,
    said.DeliverySubmission: facts.SolutionDelivered,
    said.WithdrawalSubmission: facts.ComplaintWithdrawn,
    said.LinkSubmission: facts.ComplaintsLinked,
    said.MergeSubmission: facts.ComplaintsMerged,
    said.SplitSubmission: facts.ComplaintsSplit,
    said.SurveySubmission: facts.SurveyAnswered,
    said.OverrideSubmission: facts.StrategyOverridden,
    said.RepinSubmission: facts.ComplaintRepinned,
}
TYPE_OF: Final = {submission: type_of(event) for submission, event in EVENT_OF.items()}


class Envelope(control.Envelope):
    """The fields that every fact of a complaint shares."""

    complaint_id: str
    customer_id: str


def _other_id(submission: said.FactSubmission) -> str:
    """The second complaint that a link, merge or split names."""
    match submission:
        case said.LinkSubmission() | said.SplitSubmission():
            return referred(submission.other, tenant=submission.tenant, path="$.other")
        case said.MergeSubmission():
            return referred(submission.into, tenant=submission.tenant, path="$.into")
        case _:
            return ""


def _personal(submission: said.FactSubmission) -> Personal | None:
    """The words of a fact that are sealed: a note, or a solution's wording."""
    match submission:
        case said.ContactSubmission() | said.InformationSubmission() | said.RefusalSubmission():
            text = normalised(submission.note)
        case said.ProposalSubmission() | said.DeliverySubmission():
            text = normalised(submission.wording)
        case _:
            return None
    return Personal(text=text) if text else None


def fact_draft(
    arrival: Arrival, submission: said.FactSubmission, *, submission_id: str, fingerprint: bytes, time_zone: str
) -> FactDraft:
    """The fact that `arrival` states; times without a zone are local to `time_zone`. Raises Refused."""
    complaint_id = referred(submission.about, tenant=submission.tenant, path="$.about")
    other_id = _other_id(submission)
    if other_id == complaint_id:
        raise Refused("reference_to_itself")
    occurred_at, _ = happened(submission.occurred_at, accepted_at=arrival.accepted_at, time_zone=time_zone)
    event_id = ids.event_id(cause=submission_id, type_=TYPE_OF[type(submission)])
    envelope = Envelope(
        id=event_id,
        tenant=submission.tenant,
        actor=Actor(submission.role, submission.actor),
        occurred_at=occurred_at,
        accepted_at=arrival.accepted_at,
        causation_id=submission_id,
        correlation_id=event_id,
        complaint_id=complaint_id,
        customer_id="",
    )
    return FactDraft(
        submission_id=submission_id,
        fingerprint=fingerprint,
        event=_event(submission, envelope, other_id, time_zone),
        personal=_personal(submission),
        other_id=other_id,
        arrival=arrival,
    )


def _event(s: said.FactSubmission, envelope: Envelope, other_id: str, time_zone: str) -> ComplaintFact:
    match s:
        case said.ContactSubmission():
            return _contact(s, envelope, time_zone)
        case said.InformationSubmission():
            return _information(s, envelope, time_zone)
        case said.AcceptanceSubmission():
            return facts.AssignmentAccepted(**envelope, unit=s.unit)
        case said.RefusalSubmission():
            return facts.AssignmentRefused(**envelope, unit=s.unit, reason=s.reason)
        case said.ProposalSubmission() | said.DeliverySubmission():
            return _solution(s, envelope)
        case said.WithdrawalSubmission():
            return facts.ComplaintWithdrawn(**envelope, reason=s.reason)
        case said.LinkSubmission():
            return facts.ComplaintsLinked(**envelope, other_id=other_id, relation=s.relation)
        case said.MergeSubmission():
            return facts.ComplaintsMerged(**envelope, into_id=other_id)
        case said.SplitSubmission():
            return facts.ComplaintsSplit(**envelope, other_id=other_id)
        case said.SurveySubmission():
            return facts.SurveyAnswered(**envelope, score=s.score, by=s.by)
        case said.OverrideSubmission() | said.RepinSubmission():
            return _overruled(s, envelope)
        case _:
            raise AssertionError(f"no fact for {type(s).__name__}")  # TYPE_OF and this match list the same kinds


def _overruled(s: said.OverrideSubmission | said.RepinSubmission, envelope: Envelope) -> ComplaintFact:
    """A decision is overruled, or to be taken anew."""
    reason = limits.short(s.reason, "$.reason")
    if isinstance(s, said.OverrideSubmission):
        return facts.StrategyOverridden(**envelope, strategy=s.strategy, reason=reason)
    return facts.ComplaintRepinned(**envelope, content_hash=s.content_hash, reason=reason)


def _contact(s: said.ContactSubmission, envelope: Envelope, time_zone: str) -> facts.ContactRecorded:
    limits.few(s.steps, "$.steps")
    return facts.ContactRecorded(
        **envelope,
        direction=s.direction,
        purpose=s.purpose,
        outcome=s.outcome,
        medium=s.medium,
        handler=s.actor,
        callback_id=limits.short(s.callback_id, "$.callback_id") if s.callback_id else None,
        steps=s.steps,
        emotion_before=s.emotion_before,
        emotion_after=s.emotion_after,
        promised=limits.promises(s.promised, time_zone=time_zone, occurred_at=envelope["occurred_at"]),
        minutes=s.minutes,
        abusive=s.abusive,
    )


def _information(s: said.InformationSubmission, envelope: Envelope, time_zone: str) -> facts.InformationSupplied:
    supplied = limits.key_facts(s.key_facts, time_zone=time_zone, has_order_number=False, has_address=False)
    context = Context(occurred_at=envelope["occurred_at"], zone=zone(time_zone))
    return facts.InformationSupplied(
        **envelope,
        key_facts=supplied,
        stated=limits.stated(s.stated),
        findings=tuple(contradictions(supplied, context, warranty_days=0, tolerance_percent=0)),
    )


def _solution(
    s: said.ProposalSubmission | said.DeliverySubmission, envelope: Envelope
) -> facts.SolutionProposed | facts.SolutionDelivered:
    answers = limits.answers(s.answers)
    compensation_minor = limits.within(s.compensation_minor, "$.compensation_minor")
    if isinstance(s, said.ProposalSubmission):
        return facts.SolutionProposed(**envelope, unit=s.unit, answers=answers, compensation_minor=compensation_minor)
    return facts.SolutionDelivered(
        **envelope, handler=s.actor, accepted=s.accepted, answers=answers, compensation_minor=compensation_minor
    )
