"""A complaint's submission becomes the fact that it was received."""

from collections.abc import Callable

from services.intake.model import Arrival, ComplaintDraft, Refused
from services.intake.rules import limits
from services.intake.rules.checks import Context
from services.intake.rules.identity import Identity, identity_of
from services.intake.rules.key_information import KeyTable, key_findings
from services.intake.rules.text import language_of, normalised, one_line
from services.intake.rules.times import happened, zone
from shared import ids
from shared.events.envelope import Actor, Personal
from shared.events.intake import ComplaintReceived, KeyFinding
from shared.events.registry import type_of
from shared.events.submissions import ComplaintSubmission

RECEIVED = type_of(ComplaintReceived)


def complaint_draft(
    arrival: Arrival,
    said: ComplaintSubmission,
    *,
    submission_id: str,
    fingerprint: bytes,
    table: KeyTable,
    identify: Callable[[str, str], str],
) -> ComplaintDraft:
    """The complaint that `arrival` opens. `identify` turns (tenant, identity) into the customer's pseudonym."""
    text = normalised(said.text)
    if not text:
        raise Refused("text_empty", path="$.text")
    local = zone(said.time_zone)
    occurred_at, time_finding = happened(said.occurred_at, accepted_at=arrival.accepted_at, time_zone=said.time_zone)
    identity = identity_of(said.customer, source=said.source, time_zone=said.time_zone)
    personal = _personal(said, text, identity)
    facts = limits.key_facts(
        said.key_facts,
        time_zone=said.time_zone,
        has_order_number=bool(personal.order_number),
        has_address=bool(personal.address),
    )
    stated = limits.stated(said.stated)
    findings = key_findings(
        table, facts=facts, stated=stated, text=text, context=Context(occurred_at=occurred_at, zone=local)
    )
    if time_finding:
        findings += (KeyFinding(time_finding, "occurred_at"),)
    if not identity.phone_readable:
        findings += (KeyFinding("phone_unreadable", "phone"),)
    event_id = ids.event_id(cause=submission_id, type_=RECEIVED)
    taken_by = one_line(said.taken_by)
    event = ComplaintReceived(
        id=event_id,
        tenant=said.tenant,
        actor=Actor("agent", taken_by) if taken_by else Actor("channel", arrival.channel_id or said.source),
        occurred_at=occurred_at,
        accepted_at=arrival.accepted_at,
        causation_id=submission_id,
        correlation_id=event_id,
        complaint_id=ids.complaint_id(tenant=said.tenant, source=said.source, source_id=said.source_id),
        customer_id=identify(said.tenant, identity.names),
        lang=said.lang or arrival.lang or language_of(text),
        channel=said.channel,
        source=said.source,
        source_id=said.source_id,
        time_zone=said.time_zone,
        customer_tier=said.customer.tier,
        usual_hour=said.customer.usual_hour,
        text_length=len(text),
        key_facts=facts,
        stated=stated,
        findings=findings,
        taken_by=taken_by,
    )
    return ComplaintDraft(submission_id=submission_id, fingerprint=fingerprint, event=event, personal=personal)


def _personal(said: ComplaintSubmission, text: str, identity: Identity) -> Personal:
    customer = said.customer
    return Personal(
        text=text,
        name=one_line(customer.name),
        account=one_line(customer.account),
        phone=identity.phone,
        handle=one_line(customer.handle),
        email=one_line(customer.email),
        address=one_line(customer.address),
        order_number=one_line(said.order_number),
    )
