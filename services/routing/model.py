"""Routing's values: the case to be judged, the verdict on it, and what a pack's tables may say."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from shared.events.envelope import Language
from shared.events.intake import Channel, CustomerTier, KeyFacts, KeyFinding, Stated
from shared.events.routing import Assessment, Decision, RuleFired

Currency = Literal["CNY", "USD", "EUR", "GBP", "AUD"]


class Case(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One complaint as the rules see it. `text` is NFKC-normalised by intake, and "" once the customer is erased."""

    complaint_id: str
    tenant: str = "default"
    channel: Channel
    lang: Language = "zh"
    text: str = ""
    customer_tier: CustomerTier = "standard"
    region: str = ""
    key_facts: KeyFacts = KeyFacts()
    stated: Stated = Stated()
    findings: tuple[KeyFinding, ...] = ()
    received_at: datetime

    @property
    def is_public_post(self) -> bool:
        """Whether others could read it the moment it was written: then whom it tags counts."""
        return self.channel == "social"


class Verdict(Struct, frozen=True):
    """How the case was read, what is to happen, and every rule that fired on the way, in the order of the tables."""

    assessment: Assessment
    decision: Decision
    rules: tuple[RuleFired, ...]
