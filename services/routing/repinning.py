"""A complaint is repinned: decided again, by another pack, with the history it had when it was received."""

from collections.abc import Sequence

import msgspec

from services.routing import pack_store, store
from services.routing.deciding import ROUTED, Known, case_of, decision_about, judged, prior_case
from services.routing.opening import Opening
from services.routing.policy.errors import PackError
from services.routing.received import received_of
from services.routing.rules.history import PROMISES_WINDOW
from services.routing.shelf import InForce, Shelf
from services.routing.store import SCHEMA
from shared.clock import Clock
from shared.database import Connection
from shared.errors import Impossible
from shared.events.intake import ComplaintReceived, ComplaintRepinned
from shared.events.routing import ComplaintRouted
from shared.ids import event_id
from shared.pipeline.records import Outgoing, Record
from shared.saved import save_events, stored

_routed = msgspec.json.Decoder(ComplaintRouted)


class Repinning:
    """Takes repinned complaints one by one: they are rare, and a supervisor waits for the answer."""

    def __init__(self, *, shelf: Shelf, opening: Opening, clock: Clock) -> None:
        self._shelf = shelf
        self._opening = opening
        self._clock = clock

    async def take(self, conn: Connection, records: Sequence[Record]) -> list[Outgoing]:
        """The decisions that repinned complaints among `records` ask for; raises Impossible where there can be none."""
        decisions: list[Outgoing] = []
        for record in records:
            if isinstance(record.event, ComplaintRepinned):
                decisions += await self._decide_again(conn, record, record.event)
        return decisions

    async def _decide_again(self, conn: Connection, record: Record, repinned: ComplaintRepinned) -> Sequence[Outgoing]:
        before = await stored(conn, SCHEMA, [event_id(cause=repinned.id, type_=ROUTED)])
        if before:
            return before
        received = await received_of(conn, repinned.complaint_id)
        if received is None:
            raise Impossible(record, "complaint_not_kept", "what was received of the complaint is not kept here")
        earlier = [_routed.decode(body) for body in await store.decisions_of(conn, repinned.complaint_id)]
        policy = await self._policy(conn, record, repinned)
        (text,) = await self._opening.texts(conn, [received])
        try:
            verdict, history = judged(case_of(received, text), await _known(conn, received), policy.pack)
        except PackError as error:
            raise Impossible(record, "pack_has_no_answer", error.texts["en"]) from error
        decision = decision_about(
            received, cause=repinned, verdict=verdict, history=history, policy=policy, decided_at=self._clock.now(),
            revision=max((one.revision for one in earlier), default=0) + 1, because="repinned",
        )  # fmt: skip
        await store.change_cases(conn, [prior_case(decision)])
        return await save_events(conn, SCHEMA, [decision])

    async def _policy(self, conn: Connection, record: Record, repinned: ComplaintRepinned) -> InForce:
        in_force = (await self._shelf.in_force(conn)).of(repinned.tenant)
        wanted = repinned.content_hash or in_force.pack.content_hash
        if await pack_store.kept_pack(conn, wanted) is None and wanted != in_force.pack.content_hash:
            raise Impossible(record, "pack_unknown", "no policy pack of that content was ever in force here")
        return InForce(await self._shelf.pack(conn, wanted), in_force.control_offset)


async def _known(conn: Connection, received: ComplaintReceived) -> Known:
    """What was known of the customer when the complaint was received."""
    since = received.accepted_at - PROMISES_WINDOW
    cases = await store.cases_of(conn, [received.customer_id], since=since)
    broken = await store.broken_of(conn, [received.customer_id], since=since)
    return Known({one.complaint_id: one for one in cases}, [at for _, at in broken])
