"""Intake's pure parts, ready made."""

from datetime import datetime
from typing import Any, Final

from services.intake.key_table import key_table
from services.intake.model import Arrival, ComplaintDraft, ControlDraft, FactDraft
from services.intake.rules.drafting import Drafting
from shared import ids
from shared.events.submissions import SUBMISSIONS, Submission
from tests.builders.common import T0

TYPE_OF: Final = {struct: type_ for type_, struct in SUBMISSIONS.items()}


def drafting() -> Drafting:
    """Drafting with pseudonyms that need no key."""
    return Drafting(
        identify=lambda tenant, identity: ids.derive("customer", tenant, identity),
        fingerprint_key=bytes(32),
        table=key_table(),
    )


def arrival(submission: Submission, *, accepted_at: datetime = T0, **given: Any) -> Arrival:
    """The submission at the Kafka door."""
    fields: dict[str, Any] = {"door": "kafka"}
    return Arrival(type=TYPE_OF[type(submission)], submission=submission, accepted_at=accepted_at, **(fields | given))


def drafted_complaint(submission: Submission, **given: Any) -> ComplaintDraft:
    """What a complaint becomes."""
    draft = drafting().draft(arrival(submission, **given))
    assert isinstance(draft, ComplaintDraft)
    return draft


def drafted_fact(submission: Submission, **given: Any) -> FactDraft:
    """What another fact becomes."""
    draft = drafting().draft(arrival(submission, **given))
    assert isinstance(draft, FactDraft)
    return draft


def drafted_control(submission: Submission, **given: Any) -> ControlDraft:
    """What a control fact becomes."""
    draft = drafting().draft(arrival(submission, **given))
    assert isinstance(draft, ControlDraft)
    return draft
