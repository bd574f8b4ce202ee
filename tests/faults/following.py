"""Where complaints compete: a decision follows from the facts it recorded, and no customer is called more than allowed."""

from collections import Counter
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from services.routing.deciding import case_of
from services.routing.policy.pack import load_pack
from services.routing.rules import decide
from shared.events.intake import ComplaintReceived
from shared.events.routing import ComplaintRouted
from tests.faults.facts import Facts

ATTEMPTS_A_DAY_MAX: Final = 3
ROUTED: Final = "kesu.complaint.routed.v1"
RECEIVED: Final = "kesu.complaint.received.v1"
REQUESTED: Final = "kesu.callback.requested.v1"


def decisions_that_do_not_follow(facts: Facts) -> list[str]:
    """Complaints whose decision the rules, given what it recorded, would not take again in the same canonical JSON."""
    pack = load_pack()
    wrong = []
    for id_, events in facts.items():
        received, routed = _one(events, RECEIVED), _one(events, ROUTED)
        text = received.pop("personal", {}).get("text", "")
        decision = msgspec.convert(routed, ComplaintRouted)
        again = decide(case_of(msgspec.convert(received, ComplaintReceived), text), decision.history, pack)
        recorded = (decision.assessment, decision.decision, decision.rules)
        if msgspec.json.encode(recorded) != msgspec.json.encode((again.assessment, again.decision, again.rules)):
            wrong.append(id_)
    return wrong


def days_over_the_limit(facts: Facts) -> list[tuple[str, str]]:
    """(customer, local day) with more outbound attempts than allowed that did not say what gave way."""
    counts: Counter[tuple[str, str]] = Counter()
    for events in facts.values():
        zone = ZoneInfo(_one(events, ROUTED).get("time_zone", "Asia/Shanghai"))
        for event in events.values():
            if event["type"] == REQUESTED and "daily_limit" not in event["callback"].get("gave_way", ()):
                at = datetime.fromisoformat(event["occurred_at"]).astimezone(zone)
                counts[event["customer_id"], f"{at:%Y-%m-%d}"] += 1
    return [key for key, count in counts.items() if count > ATTEMPTS_A_DAY_MAX]


def _one(events: dict[str, Any], type_: str) -> Any:
    return dict(next(event for event in events.values() if event["type"] == type_))
