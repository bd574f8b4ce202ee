"""What routing does with each kind of event: load, decide, save."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from structlog import get_logger

from services.routing import store
from services.routing.activation import Activation
from services.routing.deciding import ROUTED, Known, case_of, decision_about, judged, prior_case
from services.routing.opening import Opening
from services.routing.policy.errors import PackError
from services.routing.received import keep_received
from services.routing.repinning import Repinning
from services.routing.rules.history import PROMISES_WINDOW
from services.routing.shelf import Shelf
from services.routing.store import SCHEMA, PriorCase
from shared.clock import Clock
from shared.database import Connection
from shared.events.envelope import Fact
from shared.events.followup import ComplaintClosed, ComplaintReopened, PromiseBroken
from shared.events.intake import ComplaintReceived, ComplaintRepinned, PackSubmitted
from shared.events.registry import PUBLISHERS, type_of
from shared.events.routing import ComplaintRouted, PackActivated
from shared.ids import event_id
from shared.pipeline.records import Outgoing, Record
from shared.saved import save_events, stored
from shared.vault import Vault

READS: Final[tuple[type[Fact], ...]] = (
    ComplaintReceived, ComplaintClosed, ComplaintReopened, PromiseBroken, ComplaintRepinned, PackSubmitted, PackActivated,
)  # fmt: skip
log = get_logger(__name__)


class RoutingHandler:
    """Decides about complaints of the log with the policy pack in force for their tenant when they come."""

    reads = frozenset(type_of(one) for one in READS)
    owns = frozenset(type_of(one) for one in PUBLISHERS["routing"])
    moves_with_save = False

    def __init__(self, *, shelf: Shelf, vault: Vault, clock: Clock) -> None:
        self._shelf = shelf
        self._clock = clock
        self._opening = Opening(vault)
        self._activation = Activation(clock)
        self._repinning = Repinning(shelf=shelf, opening=self._opening, clock=clock)

    async def handle(self, conn: Connection, records: Sequence[Record]) -> Sequence[Outgoing]:
        """Take up packs, decide about what was received, and remember what became of earlier cases."""
        answers = await self._activation.take(conn, records)
        await self._remember(conn, records)
        decisions = await self._received(conn, records)
        return [*answers, *decisions, *await self._repinning.take(conn, records)]

    async def _received(self, conn: Connection, records: Sequence[Record]) -> list[Outgoing]:
        """The decisions about what was received: those that stand, and new ones."""
        received = [r.event for r in records if isinstance(r.event, ComplaintReceived)]
        if not received:
            return []
        cases, broken = await self._earlier(conn, received)
        again = await _decided_before(conn, received, cases)
        await keep_received(conn, records)
        fresh = [event for event in received if event.id not in again]
        texts = await self._opening.texts(conn, fresh)
        events = await self._decide(conn, fresh, texts, cases, broken)
        return [*again.values(), *await save_events(conn, SCHEMA, events)]

    async def adopt(self, conn: Connection, records: Sequence[Record]) -> None:
        """Take in decisions of our own that the store has lost: they stand as they were published.

        A pack comes into force again when its activation is read again, behind the fact that holds it.
        """
        await save_events(conn, SCHEMA, [record.event for record in records])
        routed = [r.event for r in records if isinstance(r.event, ComplaintRouted)]
        if routed:
            await store.add_cases(conn, [prior_case(event) for event in routed])
        if again := [event for event in routed if event.revision > 1]:
            newest = {event.complaint_id: prior_case(event) for event in sorted(again, key=lambda one: one.revision)}
            await store.change_cases(conn, list(newest.values()))

    async def _decide(
        self, conn: Connection, received: Sequence[ComplaintReceived], texts: Sequence[str],
        cases: dict[str, dict[str, PriorCase]], broken: dict[str, list[datetime]],
    ) -> list[ComplaintRouted]:  # fmt: skip
        if not received:
            return []
        in_force = await self._shelf.in_force(conn)
        decided_at, events, new = self._clock.now(), [], []
        for event, text in zip(received, texts, strict=True):
            case, of_customer, policy = case_of(event, text), cases[event.customer_id], in_force.of(event.tenant)
            known = Known(of_customer, broken[event.customer_id])
            try:
                verdict, history = judged(case, known, policy.pack)
            except PackError as error:
                log.warning(
                    "the pack in force has no answer", pack=policy.pack.content_hash, table=error.table, row=error.row
                )
                policy = self._shelf.first  # nobody waits for the tables to be mended; the decision names what decided
                verdict, history = judged(case, known, policy.pack)
            decision = decision_about(
                event, cause=event, verdict=verdict, history=history, policy=policy, decided_at=decided_at
            )
            prior = prior_case(decision)
            of_customer[event.complaint_id] = prior
            events.append(decision)
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
