"""The key facts a channel writes down: those its cause asks for, some left out, a few contradicting each other."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from kesu.generator.dice import Dice
from kesu.generator.particulars import Particulars
from kesu.generator.truth import Contradiction, SubCause
from shared.events.intake import Channel, KeyFacts

_BILL: Final = ("product", "bill_month", "amount_minor")
_FAULT: Final = ("product", "fault_started_at", "has_address")
_DEVICE: Final = ("product", "model", "purchased_on")
_VISIT: Final = ("product", "has_order_number", "appointment_at")
ASKED: Final[Mapping[SubCause, tuple[str, ...]]] = {
    "service_provider_charge": _BILL, "data_traffic": _BILL, "plan_content": _BILL, "price_dispute": _BILL,
    "billing_dispute": _BILL, "payment_and_refund": ("bill_month", "amount_minor"),
    "mobile_signal": _FAULT, "broadband": _FAULT, "network_resources": _FAULT, "line_fault": _FAULT,
    "repeated_fault": _FAULT, "nuisance": ("has_address",), "online_service": ("product", "fault_started_at"),
    "terminal_quality": _DEVICE, "after_sales": _DEVICE,
    "installation_late": _VISIT, "repair_late": (*_VISIT, "fault_started_at"),
    "delivery_late": ("product", "has_order_number"),
}  # fmt: skip
_LEFT_OUT: Final[Mapping[Channel, float]] = {
    "hotline": 0.1, "shop": 0.08, "web": 0.15, "app": 0.3, "social": 0.85, "regulator": 0.12, "email": 0.4, "other": 0.4,
}  # fmt: skip
_CONTRADICTORY_SHARE: Final = 0.05

_WRITTEN: Final[Mapping[str, Callable[[Particulars], Any]]] = {
    "bill_month": Particulars.bill_month,
    "amount_minor": lambda p: p.amount_minor,
    "product": lambda p: p.product,
    "model": lambda p: p.model,
    "fault_started_at": lambda p: p.started_at.replace(second=0, microsecond=0).astimezone(UTC),
    "appointment_at": lambda p: p.due_at.astimezone(UTC),
    "purchased_on": lambda p: p.bought_on,
    "has_address": lambda p: True,
    "has_order_number": lambda p: True,
}


def draw_key_facts(dice: Dice, p: Particulars) -> tuple[KeyFacts, tuple[str, ...], Contradiction]:
    """The key facts of the matter, the names of those left out, and which contradiction was put in."""
    matter, left_out = p.matter, _LEFT_OUT[p.matter.channel]
    if matter.kind != "complaint":
        return KeyFacts(), (), ""
    facts: dict[str, Any] = {}
    missing = []
    for name in ASKED.get(matter.sub_cause, ()):
        if dice.chance(left_out):
            missing.append(name)
        else:
            facts[name] = _WRITTEN[name](p)
    if not dice.chance(left_out):
        facts["region"] = p.person.place.region
    facts["currency"] = p.person.place.currency
    if matter.cross_level == "actual" and not matter.tags:
        facts["case_number_of"] = matter.cross_target
    _add_account_record(dice, facts, p)
    contradiction = _contradict(facts, p.now) if dice.chance(_CONTRADICTORY_SHARE) else ""
    return KeyFacts(**facts), tuple(missing), contradiction


def _add_account_record(dice: Dice, facts: dict[str, Any], p: Particulars) -> None:
    """What the operator's own records say, where the channel looked it up."""
    if "purchased_on" in facts and dice.chance(0.7):
        facts["account_purchased_on"] = facts["purchased_on"]
    if "amount_minor" in facts and dice.chance(0.5):
        facts["billed_minor"] = p.billed_minor


def _contradict(facts: dict[str, Any], now: datetime) -> Contradiction:
    """Spoil one fact against another, as it happens at the desk."""
    bought: date | None = facts.get("purchased_on")
    if bought:
        facts["account_purchased_on"] = bought
        later = _a_year_later(bought)
        facts["purchased_on"] = later if later <= now.date() else _a_year_later(bought, years=-1)
        return "purchase_year"
    if "billed_minor" in facts:
        facts["billed_minor"] = facts["amount_minor"] // 10
        return "amount_over_bill"
    if "fault_started_at" in facts:
        facts["fault_started_at"] = (now + timedelta(days=30)).replace(second=0, microsecond=0).astimezone(UTC)
        return "fault_in_future"
    return ""


def _a_year_later(day: date, *, years: int = 1) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28))
