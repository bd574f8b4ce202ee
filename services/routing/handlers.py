"""What routing does with each kind of event: load, decide, save."""

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from services.routing import store
from services.routing.activation import Activation
from services.routing.model import Case, Verdict
from services.routing.policy.pack import Pack
from services.routing.rules import judge, read_words
from services.routing.rules.history import PROMISES_WINDOW, history_at
from services.routing.shelf import InForce, Shelf
from services.routing.store import SCHEMA, PriorCase
from services.routing.words import keep_words
from shared.clock import Clock
from shared.database import Connection
from shared.errors import NotNow, Stopped
from shared.events.envelope import Actor, Fact, Personal
from shared.events.followup import ComplaintClosed, ComplaintReopened, PromiseBroken
from shared.events.intake import ComplaintReceived, PackSubmitted
from shared.events.registry import PUBLISHERS, type_of
from shared.events.routing import ComplaintRouted, History, PackActivated
from shared.ids import event_id
from shared.pipeline.records import Outgoing, Record
from shared.saved import save_events, stored
from shared.vault import Vault

KEY_WAIT_S: Final = 120.0  # intake takes in the keys of some days when it starts
SYSTEM = Actor(role="system", id="routing")
ROUTED = type_of(ComplaintRouted)
READS: Final[tuple[type[Fact], ...]] = (
    ComplaintReceived, ComplaintClosed, ComplaintReopened, PromiseBroken, PackSubmitted, PackActivated,
)  # fmt: skip


class RoutingHandler:
    """Decides about complaints of the log with the policy pack in force for their tenant when they come."""

    reads = frozenset(type_of(one) for one in READS)
    owns = frozenset(type_of(one) for one in PUBLISHERS["routing"])
    moves_with_save = False

    def __init__(self, *, shelf: Shelf, vault: Vault, clock: Clock) -> None:
        self._shelf = shelf
        self._activation = Activation(clock)
        self._vault = vault
        self._clock = clock
        self._key_missed_s: float | None = None

    async def handle(self, conn: Connection, records: Sequence[Record]) -> Sequence[Outgoing]:
        """Take up packs, decide about what was received, and remember what became of earlier cases."""
        received = [r.event for r in records if isinstance(r.event, ComplaintReceived)]
        answers = await self._activation.take(conn, records)
        await self._remember(conn, records)
        if not received:
            return answers
        cases, broken = await self._earlier(conn, received)
        again = await _decided_before(conn, received, cases)
        fresh = [event for event in received if event.id not in again]
        await keep_words(conn, received)
        words = iter(await self._opened(conn, fresh))
        texts = [_text(next(words)) if event.sealed else "" for event in fresh]
        events = await self._decide(conn, fresh, texts, cases, broken)
        return [*answers, *again.values(), *await save_events(conn, SCHEMA, events)]

    async def _opened(self, conn: Connection, received: Sequence[ComplaintReceived]) -> list[Personal | None]:
        """The sealed parts. Under a database restored from an older backup, intake may be about to take in their keys."""
        try:
            found = await self._vault.open(conn, [(e.customer_id, e.id, e.sealed) for e in received if e.sealed])
        except Stopped as error:
            now = time.monotonic()
            self._key_missed_s = now if self._key_missed_s is None else self._key_missed_s
            if error.code != "customer_key_lost" or now - self._key_missed_s >= KEY_WAIT_S:
                raise
            raise NotNow(f"a customer's key is not there yet: {error.en}") from error
        self._key_missed_s = None
        return found

    async def adopt(self, conn: Connection, records: Sequence[Record]) -> None:
        """Take in decisions of our own that the store has lost: they stand as they were published.

        A pack comes into force again when its activation is read again, behind the fact that holds it.
        """
        await save_events(conn, SCHEMA, [record.event for record in records])
        routed = [r.event for r in records if isinstance(r.event, ComplaintRouted)]
        if routed:
            await store.add_cases(conn, [_case_of(event) for event in routed])

    async def _decide(
        self, conn: Connection, received: Sequence[ComplaintReceived], texts: Sequence[str],
        cases: dict[str, dict[str, PriorCase]], broken: dict[str, list[datetime]],
    ) -> list[ComplaintRouted]:  # fmt: skip
        if not received:
            return []
        in_force = await self._shelf.in_force(conn)
        decided_at, events, new = self._clock.now(), [], []
        for event, text in zip(received, texts, strict=True):
            case, policy = case_of(event, text), in_force.of(event.tenant)
            earlier, broken_at = cases[event.customer_id], broken[event.customer_id]
            verdict, history = _judge(case, earlier, broken_at, event.accepted_at, policy.pack)
            events.append(_routed(event, verdict, history, decided_at, policy))
            prior = PriorCase(
                event.complaint_id, event.customer_id, event.accepted_at, verdict.assessment.kind,
                verdict.assessment.cause, verdict.decision.severity, pack=policy.pack.content_hash,
            )  # fmt: skip
            cases[event.customer_id][event.complaint_id] = prior
            new.append(prior)
        await store.add_cases(conn, list({case.complaint_id: case for case in reversed(new)}.values()))
        return events

    async def _earlier(
        self, conn: Connection, received: Sequence[ComplaintReceived]
    ) -> tuple[dict[str, dict[str, PriorCase]], dict[str, list[datetime]]]:
        customers = sorted({event.customer_id for event in received})
        since = min(event.accepted_at for event in received) - PROMISES_WINDOW
        cases: dict[str, dict[str, PriorCase]] = defaultdict(dict)
        for case in await store.cases_of(conn, customers, since=since):
            cases[case.customer_id][case.complaint_id] = case
        broken: dict[str, list[datetime]] = defaultdict(list)
        if cases:
            for customer, at in await store.broken_of(conn, list(cases), since=since):
                broken[customer].append(at)
        return cases, broken

    async def _remember(self, conn: Connection, records: Sequence[Record]) -> None:
        closed: dict[str, datetime | None] = {}
        broken: dict[str, tuple[str, str, datetime]] = {}
        for record in records:
            match record.event:
                case ComplaintClosed(complaint_id=complaint, occurred_at=at):
                    closed[complaint] = at
                case ComplaintReopened(complaint_id=complaint):
                    closed[complaint] = None
                case PromiseBroken(promise_id=promise, customer_id=customer, due_at=at):
                    broken[promise] = (promise, customer, at)
                case _:
                    pass
        if closed:
            await store.close_cases(conn, closed)
        if broken:
            await store.add_broken(conn, list(broken.values()))


