"""From an arrival to its draft: ids, envelope, sealed part, roles, references, bounds."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from services.intake.model import Refused
from services.intake.rules.complaints import RECEIVED
from services.intake.rules.facts import TYPE_OF as FACT_TYPES
from services.intake.rules.reading import read
from services.intake.rules.roles import ROLES
from shared import ids
from shared.events import intake
from shared.events.envelope import Actor
from shared.events.intake import DemandAnswer, Handler, KeyFacts, PromiseMade, Stated
from shared.events.registry import PUBLISHERS, type_of
from shared.events.submissions import SUBMISSIONS, Customer, FactSubmission, Reference, Submission
from tests.builders import submissions as s
from tests.builders.common import COMPLAINT_ID, SUBMISSION_ID, T0
from tests.unit.intake.parts import arrival, drafted_complaint, drafted_control, drafted_fact, drafting

COMPLAINT = "kesu.submission.complaint.v1"


def refused(submission: Submission, **given: Any) -> str:
    with pytest.raises(Refused) as caught:
        drafting().draft(arrival(submission, **given))
    return caught.value.code


def test_a_complaints_ids_follow_from_its_submission() -> None:
    draft = drafted_complaint(s.complaint())

    assert (SUBMISSION_ID, COMPLAINT_ID) == (draft.submission_id, draft.event.complaint_id)
    assert ids.event_id(cause=SUBMISSION_ID, type_=RECEIVED) == draft.event.id == draft.event.correlation_id
    assert SUBMISSION_ID == draft.event.causation_id


def test_nothing_personal_is_in_the_plain_part() -> None:
    complaint = s.complaint(
        customer=Customer(account="A1001", phone="138 0013 8000", name="王芳", address="长安街一号")
    )
    draft = drafted_complaint(complaint)
    plain = msgspec.json.encode(draft.event).decode()

    personal = draft.personal
    assert ("+8613800138000", "王芳", "长安街一号") == (personal.phone, personal.name, personal.address)
    assert len(personal.text) == draft.event.text_length
    for secret in (
        personal.text,
        personal.phone,
        personal.name,
        personal.address,
        personal.account,
        personal.order_number,
    ):
        assert secret not in plain


def test_what_the_submission_shows_is_there() -> None:
    draft = drafted_complaint(s.complaint(order_number="K1", customer=Customer(phone="13800138000", address="某路")))

    assert draft.event.key_facts.has_order_number and draft.event.key_facts.has_address


@pytest.mark.parametrize(
    ("taken_by", "channel_id", "actor"),
    [("a7", "app", Actor("agent", "a7")), ("", "app", Actor("channel", "app")), ("", "", Actor("channel", "crm"))],
)
def test_who_took_it(taken_by: str, channel_id: str, actor: Actor) -> None:
    assert actor == drafted_complaint(s.complaint(taken_by=taken_by), channel_id=channel_id).event.actor


def test_a_stated_default_is_the_same_content_as_one_left_out() -> None:
    lean = msgspec.json.encode(
        {"source": "crm", "source_id": "1", "channel": "web", "customer": {"phone": "1"}, "text": "x"}
    )
    defaults = {"tenant": "default", "time_zone": "Asia/Shanghai", "lang": None, "order_number": "", "taken_by": ""}
    facts = {"currency": "CNY", "product": "", "has_address": False, "case_number_of": "", "amount_minor": None}
    stated = {"cause": "", "demands": [], "danger": False}
    customer = {"phone": "1", "tier": "standard", "usual_hour": None, "name": ""}
    full = msgspec.json.encode(
        msgspec.json.decode(lean) | defaults | {"key_facts": facts, "stated": stated, "customer": customer}
    )

    one, other = (drafting().draft(arrival(read(COMPLAINT, body))) for body in (lean, full))
    assert one.fingerprint == other.fingerprint
    assert msgspec.json.encode(one.event) == msgspec.json.encode(other.event)


def test_every_kind_of_fact_has_a_role_table_and_an_event_of_intakes() -> None:
    assert SUBMISSIONS.keys() - {COMPLAINT} == ROLES.keys()
    facts = {type_ for type_, struct in SUBMISSIONS.items() if issubclass(struct, FactSubmission)}
    assert {SUBMISSIONS[type_] for type_ in facts} == FACT_TYPES.keys()
    assert set(FACT_TYPES.values()) <= {type_of(struct) for struct in PUBLISHERS["intake"]}


@pytest.mark.parametrize("kind", sorted(kind.__name__ for kind in FACT_TYPES))
def test_every_kind_of_fact_becomes_its_event(kind: str) -> None:
    build = {type(one).__name__: one for one in (
        s.contact(), s.information(), s.acceptance(), s.refusal(), s.proposal(), s.delivery(), s.withdrawal(),
        s.link(), s.merge(), s.split(), s.survey(), s.override(), s.repin(),
    )}  # fmt: skip
    draft = drafted_fact(build[kind])

    assert FACT_TYPES[type(build[kind])] == type_of(type(draft.event))
    assert (COMPLAINT_ID, draft.submission_id) == (draft.event.complaint_id, draft.event.causation_id)
    assert bool(draft.personal) == bool(getattr(build[kind], "note", "") or getattr(build[kind], "wording", ""))


@pytest.mark.parametrize(
    ("submission", "code"),
    [
        (s.override(role="handler"), "role_not_allowed"),
        (s.acceptance(role="handler"), "role_not_allowed"),
        (s.roster(role="agent"), "role_not_allowed"),
        (s.contact(about=Reference()), "reference_invalid"),
        (s.contact(about=Reference(source="crm")), "reference_invalid"),
        (s.contact(about=Reference(complaint_id="'; DROP TABLE")), "reference_invalid"),
        (s.contact(about=Reference(complaint_id=COMPLAINT_ID, source="crm", source_id="n2")), "reference_invalid"),
        (s.merge(into=s.ABOUT), "reference_to_itself"),
        (s.contact(promised=(PromiseMade("progress", T0 - timedelta(days=1)),)), "time_out_of_range"),
        (s.contact(promised=(PromiseMade("progress", T0 + timedelta(days=900)),)), "time_out_of_range"),
        (s.contact(steps=("diagnose",) * 51), "field_too_long"),
        (s.contact(callback_id="x" * 201), "field_too_long"),
        (s.delivery(compensation_minor=2**63), "number_out_of_range"),
        (s.information(key_facts=KeyFacts(billed_minor=-1)), "number_out_of_range"),
        (s.information(stated=Stated(times_before=10**9)), "number_out_of_range"),
        (s.roster(version=2**40), "number_out_of_range"),
        (s.roster(handlers=(Handler(id="h", level="junior", capacity=10**9),)), "number_out_of_range"),
        (s.complaint(key_facts=KeyFacts(product="x" * 201)), "field_too_long"),
        (s.complaint(text="\u200b"), "text_empty"),
    ],
)
def test_what_can_never_be_taken(submission: Submission, code: str) -> None:
    assert code == refused(submission)


def test_both_ways_of_naming_a_complaint_may_agree() -> None:
    about = Reference(complaint_id=COMPLAINT_ID.upper(), source="crm", source_id="n1")

    assert COMPLAINT_ID == drafted_fact(s.contact(about=about)).event.complaint_id


def test_short_texts_are_cleaned() -> None:
    answers = (DemandAnswer("refund", "refused", "５０元\n话费"),)
    event = drafted_fact(s.delivery(answers=answers)).event

    assert isinstance(event, intake.SolutionDelivered)
    assert "50元 话费" == event.answers[0].alternative


def test_incidents_name_complaints_either_way() -> None:
    draft = drafted_control(s.incident_confirmation(parent=s.ABOUT, children=(s.OTHER,)))

    assert isinstance(draft.event, intake.IncidentConfirmed)
    assert COMPLAINT_ID == draft.event.parent_id and 1 == len(draft.event.children)
