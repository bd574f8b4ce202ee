"""Facts that follow a complaint from outside: missing information, the customer urging, the customer taking it back."""

from datetime import datetime

from kesu.generator.dice import Dice
from kesu.generator.truth import Generated
from shared.events.intake import KeyFacts
from shared.events.submissions import (
    ComplaintSubmission,
    ContactSubmission,
    InformationSubmission,
    Reference,
    WithdrawalSubmission,
)

_URGED = {"zh": "用户再次来电催办，询问处理进度", "en": "Customer called again to ask where the matter stands"}
_ADDED = {"zh": "补充资料，见单据", "en": "Details added from the documents"}


def make_fact(dice: Dice, complaint: ComplaintSubmission, first: Generated, *, at: datetime, serial: int) -> Generated:
    """A fact about `complaint`; `serial` must be new in the run."""
    about = Reference(source=complaint.source, source_id=complaint.source_id)
    source_id = f"{complaint.source_id}-{serial:07d}"
    agent = f"agent-{dice.whole(1, 180):03d}"
    lang = first.truth.lang
    drawn = dice.random()
    if drawn < 0.5:
        contact = ContactSubmission(
            source=complaint.source, source_id=source_id, occurred_at=at, about=about, actor=agent, role="agent",
            direction="inbound", outcome="reached", minutes=dice.whole(1, 9), note=_URGED[lang],
            emotion_before=min(10, first.truth.emotion + dice.whole(0, 2)), emotion_after=first.truth.emotion,
        )  # fmt: skip
        return Generated("kesu.submission.contact.v1", at, contact, first.truth)
    if drawn < 0.85:
        information = InformationSubmission(
            source=complaint.source, source_id=source_id, occurred_at=at, about=about, actor=agent, role="agent",
            key_facts=KeyFacts(has_address=True, has_order_number=True, region=complaint.key_facts.region),
            note=_ADDED[lang],
        )  # fmt: skip
        return Generated("kesu.submission.information.v1", at, information, first.truth)
    withdrawal = WithdrawalSubmission(
        source=complaint.source, source_id=source_id, occurred_at=at, about=about, actor=agent, role="agent",
        reason=dice.one(("solved_itself", "solved_itself", "mistake", "other")),
    )  # fmt: skip
    return Generated("kesu.submission.withdrawal.v1", at, withdrawal, first.truth)
