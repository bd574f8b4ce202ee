"""The complaint as it came in, and the people who talked about it."""

from services.reporting.model import Complaint, Contact
from shared.events.envelope import ComplaintFact
from shared.events.intake import ComplaintReceived, ContactRecorded
from shared.events.routing import ComplaintRouted


def complaint_of(event: ComplaintReceived) -> Complaint:
    """The complaint's row."""
    return Complaint(
        complaint_id=event.complaint_id, customer_id=event.customer_id, tenant=event.tenant, source=event.source,
        source_id=event.source_id, channel=event.channel, region=event.key_facts.region, lang=event.lang,
        time_zone=event.time_zone, customer_tier=event.customer_tier, occurred_at=event.occurred_at,
        received_at=event.accepted_at, text_length=event.text_length, key_findings=len(event.findings),
        taken_by=event.taken_by,
    )  # fmt: skip


def complaint_mentioned(event: ComplaintFact) -> Complaint:
    """What a later fact tells of a complaint whose receipt is not known (a hole in the log), so that it is seen at all."""
    routed = event if isinstance(event, ComplaintRouted) else None
    received_at = routed.received_at if routed else event.accepted_at
    return Complaint(
        complaint_id=event.complaint_id, customer_id=event.customer_id, tenant=event.tenant, source=None,
        source_id=None, channel=routed.channel if routed else "", region="", lang=event.lang,
        time_zone=routed.time_zone if routed else "UTC", customer_tier="standard", occurred_at=received_at,
        received_at=received_at, text_length=0, key_findings=0, taken_by="",
    )  # fmt: skip


def contact_of(event: ContactRecorded) -> Contact:
    """The contact's row."""
    return Contact(
        complaint_id=event.complaint_id, event_id=event.id, occurred_at=event.occurred_at, direction=event.direction,
        purpose=event.purpose, outcome=event.outcome, medium=event.medium, handler=event.handler,
        callback_id=event.callback_id, steps=event.steps, emotion_before=event.emotion_before,
        emotion_after=event.emotion_after, minutes=event.minutes, abusive=event.abusive, promised=len(event.promised),
    )  # fmt: skip
