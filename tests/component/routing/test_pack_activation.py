"""A pack comes into force by facts of kesu.control: checked, kept for ever, taken up by every instance, and repeatable."""

import msgspec
import pytest

from services.routing import activation, pack_store
from services.routing.deciding import case_of
from services.routing.handlers import RoutingHandler
from services.routing.policy.body import packed, unpacked
from services.routing.policy.pack import build_pack
from services.routing.rules import decide
from shared.database import Connection
from shared.errors import Impossible
from shared.events.intake import ComplaintReceived
from shared.events.registry import decode, encode
from shared.events.routing import ComplaintRouted, PackRefused
from tests.builders import repinned
from tests.builders.packs import company_source, submitted_pack
from tests.builders.routing_log import TEXT, activated, complaint, decided, default_pack, handler, record
from tests.fixtures.databases import Database


async def routed(conn: Connection, event: ComplaintReceived, by: RoutingHandler) -> ComplaintRouted:
    fact = await decided(conn, event, by)
    assert isinstance(fact, ComplaintRouted)
    return fact


async def test_complaints_are_decided_with_the_pack_that_was_activated(database: Database) -> None:
    source, here, there = company_source(), handler(), handler()
    events = [await complaint(database, number) for number in range(4)]
    async with database.connected("routing") as conn:
        before = await routed(conn, events[0], here)
        other = await routed(conn, events[1], there)
        await activated(conn, submitted_pack(source), offset=7, by=here)
        after = await routed(conn, events[2], here)
        elsewhere = await routed(conn, events[3], there)
    assert (default_pack().content_hash, None) == (before.pack, before.control_offset)
    assert "fixed_network.jiangsu" == before.decision.unit == other.decision.unit
    assert "harbour_desk" == after.decision.unit == elsewhere.decision.unit
    assert (source.content_hash, 8) == (after.pack, after.control_offset)


async def test_in_one_batch_with_complaints_it_counts_for_those(database: Database) -> None:
    source, event = company_source(), await complaint(database, 11)
    async with database.connected("routing") as conn:
        fact = await decided(conn, submitted_pack(source), handler(), offset=1)
        (published,) = await handler().handle(conn, [record(event), record(fact, offset=2)])
    decision = decode(published.value)
    assert isinstance(decision, ComplaintRouted) and source.content_hash == decision.pack


async def test_a_tenants_pack_is_its_own(database: Database) -> None:
    source, routing = company_source(name="quay"), handler()
    events = [await complaint(database, 20, tenant="quay"), await complaint(database, 21)]
    async with database.connected("routing") as conn:
        await activated(conn, submitted_pack(source, name="quay", tenant="quay"), offset=1)
        units = [(await routed(conn, event, routing)).decision.unit for event in events]
    assert ["quay_desk", "fixed_network.jiangsu"] == units


async def test_a_broken_pack_is_refused_and_the_one_in_force_stays(database: Database) -> None:
    wrong = company_source({"tables/unit.yaml": "- {id: ours, unit: u, when: has_nothing, zh: 错, en: wrong}\n"})
    event, routing = await complaint(database, 30), handler()
    async with database.connected("routing") as conn:
        refused = await decided(conn, submitted_pack(wrong), routing)
        decision = await routed(conn, event, routing)
        assert not await conn.fetchval("SELECT count(*) FROM routing.packs WHERE name = 'harbour'")
    assert isinstance(refused, PackRefused)
    assert [("does_not_load", "unit", "ours")] == [(one.code, one.table, one.row) for one in refused.findings]
    assert default_pack().content_hash == decision.pack


async def test_a_body_that_is_not_what_its_hash_names_is_refused(database: Database) -> None:
    source = company_source()
    false = msgspec.structs.replace(submitted_pack(source), content_hash="0" * 32)
    async with database.connected("routing") as conn:
        refused = await decided(conn, false, handler())
    assert isinstance(refused, PackRefused) and "hash_differs" == refused.findings[0].code


async def test_a_pack_that_breaks_the_check_is_refused(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(activation, "examine", breaks)
    async with database.connected("routing") as conn:
        refused = await decided(conn, submitted_pack(company_source()), handler())
    assert isinstance(refused, PackRefused) and "check_failed" == refused.findings[0].code


async def test_heard_twice_it_is_answered_once(database: Database) -> None:
    event = submitted_pack(company_source())
    async with database.connected("routing") as conn:
        first = await handler().handle(conn, [record(event)])
        assert [first[0].value] == [again.value for again in await handler().handle(conn, [record(event)])]
        for _ in range(2):
            await handler().handle(conn, [record(decode(first[0].value), offset=5)])
        assert 1 == await conn.fetchval("SELECT count(*) FROM routing.activations")


async def test_a_restored_database_hears_it_from_the_log_again(database: Database) -> None:
    """The answer that was published stands, and the body comes back with the fact that holds it."""
    source, routing = company_source(), handler()
    submitted, event = submitted_pack(source), await complaint(database, 40)
    async with database.connected("routing") as conn:
        fact = await activated(conn, submitted, offset=1)
    async with database.connected() as conn:
        await conn.execute("TRUNCATE routing.events, routing.packs, routing.activations")
    async with database.connected("routing") as conn:
        await routing.adopt(conn, [record(fact, offset=2)])
        again = await routing.handle(conn, [record(submitted, offset=1)])
        assert [encode(fact)] == [one.value for one in again]
        await routing.handle(conn, [record(fact, offset=2)])
        assert source.content_hash == (await routed(conn, event, routing)).pack


async def test_a_pack_that_has_no_answer_for_a_case_holds_nobody_up(database: Database) -> None:
    """Some conditions fail on cases that no check thought of: the pack routing was started with decides, and is named."""
    row = "- {id: x, points: 1, when: '10 / (text_length - 17) > 100', zh: 除以零, en: divided by nothing}"
    source, event, routing = company_source({"tables/score.yaml": row}), await complaint(database, 60), handler()
    assert 17 == len(TEXT)
    names = {"content_hash": source.content_hash}
    async with database.connected("routing") as conn:
        await pack_store.keep_pack(conn, name="harbour", body=packed(source), **names)
        await pack_store.activate(conn, event_id=event.id, tenant="default", control_offset=1, **names)
        decision = await routed(conn, event, routing)
        assert default_pack().content_hash == decision.pack and decision.control_offset is None
        again = record(repinned(complaint_id=event.complaint_id, customer_id=event.customer_id, **names))
        with pytest.raises(Impossible, match="pack_has_no_answer"):
            await routing.handle(conn, [again])


async def test_what_it_decided_can_be_repeated_from_what_is_kept(database: Database) -> None:
    event = await complaint(database, 50)
    async with database.connected("routing") as conn:
        await activated(conn, submitted_pack(company_source()), offset=1)
        decision = await routed(conn, event, handler())
        body = await conn.fetchval("SELECT body FROM routing.packs WHERE content_hash = $1", decision.pack)
    again = decide(case_of(event, TEXT), decision.history, build_pack(unpacked(body)))
    recorded = (decision.assessment, decision.decision, decision.rules)
    assert msgspec.json.encode(recorded) == msgspec.json.encode((again.assessment, again.decision, again.rules))
