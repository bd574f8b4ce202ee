"""Facts against facts: what cannot both be true of one complaint, whatever its cause."""

import re
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from msgspec import Struct

from shared.events.intake import KeyFacts, KeyFinding

PURCHASE_DATES_APART_MAX: Final = timedelta(days=31)  # order, delivery and activation of one purchase
_BILL_MONTH: Final = re.compile(r"(\d{4})[-/.年]?(\d{1,2})月?")


class Context(Struct, frozen=True, kw_only=True):
    """When the complaint was made (UTC), and the zone its dates are of."""

    occurred_at: datetime
    zone: tzinfo


def contradictions(
    facts: KeyFacts, context: Context, *, warranty_days: int, tolerance_percent: int
) -> list[KeyFinding]:
    """Every contradiction among `facts` and with the day of the complaint, in a fixed order."""
    found: list[KeyFinding] = []
    if facts.purchased_on:
        found += _purchase(facts, facts.purchased_on, context, warranty_days)
    if facts.fault_started_at and facts.fault_started_at > context.occurred_at:
        found.append(KeyFinding("fault_after_complaint", "fault_started_at", "occurred_at"))
    amount, billed = facts.amount_minor, facts.billed_minor
    if amount is not None and billed is not None and amount * 100 > billed * (100 + tolerance_percent):
        found.append(KeyFinding("amount_above_bill", "amount_minor", "billed_minor"))
    if facts.bill_month:
        found += _bill(facts.bill_month, context)
    return found


def bill_month(written: str) -> str | None:
    """`2024-01` for 202401, 2024/1 or 2024年1月; None where no month can be read."""
    match = _BILL_MONTH.fullmatch(written)
    if not match or not 1 <= int(match[2]) <= 12:
        return None
    return f"{match[1]}-{int(match[2]):02d}"


def _purchase(facts: KeyFacts, bought: date, context: Context, warranty_days: int) -> list[KeyFinding]:
    found: list[KeyFinding] = []
    complained = _day(context.occurred_at, context.zone)
    if bought > complained:
        found.append(KeyFinding("bought_after_complaint", "purchased_on", "occurred_at"))
    elif warranty_days and complained - bought > timedelta(days=warranty_days):
        found.append(KeyFinding("warranty_over", "purchased_on", "occurred_at"))
    recorded = facts.account_purchased_on
    if recorded and abs(recorded - bought) > PURCHASE_DATES_APART_MAX:
        code = "year_off_by_one" if _off_by_one_year(bought, recorded) else "purchase_date_differs"
        found.append(KeyFinding(code, "purchased_on", "account_purchased_on"))
    if facts.fault_started_at and _day(facts.fault_started_at, context.zone) < bought:
        found.append(KeyFinding("fault_before_purchase", "fault_started_at", "purchased_on"))
    if facts.appointment_at and _day(facts.appointment_at, context.zone) < bought:
        found.append(KeyFinding("appointment_before_purchase", "appointment_at", "purchased_on"))
    return found


def _off_by_one_year(one: date, other: date) -> bool:
    """Whether the two dates come close once a year is added to the earlier."""
    return abs(abs((one - other).days) - 365) <= PURCHASE_DATES_APART_MAX.days


def _bill(written: str, context: Context) -> list[KeyFinding]:
    month = bill_month(written)
    if month is None:
        return [KeyFinding("bill_month_unreadable", "bill_month")]
    if month > _day(context.occurred_at, context.zone).strftime("%Y-%m"):
        return [KeyFinding("bill_after_complaint", "bill_month", "occurred_at")]
    return []


def _day(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()
