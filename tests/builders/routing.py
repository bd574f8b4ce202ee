"""Routing's events, ready made."""

from typing import Any

from shared import ids
from shared.events import routing
from tests.builders.common import T0, fact

PACK = ids.derive("pack", "telecom")


def assessment(**given: Any) -> routing.Assessment:
    """A product fault, angrily told, with a threat to go to the regulator."""
    usual: dict[str, Any] = {"kind": "complaint", "cause": "product", "sub_cause": "broadband", "matrix": "product"}
    threat: dict[str, Any] = {
        "cross_level": "threatened",
        "cross_target": "regulator",
        "cross_reason": "no_timely_reply",
    }
    seen: dict[str, Any] = {
        "demands": ("repair", "refund"),
        "evidence": (routing.Evidence("cross_level.regulator", 20, 24),),
    }
    return routing.Assessment(**(usual | threat | seen | {"emotion": 7} | given))


def decision(**given: Any) -> routing.Decision:
    """Serious, for the network unit, with a promise of two working hours."""
    who: dict[str, Any] = {"responsibility": "unit", "unit": "network", "tier": "L2", "handler_level": "middle"}
    how: dict[str, Any] = {"severity": "S2", "priority": 70, "strategy": "standard"}
    owed: dict[str, Any] = {
        "promises": (routing.PromiseTime("first_response", 120), routing.PromiseTime("resolution", 2880, False))
    }
    clock: dict[str, Any] = {"clocks": (routing.LegalClock("cn.miit.reply", 15, source_quality="primary"),)}
    return routing.Decision(**(who | how | owed | clock | given))


def routed(**given: Any) -> routing.ComplaintRouted:
    """The first decision about the complaint."""
    rules = (routing.RuleFired("severity", "threat_regulator"), routing.RuleFired("severity", "default", False))
    saw: dict[str, Any] = {
        "pack": PACK,
        "control_offset": 3,
        "history": routing.History(complaints_30d=1, same_cause_30d=1),
    }
    when: dict[str, Any] = {"decided_at": T0, "received_at": T0, "channel": "hotline", "key_complete": False}
    return fact(
        routing.ComplaintRouted, given, assessment=assessment(), decision=decision(), rules=rules, **saw, **when
    )


def pack_refused(**given: Any) -> routing.PackRefused:
    """A pack does not hold."""
    finding = routing.PackFinding(
        code="never_decides", table="severity", row="s1_extreme", zh="本行从不起作用", en="this one never decides"
    )
    return fact(routing.PackRefused, given, name="telecom", content_hash=PACK, findings=(finding,))


def pack_activated(**given: Any) -> routing.PackActivated:
    """The telecom pack comes into force."""
    return fact(routing.PackActivated, given, name="telecom", content_hash=PACK)
