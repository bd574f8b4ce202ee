"""What channels and people submit, ready made: one builder per type, each field overridable by keyword."""

from datetime import timedelta
from typing import Any, TypeVar

from shared.events import submissions as s
from shared.events.intake import DemandAnswer, Handler, KeyFacts, PromiseMade, Stated
from tests.builders.common import CALLBACK_ID, T0

T = TypeVar("T", bound=s.Submission)
ABOUT = s.Reference(source="crm", source_id="n1")
OTHER = s.Reference(source="crm", source_id="n2")


def _submission(kind: type[T], given: dict[str, Any], /, **usual: Any) -> T:
    """From the CRM, an hour after the complaint."""
    fields: dict[str, Any] = {"source": "crm", "source_id": "f1", "occurred_at": T0 + timedelta(hours=1)}
    return kind(**(fields | usual | given))


def _about(kind: type[T], given: dict[str, Any], role: str, /, **usual: Any) -> T:
    """A fact of the first complaint, by somebody of `role`."""
    return _submission(kind, given, about=ABOUT, actor=f"{role}-1", role=role, **usual)


def complaint(**given: Any) -> s.ComplaintSubmission:
    """A broadband fault, told to the hotline in Chinese."""
    customer = s.Customer(account="A1001", phone="13800138000", name="王芳", tier="gold", usual_hour=19)
    return _submission(
        s.ComplaintSubmission,
        {"source_id": "n1", "occurred_at": T0} | given,
        channel="hotline",
        customer=customer,
        text="宽带断了两天，打了三次电话没人管，再不修我就投诉到工信部！",
        lang="zh",
        order_number="KD20260228001",
        key_facts=KeyFacts(product="broadband", region="江苏", fault_started_at=T0 - timedelta(days=2)),
        stated=Stated(cause="product", sub_cause="broadband", emotion=7, demands=("repair", "refund")),
        taken_by="a7",
    )


def contact(**given: Any) -> s.ContactSubmission:
    """A call that reached the customer, with what was done and promised."""
    call: dict[str, Any] = {"direction": "outbound", "purpose": "first_response", "outcome": "reached", "minutes": 6}
    felt: dict[str, Any] = {"emotion_before": 7, "emotion_after": 4, "steps": ("settle_feeling", "diagnose")}
    said: dict[str, Any] = {
        "promised": (PromiseMade("resolution", T0 + timedelta(days=2)),),
        "note": "已致歉，周三前修复",
    }
    return _about(s.ContactSubmission, given, "handler", callback_id=CALLBACK_ID, **call, **felt, **said)


def information(**given: Any) -> s.InformationSubmission:
    """The address is known now."""
    return _about(s.InformationSubmission, given, "agent", key_facts=KeyFacts(has_address=True), note="地址已补")


def acceptance(**given: Any) -> s.AcceptanceSubmission:
    """The network unit takes the case."""
    return _about(s.AcceptanceSubmission, given, "unit", unit="network")


def refusal(**given: Any) -> s.RefusalSubmission:
    """The network unit sends it back."""
    return _about(s.RefusalSubmission, given, "unit", unit="network", reason="not_ours", note="属装维班")


def proposal(**given: Any) -> s.ProposalSubmission:
    """Repair, and 50 yuan."""
    answers = (DemandAnswer("repair", "granted"), DemandAnswer("refund", "refused", "50 元话费"))
    paid: dict[str, Any] = {"compensation_minor": 5000, "wording": "周三前修复，赔付 50 元话费"}
    return _about(s.ProposalSubmission, given, "unit", unit="network", answers=answers, **paid)


def delivery(**given: Any) -> s.DeliverySubmission:
    """The customer accepts."""
    answers = (DemandAnswer("repair", "granted"),)
    return _about(s.DeliverySubmission, given, "handler", accepted=True, answers=answers, wording="已修好")


def withdrawal(**given: Any) -> s.WithdrawalSubmission:
    """It works again."""
    return _about(s.WithdrawalSubmission, given, "customer", reason="solved_itself")


def link(**given: Any) -> s.LinkSubmission:
    """The same matter."""
    return _about(s.LinkSubmission, given, "handler", other=OTHER, relation="same_matter")


def merge(**given: Any) -> s.MergeSubmission:
    """It goes on inside the other."""
    return _about(s.MergeSubmission, given, "handler", into=OTHER)


def split(**given: Any) -> s.SplitSubmission:
    """The merge was a mistake."""
    return _about(s.SplitSubmission, given, "handler", other=OTHER)


def survey(**given: Any) -> s.SurveySubmission:
    """Four out of five."""
    return _about(s.SurveySubmission, given, "customer", score=4, by="link")


def override(**given: Any) -> s.OverrideSubmission:
    """The long haul."""
    return _about(s.OverrideSubmission, given, "supervisor", strategy="long_haul", reason="需要分段处理")


def roster(**given: Any) -> s.RosterSubmission:
    """Two handlers, one on leave."""
    people = (Handler(id="h1", level="senior", tier="L3"), Handler(id="h2", level="junior", on_leave=True))
    return _submission(s.RosterSubmission, given, actor="s1", role="supervisor", version=1, handlers=people)


def repin(**given: Any) -> s.RepinSubmission:
    """Decide it again with the pack now in force."""
    return _about(s.RepinSubmission, given, "policy_owner", reason="新政策适用")


def pack(**given: Any) -> s.PackSubmission:
    """A pack to be in force."""
    named: dict[str, Any] = {"name": "telecom_cn", "content_hash": "0123456789abcdef" * 2, "body": b"a pack"}
    return _submission(s.PackSubmission, given, actor="p1", role="policy_owner", **named)


def incident_confirmation(**given: Any) -> s.IncidentConfirmationSubmission:
    """Two complaints, one root."""
    who: dict[str, Any] = {"actor": "s1", "role": "supervisor", "incident_id": "i1"}
    return _submission(s.IncidentConfirmationSubmission, given, parent=ABOUT, children=(OTHER,), **who)


def incident_dismissal(**given: Any) -> s.IncidentDismissalSubmission:
    """No common root."""
    who: dict[str, Any] = {"actor": "s1", "role": "supervisor", "incident_id": "i1"}
    return _submission(s.IncidentDismissalSubmission, given, reason="不是同一故障", **who)
