"""Facts and labels: what conditions and `of` may ask of a case, bound once per decision under the names of `vocabulary`."""

from msgspec import Struct

from services.routing.model import Case, Currency
from services.routing.policy.weights import Tally
from services.routing.rules.amounts import Amount
from services.routing.rules.cause import CauseRead
from services.routing.rules.cross_level import CrossRead
from services.routing.rules.dates import Times
from services.routing.rules.reading import Reading
from shared.events.routing import History


class Read(Struct, frozen=True, kw_only=True):
    """Everything read from a case before the first table is asked."""

    reading: Reading
    tally: Tally
    cause: CauseRead
    cross: CrossRead
    amount: Amount | None
    currency: Currency
    amount_limit: int
    times: Times
    emotion: int
    repeat: int
    abuse: bool
    danger: bool
    vulnerable: bool
    outage: bool
    group: bool


def facts_of(case: Case, read: Read, history: History) -> dict[str, bool | int]:
    """Every name of `vocabulary.FACTS`."""
    said, kinds, amount = read.reading.said, read.tally.kinds, read.amount
    return {
        "abuse": read.abuse,
        "danger": read.danger,
        "self_harm": "self_harm" in said,
        "vulnerable": read.vulnerable,
        "outage": read.outage,
        "group": read.group,
        "emotion": read.emotion,
        "repeat": read.repeat,
        "amount": amount.minor if amount else 0,
        "amount_limit": read.amount_limit,
        "waited_hours": read.times.waited_hours or 0,
        "deadline_hours": read.times.deadline_hours or 0,
        "promised_hours": read.times.promised_hours or 0,
        "text_length": len(case.text),
        "wordless": read.reading.wordless,
        "complaint_points": kinds.get("complaint", 0),
        "inquiry_points": kinds.get("inquiry", 0),
        "suggestion_points": kinds.get("suggestion", 0),
        "praise_points": kinds.get("praise", 0),
        "noise_points": kinds.get("noise", 0),
        "cause_stated": read.cause.stated,
        "key_complete": not case.findings,
        "public_post": case.is_public_post,
        "case_numbered": bool(case.key_facts.case_number_of),
        "tagged": bool(read.cross.tagged),
        "filed": bool(read.cross.filed),
        "threatened": bool(read.cross.threatened),
        "complaints_30d": history.complaints_30d,
        "same_cause_30d": history.same_cause_30d,
        "open_now": history.open_now,
        "promises_broken_90d": history.promises_broken_90d,
        "similar_24h": history.similar_24h,
    }


def label(case: Case, read: Read) -> dict[str, str]:
    """The labels of `vocabulary.LABELS` that are known before the first table is asked."""
    return {
        "channel": case.channel,
        "lang": case.lang,
        "currency": read.currency,
        "customer_tier": case.customer_tier,
        "product": case.key_facts.product,
        "case_number_of": case.key_facts.case_number_of,
        "tagged_target": read.cross.tagged,
        "filed_target": read.cross.filed,
        "threatened_target": read.cross.threatened,
        "cause": read.cause.row.cause,
        "sub_cause": read.cause.row.id,
    }
