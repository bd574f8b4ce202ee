"""Bounds the types leave open: short strings, numbers the database can hold, times someone can have meant."""

from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import fields, replace

from services.intake.model import Refused
from services.intake.rules.checks import bill_month
from services.intake.rules.text import one_line
from services.intake.rules.times import YEAR_MAX, YEAR_MIN, utc
from shared.events.intake import ComplaintReceived, DemandAnswer, KeyFacts, PromiseMade, Stated

NAME_CHARACTERS_MAX: Final = 200
WORD_CHARACTERS_MAX: Final = 60
MONEY_MINOR_MAX: Final = 10**12  # ten thousand million yuan, and far inside a bigint
COUNT_MAX: Final = 2**31 - 1
ITEMS_MAX: Final = 50  # demands, steps, answers, promises in one fact
PROMISE_AHEAD_MAX: Final = timedelta(days=2 * 365)
# The very objects that events have as defaults: msgspec leaves a default out by identity.
_DEFAULTS: Final = {field.name: field.default for field in fields(ComplaintReceived)}
_NO_FACTS: Final[KeyFacts] = _DEFAULTS["key_facts"]
_NOTHING_STATED: Final[Stated] = _DEFAULTS["stated"]


def short(text: str, path: str, *, limit: int = NAME_CHARACTERS_MAX) -> str:
    """`text` on one line; raises Refused above `limit` characters."""
    if not text:
        return text
    if len(text) > limit:
        raise Refused("field_too_long", path=path)
    return one_line(text)[:limit]


def within(number: int | None, path: str, *, lowest: int = 0, highest: int = MONEY_MINOR_MAX) -> int | None:
    """`number` itself; raises Refused outside [lowest, highest]."""
    if number is not None and not lowest <= number <= highest:
        raise Refused("number_out_of_range", path=path)
    return number


def few(items: tuple[object, ...], path: str, *, limit: int = ITEMS_MAX) -> None:
    """Raises Refused for more than `limit` items."""
    if len(items) > limit:
        raise Refused("field_too_long", path=path)


def key_facts(facts: KeyFacts, *, time_zone: str, has_order_number: bool, has_address: bool) -> KeyFacts:
    """`facts` with times in UTC, texts on one line, and what the submission itself shows to be there."""
    has_order_number = has_order_number or facts.has_order_number
    has_address = has_address or facts.has_address
    if facts == _NO_FACTS:
        if not (has_order_number or has_address):
            return _NO_FACTS
        return KeyFacts(has_order_number=has_order_number, has_address=has_address)
    for name in ("purchased_on", "account_purchased_on"):
        day = getattr(facts, name)
        if day and not YEAR_MIN <= day.year < YEAR_MAX:
            raise Refused("time_out_of_range", path=f"$.key_facts.{name}")
    month = short(facts.bill_month, "$.key_facts.bill_month", limit=WORD_CHARACTERS_MAX)
    return replace(
        facts,
        product=short(facts.product, "$.key_facts.product"),
        model=short(facts.model, "$.key_facts.model"),
        region=short(facts.region, "$.key_facts.region"),
        bill_month=(bill_month(month) or month) if month else "",
        amount_minor=within(facts.amount_minor, "$.key_facts.amount_minor"),
        billed_minor=within(facts.billed_minor, "$.key_facts.billed_minor"),
        fault_started_at=_utc(facts.fault_started_at, time_zone, "$.key_facts.fault_started_at"),
        appointment_at=_utc(facts.appointment_at, time_zone, "$.key_facts.appointment_at"),
        has_order_number=has_order_number,
        has_address=has_address,
    )


def stated(said: Stated) -> Stated:
    """`said` with its words on one line and its numbers in range."""
    if said == _NOTHING_STATED:
        return _NOTHING_STATED
    few(said.demands, "$.stated.demands")
    within(said.times_before, "$.stated.times_before", highest=10_000)
    cause = short(said.cause, "$.stated.cause", limit=WORD_CHARACTERS_MAX)
    sub_cause = short(said.sub_cause, "$.stated.sub_cause", limit=WORD_CHARACTERS_MAX)
    if cause is said.cause and sub_cause is said.sub_cause:
        return said
    return replace(said, cause=cause, sub_cause=sub_cause)


def promises(made: tuple[PromiseMade, ...], *, time_zone: str, occurred_at: datetime) -> tuple[PromiseMade, ...]:
    """What was promised, with times in UTC; raises Refused for a date before the contact or years ahead."""
    few(made, "$.promised")
    kept = []
    for number, promise in enumerate(made):
        path = f"$.promised[{number}].due_at"
        due_at = utc(promise.due_at, time_zone, path=path)
        if not occurred_at <= due_at <= occurred_at + PROMISE_AHEAD_MAX:
            raise Refused("time_out_of_range", path=path)
        kept.append(PromiseMade(kind=promise.kind, due_at=due_at))
    return tuple(kept)


def answers(given: tuple[DemandAnswer, ...]) -> tuple[DemandAnswer, ...]:
    """Answers to demands, with the alternatives on one line."""
    few(given, "$.answers")
    return tuple(
        DemandAnswer(one.demand, one.answer, short(one.alternative, "$.answers")) if one.alternative else one
        for one in given
    )


def _utc(time: datetime | None, time_zone: str, path: str) -> datetime | None:
    return utc(time, time_zone, path=path) if time else None
