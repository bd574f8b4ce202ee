"""What may come in: the payloads channels, handlers, units and supervisors submit by any door (Kafka, HTTP, import)."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from shared.events.envelope import Language, Role
from shared.events.intake import (
    Channel,
    CustomerTier,
    DemandAnswer,
    Emotion,
    Handler,
    KeyFacts,
    Outcome,
    PromiseMade,
    Stated,
    Step,
)

Identifier = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
Optional = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00-\x1f]*$")]
Words = Annotated[str, Meta(min_length=1, max_length=20_000)]


class Customer(Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """Who complains; at least one of account, phone and handle."""

    account: Optional = ""
    phone: Optional = ""
    handle: Optional = ""
    name: Optional = ""
    email: Optional = ""
    address: Annotated[str, Meta(max_length=500)] = ""
    tier: CustomerTier = "standard"
    usual_hour: Annotated[int, Meta(ge=0, le=23)] | None = None


class Submission(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What every submission carries. (tenant, source, source_id) names it for ever: sent twice, it counts once."""

    tenant: Annotated[str, Meta(min_length=1, max_length=60, pattern=r"^[a-z0-9][a-z0-9_-]*$")] = "default"
    source: Identifier
    source_id: Identifier
    occurred_at: datetime | None = None


class ComplaintSubmission(Submission, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A complaint, in the customer's words."""

    channel: Channel
    customer: Customer
    text: Words
    lang: Language | None = None
    time_zone: Optional = "Asia/Shanghai"
    order_number: Optional = ""
    key_facts: KeyFacts = KeyFacts()
    stated: Stated = Stated()
    taken_by: Optional = ""


class Reference(Struct, frozen=True, omit_defaults=True, kw_only=True, forbid_unknown_fields=True):
    """Which complaint a fact is about: its id, or the source and source id that opened it."""

    complaint_id: Optional = ""
    source: Optional = ""
    source_id: Optional = ""


class FactSubmission(Submission, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A fact about a complaint that is already there; `actor` is a pseudonymous id, its role is checked per kind."""

    about: Reference
    actor: Identifier
    role: Role


class ContactSubmission(FactSubmission, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One conversation, or an attempt."""

    direction: Literal["inbound", "outbound"]
    purpose: Literal["first_response", "progress", "holding_reply", "result", "satisfaction", "other"] = "other"
    outcome: Outcome
    medium: Literal["call", "message", "visit", "mail", "social"] = "call"
    callback_id: str | None = None
    steps: tuple[Step, ...] = ()
    emotion_before: Emotion | None = None
    emotion_after: Emotion | None = None
    promised: tuple[PromiseMade, ...] = ()
    minutes: Annotated[int, Meta(ge=0, le=1440)] = 0
    abusive: bool = False
    note: Annotated[str, Meta(max_length=20_000)] = ""


class InformationSubmission(FactSubmission, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Missing or corrected key facts."""

    key_facts: KeyFacts = KeyFacts()
    stated: Stated = Stated()
    note: Annotated[str, Meta(max_length=20_000)] = ""


class AcceptanceSubmission(FactSubmission, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The unit takes the case."""

    unit: Identifier


class RefusalSubmission(FactSubmission, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The unit sends the case back."""

    unit: Identifier
    reason: Literal["not_ours", "information_missing", "duplicate", "other"]
    note: Annotated[str, Meta(max_length=20_000)] = ""


class ProposalSubmission(FactSubmission, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A proposed solution."""

    unit: Optional = ""
    answers: tuple[DemandAnswer, ...] = ()
    compensation_minor: Annotated[int, Meta(ge=0)] | None = None
    wording: Words


class DeliverySubmission(FactSubmission, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The customer was told the result."""

    accepted: bool
    answers: tuple[DemandAnswer, ...] = ()
    compensation_minor: Annotated[int, Meta(ge=0)] | None = None
    wording: Annotated[str, Meta(max_length=20_000)] = ""


class WithdrawalSubmission(FactSubmission, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The customer takes the complaint back."""

    reason: Literal["solved_itself", "mistake", "other"] = "other"


class LinkSubmission(FactSubmission, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Two complaints belong together."""

    other: Reference
    relation: Literal["same_matter", "incident", "spread"] = "same_matter"


class MergeSubmission(FactSubmission, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One complaint goes on inside another."""

    into: Reference


class SplitSubmission(FactSubmission, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A link or merge is undone."""

    other: Reference


class SurveySubmission(FactSubmission, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The customer's satisfaction."""

    score: Annotated[int, Meta(ge=1, le=5)]
    by: Literal["call", "link"] = "link"


class OverrideSubmission(FactSubmission, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A supervisor's choice of strategy."""

    strategy: Literal["standard", "cold_handling", "long_haul", "roundabout"]
    reason: Annotated[str, Meta(min_length=1, max_length=200)]


class ControlSubmission(Submission, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A fact that belongs to no complaint."""

    actor: Identifier
    role: Role


class RosterSubmission(ControlSubmission, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The whole roster."""

    version: Annotated[int, Meta(ge=1)]
    handlers: tuple[Handler, ...]


class IncidentConfirmationSubmission(
    ControlSubmission, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """These complaints have one root."""

    incident_id: Identifier
    parent: Reference
    children: tuple[Reference, ...] = ()


class IncidentDismissalSubmission(
    ControlSubmission, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """No common root."""

    incident_id: Identifier
    reason: Annotated[str, Meta(max_length=200)] = ""


class PackSubmission(ControlSubmission, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A policy pack that is to be in force for the tenant (of `default`: for all without one of their own).

    `body` is the pack as `kesu policy activate` packs it, named by `content_hash`.
    """

    name: Identifier
    content_hash: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
    body: Annotated[bytes, Meta(min_length=1, max_length=640_000)]


class RepinSubmission(FactSubmission, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The complaint is to be decided again with another pack; without `content_hash`: with the one now in force."""

    content_hash: Annotated[str, Meta(pattern=r"^([0-9a-f]{32})?$")] = ""
    reason: Annotated[str, Meta(min_length=1, max_length=200)]


SUBMISSIONS: dict[str, type[Submission]] = {
    "kesu.submission.complaint.v1": ComplaintSubmission,
    "kesu.submission.contact.v1": ContactSubmission,
    "kesu.submission.information.v1": InformationSubmission,
    "kesu.submission.acceptance.v1": AcceptanceSubmission,
    "kesu.submission.refusal.v1": RefusalSubmission,
    "kesu.submission.proposal.v1": ProposalSubmission,
    "kesu.submission.delivery.v1": DeliverySubmission,
    "kesu.submission.withdrawal.v1": WithdrawalSubmission,
    "kesu.submission.link.v1": LinkSubmission,
    "kesu.submission.merge.v1": MergeSubmission,
    "kesu.submission.split.v1": SplitSubmission,
    "kesu.submission.survey.v1": SurveySubmission,
    "kesu.submission.override.v1": OverrideSubmission,
    "kesu.submission.repin.v1": RepinSubmission,
    "kesu.submission.roster.v1": RosterSubmission,
    "kesu.submission.pack.v1": PackSubmission,
    "kesu.submission.incident-confirmation.v1": IncidentConfirmationSubmission,
    "kesu.submission.incident-dismissal.v1": IncidentDismissalSubmission,
}
