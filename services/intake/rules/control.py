"""Facts that belong to no complaint: the roster, policy packs, and incidents confirmed or dismissed."""

from datetime import datetime
from typing import Final, TypedDict

from msgspec.structs import replace

from services.intake.model import Arrival, ControlDraft
from services.intake.rules import limits
from services.intake.rules.references import referred
from services.intake.rules.times import happened
from shared import ids
from shared.events import intake as facts
from shared.events import submissions as said
from shared.events.envelope import Actor, ControlFact
from shared.events.registry import type_of

HANDLERS_MAX: Final = 20_000
SKILLS_MAX: Final = 100
CHILDREN_MAX: Final = 5_000
CAPACITY_MAX: Final = 10_000


class Envelope(TypedDict):
    """The fields that every control fact shares."""

    id: str
    tenant: str
    actor: Actor
    occurred_at: datetime
    accepted_at: datetime
    causation_id: str
    correlation_id: str


def control_draft(
    arrival: Arrival, submission: said.ControlSubmission, *, submission_id: str, fingerprint: bytes, time_zone: str
) -> ControlDraft:
    """The control fact that `arrival` states; times without a zone are local to `time_zone`. Raises Refused."""
    occurred_at, _ = happened(submission.occurred_at, accepted_at=arrival.accepted_at, time_zone=time_zone)
    event_id = ids.event_id(cause=submission_id, type_=type_of(_EVENT_OF[type(submission)]))
    envelope = Envelope(
        id=event_id,
        tenant=submission.tenant,
        actor=Actor(submission.role, submission.actor),
        occurred_at=occurred_at,
        accepted_at=arrival.accepted_at,
        causation_id=submission_id,
        correlation_id=event_id,
    )
    return ControlDraft(submission_id=submission_id, fingerprint=fingerprint, event=_event(submission, envelope))


_EVENT_OF: Final[dict[type[said.Submission], type[ControlFact]]] = {
    said.RosterSubmission: facts.RosterChanged,
    said.PackSubmission: facts.PackSubmitted,
    said.IncidentConfirmationSubmission: facts.IncidentConfirmed,
    said.IncidentDismissalSubmission: facts.IncidentDismissed,
}


def _event(s: said.ControlSubmission, envelope: Envelope) -> ControlFact:
    match s:
        case said.RosterSubmission():
            limits.within(s.version, "$.version", highest=limits.COUNT_MAX)
            limits.few(s.handlers, "$.handlers", limit=HANDLERS_MAX)
            handlers = tuple(_handler(one, f"$.handlers[{n}]") for n, one in enumerate(s.handlers))
            return facts.RosterChanged(**envelope, version=s.version, handlers=handlers)
        case said.PackSubmission():
            name = limits.short(s.name, "$.name")
            return facts.PackSubmitted(**envelope, name=name, content_hash=s.content_hash, body=s.body)
        case said.IncidentConfirmationSubmission():
            limits.few(s.children, "$.children", limit=CHILDREN_MAX)
            parent_id = referred(s.parent, tenant=s.tenant, path="$.parent")
            children = tuple(
                referred(one, tenant=s.tenant, path=f"$.children[{n}]") for n, one in enumerate(s.children)
            )
            return facts.IncidentConfirmed(
                **envelope, incident_id=s.incident_id, parent_id=parent_id, children=children
            )
        case said.IncidentDismissalSubmission():
            reason = limits.short(s.reason, "$.reason")
            return facts.IncidentDismissed(**envelope, incident_id=s.incident_id, reason=reason)
        case _:
            raise AssertionError(f"no control fact for {type(s).__name__}")  # _EVENT_OF lists the same kinds


def _handler(one: facts.Handler, path: str) -> facts.Handler:
    limits.few(one.skills, f"{path}.skills", limit=SKILLS_MAX)
    limits.within(one.capacity, f"{path}.capacity", highest=CAPACITY_MAX)
    skills = tuple(limits.short(skill, f"{path}.skills", limit=limits.WORD_CHARACTERS_MAX) for skill in one.skills)
    return replace(one, id=limits.short(one.id, f"{path}.id"), skills=skills)
