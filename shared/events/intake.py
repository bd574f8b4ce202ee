"""What intake publishes: complaints received, and the facts that people and channels add to them."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from shared.events.envelope import ComplaintFact, ControlFact, Minutes, Text

Channel = Literal["hotline", "web", "app", "shop", "social", "regulator", "email", "other"]
Emotion = Annotated[int, Meta(ge=1, le=10)]
PromiseKind = Literal["first_response", "progress", "resolution", "callback", "regulator_reply"]
CustomerTier = Literal["standard", "silver", "gold", "key_account"]
Demand = Literal[
    "refund",
    "repair",
    "compensation",
    "apology",
    "explanation",
    "cancellation",
    "replacement",
    "contact",
    "discipline",
    "other",
]
Step = Literal["settle_feeling", "diagnose", "explain_offer", "check_acceptance", "take_leave"]
Outcome = Literal["reached", "no_answer", "busy", "refused", "wrong_number"]


class KeyFacts(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The facts a cause asks for (domain 3.4); money in minor units of `currency` (fen, cents)."""

    product: str = ""
    model: str = ""
    purchased_on: date | None = None
    account_purchased_on: date | None = None
    fault_started_at: datetime | None = None
    bill_month: str = ""
    amount_minor: int | None = None
    billed_minor: int | None = None
    currency: Literal["CNY", "USD", "EUR", "GBP", "AUD"] = "CNY"
    appointment_at: datetime | None = None
    has_order_number: bool = False
    has_address: bool = False
    region: str = ""
    case_number_of: Literal[
        "", "headquarters", "regulator", "consumer_association", "government_hotline", "media", "court", "police"
    ] = ""


class Stated(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What the agent who took the complaint stated; it overrides what is read from the text."""

    cause: str = ""
    sub_cause: str = ""
    emotion: Emotion | None = None
    demands: tuple[Demand, ...] = ()
    vulnerable: bool = False
    danger: bool = False
    times_before: int | None = None


class KeyFinding(Struct, frozen=True, omit_defaults=True):
    """One finding of the key-information check: a fact missing for this cause, or two that contradict each other."""

    code: str
    field: str
    against: str = ""


class ComplaintReceived(ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.complaint.received.v1"):
    """A submission became a complaint. The customer's words and numbers are in `sealed`."""

    channel: Channel
    source: str
    source_id: str
    time_zone: str = "Asia/Shanghai"
    customer_tier: CustomerTier = "standard"
    usual_hour: Annotated[int, Meta(ge=0, le=23)] | None = None
    text_length: int = 0
    key_facts: KeyFacts = KeyFacts()
    stated: Stated = Stated()
    findings: tuple[KeyFinding, ...] = ()
    taken_by: str = ""


class PromiseMade(Struct, frozen=True, omit_defaults=True):
    """What a customer was told would happen by a date."""

    kind: PromiseKind
    due_at: datetime


class ContactRecorded(ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.contact.recorded.v1"):
    """One conversation with the customer, or an attempt at one; the note is in `sealed`."""

    direction: Literal["inbound", "outbound"]
    purpose: Literal["first_response", "progress", "holding_reply", "result", "satisfaction", "other"] = "other"
    outcome: Outcome
    medium: Literal["call", "message", "visit", "mail", "social"] = "call"
    handler: str = ""
    callback_id: str | None = None
    steps: tuple[Step, ...] = ()
    emotion_before: Emotion | None = None
    emotion_after: Emotion | None = None
    promised: tuple[PromiseMade, ...] = ()
    minutes: Minutes = 0
    abusive: bool = False


class InformationSupplied(
    ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.information.supplied.v1"
):
    """Facts that were missing or wrong at first."""

    key_facts: KeyFacts = KeyFacts()
    stated: Stated = Stated()
    findings: tuple[KeyFinding, ...] = ()


class AssignmentAccepted(
    ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.assignment.accepted.v1"
):
    """The responsible unit took the case."""

    unit: str


class AssignmentRefused(ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.assignment.refused.v1"):
    """退单: the unit sent the case back."""

    unit: str
    reason: Literal["not_ours", "information_missing", "duplicate", "other"]


class DemandAnswer(Struct, frozen=True, omit_defaults=True):
    """How one demand is answered."""

    demand: Demand
    answer: Literal["granted", "refused", "not_addressed"]
    alternative: Text = ""


class SolutionProposed(ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.solution.proposed.v1"):
    """A unit or handler proposes how to solve it; the wording is in `sealed`."""

    unit: str = ""
    answers: tuple[DemandAnswer, ...] = ()
    compensation_minor: int | None = None


class SolutionDelivered(ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.solution.delivered.v1"):
    """The customer was told the result."""

    handler: str = ""
    accepted: bool
    answers: tuple[DemandAnswer, ...] = ()
    compensation_minor: int | None = None


class ComplaintWithdrawn(
    ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.complaint.withdrawn.v1"
):
    """The customer took the complaint back."""

    reason: Literal["solved_itself", "mistake", "other"] = "other"


class ComplaintsLinked(ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.complaints.linked.v1"):
    """This complaint and `other_id` are about the same matter or root; can be undone by a split."""

    other_id: str
    relation: Literal["same_matter", "incident", "spread"] = "same_matter"


class ComplaintsMerged(ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.complaints.merged.v1"):
    """This complaint goes on inside `into_id`; can be undone by a split."""

    into_id: str


class ComplaintsSplit(ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.complaints.split.v1"):
    """A link or merge with `other_id` is undone."""

    other_id: str


class SurveyAnswered(ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.survey.answered.v1"):
    """Satisfaction after closing, 1 (worst) to 5."""

    score: Annotated[int, Meta(ge=1, le=5)]
    by: Literal["call", "link"] = "link"


class StrategyOverridden(
    ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.strategy.overridden.v1"
):
    """A supervisor chose another strategy."""

    strategy: Literal["standard", "cold_handling", "long_haul", "roundabout"]
    reason: Text


class ComplaintRepinned(ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.complaint.repinned.v1"):
    """From here on the complaint is decided with another policy pack; "": the one in force for its tenant."""

    content_hash: str = ""
    reason: Text


class Handler(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One line of the roster."""

    id: str
    level: Literal["junior", "middle", "senior"]
    tier: Literal["L1", "L2", "L3", "L4"] = "L2"
    skills: tuple[str, ...] = ()
    capacity: int = 30
    on_leave: bool = False


class RosterChanged(ControlFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.roster.changed.v1"):
    """The people who handle complaints, whole (not a difference)."""

    version: int
    handlers: tuple[Handler, ...]


class PackSubmitted(ControlFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.pack.submitted.v1"):
    """A policy pack was handed in, whole: routing checks it, and activates or refuses it."""

    name: str
    content_hash: str
    body: bytes


class IncidentConfirmed(ControlFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.incident.confirmed.v1"):
    """A supervisor says: these complaints have one root."""

    incident_id: str
    parent_id: str
    children: tuple[str, ...] = ()


class IncidentDismissed(ControlFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.incident.dismissed.v1"):
    """A supervisor says: no common root."""

    incident_id: str
    reason: Text = ""


class CustomerErased(ControlFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.customer.erased.v1"):
    """All keys of a customer up to version `key` were destroyed: what they sealed reads as erased, also after a restore.

    The customer may have come back since: keys of later versions are not meant.
    """

    customer_id: str
    key: Annotated[int, Meta(ge=1)]
