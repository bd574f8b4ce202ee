"""What a policy pack may ask of a case: flags and counts in its conditions, labels under `of`."""

from typing import Final, get_args

from services.routing.model import Currency
from shared.events.envelope import Language
from shared.events.intake import Channel, CustomerTier
from shared.events.routing import Cause, CrossLevel, CrossTarget, MatterKind, Responsibility, Severity, Strategy

FACTS: Final[dict[str, bool | int]] = {
    # what was read from the words
    "abuse": False,
    "danger": False,
    "self_harm": False,
    "vulnerable": False,
    "outage": False,
    "group": False,
    "emotion": 1,
    "repeat": 0,
    "amount": 0,  # minor units of `currency`; 0 = none named
    "amount_limit": 1,  # the pack's limit in the same currency
    "waited_hours": 0,  # told as passed; 0 = not told, as with the next two
    "deadline_hours": 0,  # given to us by the customer
    "promised_hours": 0,  # what somebody had promised
    "text_length": 0,
    "wordless": False,  # no letter outside handles and links
    "complaint_points": 0,
    "inquiry_points": 0,
    "suggestion_points": 0,
    "praise_points": 0,
    "noise_points": 0,
    # how the case came
    "cause_stated": False,
    "key_complete": True,
    "public_post": False,
    "case_numbered": False,
    # over our heads
    "tagged": False,
    "filed": False,
    "threatened": False,
    # history, as recorded in the decision
    "complaints_30d": 0,
    "same_cause_30d": 0,
    "open_now": 0,
    "promises_broken_90d": 0,
    "similar_24h": 0,  # complaints of others like this one
}
"""Every flag and count a condition may use, with a value of its type; beside them `has_<signal>` for each signal."""

LABELS: Final[dict[str, frozenset[str] | None]] = {
    "channel": frozenset(get_args(Channel)),
    "lang": frozenset(get_args(Language)),
    "currency": frozenset(get_args(Currency)),
    "customer_tier": frozenset(get_args(CustomerTier)),
    "product": None,
    "case_number_of": frozenset(get_args(CrossTarget)),
    "tagged_target": frozenset(get_args(CrossTarget)),
    "filed_target": frozenset(get_args(CrossTarget)),
    "threatened_target": frozenset(get_args(CrossTarget)),
    # decided one after the other, so a row sees those of the tables before it, under `of` only
    "kind": frozenset(get_args(MatterKind)),
    "cause": frozenset(get_args(Cause)),
    "sub_cause": None,
    "cross_level": frozenset(get_args(CrossLevel)),
    "severity": frozenset(get_args(Severity)),
    "responsibility": frozenset(get_args(Responsibility)),
    "strategy": frozenset(get_args(Strategy)),
}
"""What a row may require under `of`, with the values there are (None: any). Texts are dear in CEL, so they are asked here."""
