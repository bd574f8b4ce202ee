"""What the generator yields: a submission, when it comes in, and what it was made as."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from shared.events.envelope import Language
from shared.events.intake import Demand
from shared.events.routing import Cause, CrossLevel, CrossTarget, MatterKind, Severity
from shared.events.submissions import Submission

SubCause = Literal[
    "service_provider_charge", "data_traffic", "plan_content",
    "mobile_signal", "broadband", "network_resources", "line_fault", "repeated_fault", "online_service",
    "terminal_quality", "after_sales",
    "installation_late", "repair_late", "service_unreachable", "delivery_late",
    "billing_dispute", "price_dispute", "payment_and_refund",
    "staff_attitude", "evasion", "false_promise",
    "spam_calls", "privacy", "account", "nuisance", "third_party", "unnamed",
]  # fmt: skip
Contradiction = Literal["", "purchase_year", "amount_over_bill", "fault_in_future"]


class Truth(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a submission was generated as. `severity` is a hint by domain rule 3.6, not the pack's own answer.

    `repeat` counts the customer's earlier complaints on the matter; `wave` names the group it belongs to;
    `missing` are key facts of its cause that were left out.
    """

    kind: MatterKind
    lang: Language
    cause: Cause = "other"
    sub_cause: SubCause = "unnamed"
    emotion: int = 1
    cross_level: CrossLevel = "none"
    cross_target: CrossTarget = ""
    severity: Severity = "S4"
    demands: tuple[Demand, ...] = ()
    repeat: int = 0
    duplicate: bool = False
    wave: str = ""
    abuse: bool = False
    danger: bool = False
    group: bool = False
    vulnerable: bool = False
    key_account: bool = False
    missing: tuple[str, ...] = ()
    contradiction: Contradiction = ""


class Generated(Struct, frozen=True):
    """One submission on its way in: its CloudEvent `type`, the UTC time `at` which it comes, and the `truth` about it."""

    type: str
    at: datetime
    submission: Submission
    truth: Truth
