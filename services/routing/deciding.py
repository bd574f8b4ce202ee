"""From a complaint that was received to the decision about it: the case, its history, the verdict, the event."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from services.routing.model import Case, Verdict
from services.routing.policy.pack import Pack
from services.routing.rules import judge, read_words
from services.routing.rules.history import history_at
from services.routing.shelf import InForce
from services.routing.store import PriorCase
from shared.events.envelope import Actor, Fact
from shared.events.intake import ComplaintReceived
from shared.events.registry import type_of
from shared.events.routing import ComplaintRouted, History
from shared.ids import event_id

SYSTEM: Final = Actor(role="system", id="routing")
ROUTED: Final = type_of(ComplaintRouted)


class Known(Struct, frozen=True):
    """What is known of a customer: cases by complaint, and when promises were broken."""

    cases: Mapping[str, PriorCase]
    broken_at: Sequence[datetime]


def case_of(event: ComplaintReceived, text: str) -> Case:
    """The case as the rules see it."""
    return Case(
        complaint_id=event.complaint_id, tenant=event.tenant, channel=event.channel, lang=event.lang, text=text,
        customer_tier=event.customer_tier, region=event.key_facts.region, key_facts=event.key_facts,
        stated=event.stated, findings=event.findings, received_at=event.accepted_at,
    )  # fmt: skip


def judged(case: Case, known: Known, pack: Pack) -> tuple[Verdict, History]:
    """Decide with what is known of the customer; the history counts the earlier cases with the same cause."""
    words = read_words(case, pack)
    if not known.cases or set(known.cases) == {case.complaint_id}:
        return judge(case, words, History(), pack), History()
    rows = [(c.complaint_id, c.accepted_at, c.kind, c.cause, c.closed) for c in known.cases.values()]
    history = history_at(
        accepted_at=case.received_at,
        complaint_id=case.complaint_id,
        cause=words.cause.row.cause,
        earlier=rows,
        broken_at=known.broken_at,
    )
    return judge(case, words, history, pack), history


def decision_about(
    event: ComplaintReceived, *, cause: Fact, verdict: Verdict, history: History, policy: InForce, decided_at: datetime,
    revision: int = 1, because: str = "received",
) -> ComplaintRouted:  # fmt: skip
    """The decision that `cause` asked for: what was received itself, or a later fact."""
    return ComplaintRouted(
        id=event_id(cause=cause.id, type_=ROUTED), tenant=event.tenant, actor=SYSTEM,
        occurred_at=cause.accepted_at, accepted_at=cause.accepted_at, decided_at=decided_at,
        causation_id=cause.id, correlation_id=cause.correlation_id, pack=policy.pack.content_hash,
        control_offset=policy.control_offset, complaint_id=event.complaint_id, customer_id=event.customer_id,
        lang=event.lang, revision=revision, because=because, assessment=verdict.assessment, decision=verdict.decision,
        history=history, rules=verdict.rules, received_at=event.accepted_at, time_zone=event.time_zone,
        channel=event.channel, usual_hour=event.usual_hour, key_complete=not event.findings,
    )  # fmt: skip


def prior_case(routed: ComplaintRouted) -> PriorCase:
    """What a later decision may need to know of this one."""
    return PriorCase(
        routed.complaint_id, routed.customer_id, routed.received_at, routed.assessment.kind, routed.assessment.cause,
        routed.decision.severity, pack=routed.pack,
    )  # fmt: skip
