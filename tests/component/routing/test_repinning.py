"""A complaint keeps the pack of its first decision until it is repinned; then it is decided again, once, by the other pack."""

import msgspec
import pytest

from services.routing.deciding import case_of
from services.routing.handlers import RoutingHandler
from services.routing.policy.pack import build_pack
from services.routing.rules import decide
from shared.database import Connection
from shared.errors import Impossible
from shared.events.intake import ComplaintReceived, ComplaintRepinned
from shared.events.registry import encode
from shared.events.routing import ComplaintRouted
from shared.ids import derive
from tests.builders import repinned
from tests.builders.packs import company_source, submitted_pack
from tests.builders.routing_log import TEXT, activated, complaint, decided, default_pack, handler, record
from tests.fixtures.databases import Database


def repin(event: ComplaintReceived, number: int = 1, content_hash: str = "") -> ComplaintRepinned:
    cause = derive("submission", f"repin {number}")
    about = {"complaint_id": event.complaint_id, "customer_id": event.customer_id, "tenant": event.tenant}
    return repinned(**about, content_hash=content_hash, causation_id=cause)


async def routed(conn: Connection, event: ComplaintReceived | ComplaintRepinned, by: RoutingHandler) -> ComplaintRouted:
    fact = await decided(conn, event, by)
    assert isinstance(fact, ComplaintRouted)
    return fact


async def pinned(conn: Connection, event: ComplaintReceived) -> str:
    found: str = await conn.fetchval("SELECT pack FROM routing.cases WHERE complaint_id = $1", event.complaint_id)
    return found


async def test_it_keeps_its_pack_until_then(database: Database) -> None:
    source, routing, event = company_source(), handler(), await complaint(database, 1)
    async with database.connected("routing") as conn:
        first = await routed(conn, event, routing)
        await activated(conn, submitted_pack(source), offset=1)
        assert encode(first) == encode(await routed(conn, event, routing))
        assert default_pack().content_hash == await pinned(conn, event)
        again = await routed(conn, repin(event), routing)
        assert source.content_hash == again.pack == await pinned(conn, event)
    assert (1, "received", "fixed_network.jiangsu") == (first.revision, first.because, first.decision.unit)
    assert (2, "repinned", "harbour_desk") == (again.revision, again.because, again.decision.unit)
    assert (first.complaint_id, first.received_at, first.history) == (
        again.complaint_id,
        again.received_at,
        again.history,
    )
    verdict = decide(case_of(event, TEXT), again.history, build_pack(source))
    assert msgspec.json.encode((again.assessment, again.decision, again.rules)) == msgspec.json.encode(
        (verdict.assessment, verdict.decision, verdict.rules)
    )


async def test_heard_twice_it_is_decided_once(database: Database) -> None:
    routing, event = handler(), await complaint(database, 2)
    async with database.connected("routing") as conn:
        await routed(conn, event, routing)
        first = await routed(conn, repin(event), routing)
        assert encode(first) == encode(await routed(conn, repin(event), handler()))
        assert 3 == (await routed(conn, repin(event, 2), routing)).revision


async def test_it_can_go_back_to_a_pack_by_its_hash(database: Database) -> None:
    source, routing, event = company_source(), handler(), await complaint(database, 3)
    async with database.connected("routing") as conn:
        await activated(conn, submitted_pack(source), offset=1)
        assert "harbour_desk" == (await routed(conn, event, routing)).decision.unit
        await activated(
            conn, submitted_pack(default_pack().source, name="telecom_cn", causation_id=derive("s", "2")), offset=3
        )
        assert "fixed_network.jiangsu" == (await routed(conn, repin(event), routing)).decision.unit
        back = await routed(conn, repin(event, 2, source.content_hash), routing)
    assert ("harbour_desk", 3) == (back.decision.unit, back.revision)


async def test_in_one_batch_it_follows_what_was_received(database: Database) -> None:
    event = await complaint(database, 4)
    async with database.connected("routing") as conn:
        published = await handler().handle(conn, [record(event), record(repin(event), offset=1)])
    assert [1, 2] == [msgspec.json.decode(one.value).get("revision", 1) for one in published]


@pytest.mark.parametrize(("code", "content_hash"), [("pack_unknown", "f" * 32), ("complaint_not_kept", "")])
async def test_what_cannot_be_decided_again_is_a_dead_letter(database: Database, code: str, content_hash: str) -> None:
    event = await complaint(database, 5)
    async with database.connected("routing") as conn:
        if code == "pack_unknown":
            await routed(conn, event, handler())
        with pytest.raises(Impossible, match=code):
            await handler().handle(conn, [record(repin(event, content_hash=content_hash))])


async def test_a_restored_database_adopts_the_newest_decision(database: Database) -> None:
    source, routing, event = company_source(), handler(), await complaint(database, 6)
    async with database.connected("routing") as conn:
        first = await routed(conn, event, routing)
        await activated(conn, submitted_pack(source), offset=1)
        again = await routed(conn, repin(event), routing)
        await conn.execute("DELETE FROM routing.cases")
        await handler().adopt(conn, [record(first), record(again, offset=1)])
        assert source.content_hash == await pinned(conn, event)