def _judge(
    case: Case, earlier: dict[str, PriorCase], broken_at: Sequence[datetime], accepted_at: datetime, pack: Pack
) -> tuple[Verdict, History]:
    """Decide with what is known of the customer; the history counts the earlier cases with the same cause."""
    words = read_words(case, pack)
    if not earlier or set(earlier) == {case.complaint_id}:
        return judge(case, words, History(), pack), History()
    rows = [(c.complaint_id, c.accepted_at, c.kind, c.cause, c.closed) for c in earlier.values()]
    history = history_at(
        accepted_at=accepted_at,
        complaint_id=case.complaint_id,
        cause=words.cause.row.cause,
        earlier=rows,
        broken_at=broken_at,
    )
    return judge(case, words, history, pack), history


def _routed(
    event: ComplaintReceived, verdict: Verdict, history: History, decided_at: datetime, policy: InForce
) -> ComplaintRouted:
    return ComplaintRouted(
        id=event_id(cause=event.id, type_=ROUTED), tenant=event.tenant, actor=SYSTEM,
        occurred_at=event.accepted_at, accepted_at=event.accepted_at, decided_at=decided_at,
        causation_id=event.id, correlation_id=event.correlation_id, pack=policy.pack.content_hash,
        control_offset=policy.control_offset, complaint_id=event.complaint_id, customer_id=event.customer_id,
        lang=event.lang, assessment=verdict.assessment, decision=verdict.decision, history=history,
        rules=verdict.rules, received_at=event.accepted_at, time_zone=event.time_zone, channel=event.channel,
        usual_hour=event.usual_hour, key_complete=not event.findings,
    )  # fmt: skip


async def _decided_before(
    conn: Connection, received: Sequence[ComplaintReceived], cases: Mapping[str, Mapping[str, PriorCase]]
) -> dict[str, Outgoing]:
    """Complaints that came again: by the id of the fact, the decision that stands. It is published again, not taken again."""
    ids = {
        event_id(cause=event.id, type_=ROUTED): event.id
        for event in received
        if event.complaint_id in cases.get(event.customer_id, {})
    }
    return {ids[one.id]: one for one in await stored(conn, SCHEMA, list(ids))}


def case_of(event: ComplaintReceived, text: str) -> Case:
    """The case as the rules see it."""
    return Case(
        complaint_id=event.complaint_id, tenant=event.tenant, channel=event.channel, lang=event.lang, text=text,
        customer_tier=event.customer_tier, region=event.key_facts.region, key_facts=event.key_facts,
        stated=event.stated, findings=event.findings, received_at=event.accepted_at,
    )  # fmt: skip


def _text(personal: Personal | None) -> str:
    return personal.text if personal else ""


def _case_of(event: ComplaintRouted) -> PriorCase:
    return PriorCase(
        event.complaint_id, event.customer_id, event.accepted_at,
        event.assessment.kind, event.assessment.cause, event.decision.severity, pack=event.pack,
    )  # fmt: skip
