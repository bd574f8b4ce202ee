"""Intake's events, ready made."""

from datetime import timedelta
from typing import Any

from shared.events import intake
from shared.events.envelope import Actor, Sealed
from tests.builders.common import COMPLAINT_ID, CUSTOMER_ID, OTHER_ID, T0, fact


def received(**given: Any) -> intake.ComplaintReceived:
    """A broadband fault told to the hotline by a customer in Jiangsu; the address is missing."""
    return fact(
        intake.ComplaintReceived,
        given,
        actor=Actor(role="agent", id="a7"),
        sealed=Sealed(key=1, box=b"\x00" * 48),
        channel="hotline",
        source="crm",
        source_id="n1",
        text_length=42,
        key_facts=intake.KeyFacts(product="broadband", region="江苏", fault_started_at=T0 - timedelta(days=2)),
        findings=(intake.KeyFinding("missing", "address"),),
        taken_by="a7",
    )


def contact_recorded(**given: Any) -> intake.ContactRecorded:
    """A call that reached the customer and calmed them."""
    usual: dict[str, Any] = {"direction": "outbound", "purpose": "first_response", "outcome": "reached", "minutes": 6}
    steps = ("settle_feeling", "diagnose")
    said = (intake.PromiseMade("resolution", T0 + timedelta(days=2)),)
    felt = {"emotion_before": 7, "emotion_after": 4}
    return fact(intake.ContactRecorded, given, **usual, **felt, handler="h1", steps=steps, promised=said)


def information_supplied(**given: Any) -> intake.InformationSupplied:
    """The address that was missing."""
    return fact(intake.InformationSupplied, given, key_facts=intake.KeyFacts(product="broadband", has_address=True))


def assignment_accepted(**given: Any) -> intake.AssignmentAccepted:
    """The network unit takes the case."""
    return fact(intake.AssignmentAccepted, given, actor=Actor(role="unit", id="u3"), unit="network")


def assignment_refused(**given: Any) -> intake.AssignmentRefused:
    """The network unit sends it back: not ours."""
    return fact(intake.AssignmentRefused, given, actor=Actor(role="unit", id="u3"), unit="network", reason="not_ours")


def solution_proposed(**given: Any) -> intake.SolutionProposed:
    """The unit would repair, and pay 50 yuan."""
    answers = (intake.DemandAnswer("repair", "granted"), intake.DemandAnswer("refund", "refused", "50 元话费"))
    return fact(intake.SolutionProposed, given, unit="network", answers=answers, compensation_minor=5000)


def solution_delivered(**given: Any) -> intake.SolutionDelivered:
    """The customer heard the result and accepts it."""
    answers = (intake.DemandAnswer("repair", "granted"),)
    return fact(intake.SolutionDelivered, given, handler="h1", accepted=True, answers=answers)


def withdrawn(**given: Any) -> intake.ComplaintWithdrawn:
    """The customer takes it back: it works again."""
    return fact(intake.ComplaintWithdrawn, given, reason="solved_itself")


def linked(**given: Any) -> intake.ComplaintsLinked:
    """The same matter as another complaint."""
    return fact(intake.ComplaintsLinked, given, other_id=OTHER_ID, relation="same_matter")


def merged(**given: Any) -> intake.ComplaintsMerged:
    """It goes on inside another complaint."""
    return fact(intake.ComplaintsMerged, given, into_id=OTHER_ID)


def split(**given: Any) -> intake.ComplaintsSplit:
    """The merge is undone."""
    return fact(intake.ComplaintsSplit, given, other_id=OTHER_ID)


def survey_answered(**given: Any) -> intake.SurveyAnswered:
    """Four out of five."""
    return fact(intake.SurveyAnswered, given, score=4, by="link")


def strategy_overridden(**given: Any) -> intake.StrategyOverridden:
    """A supervisor chooses the long haul."""
    boss = Actor(role="supervisor", id="s1")
    return fact(intake.StrategyOverridden, given, actor=boss, strategy="long_haul", reason="需要分段处理")


def roster_changed(**given: Any) -> intake.RosterChanged:
    """Two handlers, one on leave."""
    senior = intake.Handler(id="h1", level="senior", tier="L3", skills=("network",))
    away = intake.Handler(id="h2", level="junior", on_leave=True)
    return fact(intake.RosterChanged, given, version=1, handlers=(senior, away))


def repinned(**given: Any) -> intake.ComplaintRepinned:
    """It is to be decided with the pack now in force."""
    owner = Actor(role="policy_owner", id="p1")
    return fact(intake.ComplaintRepinned, given, actor=owner, content_hash="0123456789abcdef" * 2, reason="新政策适用")


def pack_submitted(**given: Any) -> intake.PackSubmitted:
    """A pack is handed in."""
    owner = Actor(role="policy_owner", id="p1")
    named: dict[str, Any] = {"name": "telecom_cn", "content_hash": "0123456789abcdef" * 2, "body": b"a pack"}
    return fact(intake.PackSubmitted, given, actor=owner, **named)


def incident_confirmed(**given: Any) -> intake.IncidentConfirmed:
    """Two complaints with one root."""
    return fact(intake.IncidentConfirmed, given, incident_id="i1", parent_id=COMPLAINT_ID, children=(OTHER_ID,))


def incident_dismissed(**given: Any) -> intake.IncidentDismissed:
    """No common root after all."""
    return fact(intake.IncidentDismissed, given, incident_id="i1", reason="不是同一故障")


def customer_erased(**given: Any) -> intake.CustomerErased:
    """The customer was erased, under the first key."""
    return fact(intake.CustomerErased, given, customer_id=CUSTOMER_ID, key=1)
