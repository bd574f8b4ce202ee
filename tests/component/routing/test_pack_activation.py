"""A pack comes into force by facts of kesu.control: checked, kept for ever, taken up by every instance, and repeatable."""

from collections.abc import Sequence
from functools import cache

import msgspec

from services.routing.handlers import RoutingHandler, case_of
from services.routing.policy.body import unpacked
from services.routing.policy.pack import Pack, build_pack, load_pack
from services.routing.rules import decide
from services.routing.shelf import Shelf
from shared.clock import SystemClock
from shared.database import Connection
from shared.events.envelope import Fact, Personal
from shared.events.intake import ComplaintReceived
from shared.events.registry import decode, encode
from shared.events.routing import ComplaintRouted, PackActivated, PackRefused
from shared.ids import derive
from shared.pipeline.records import Outgoing, Record
from shared.vault import Vault
from tests.builders import received
from tests.builders.packs import company_source, submitted_pack
from tests.fixtures.databases import Database

VAULT = Vault(bytes(range(32)))
TEXT = "家里宽带断网三天了，一直没人来修。"


@cache
def default_pack() -> Pack:
    return load_pack()


def handler() -> RoutingHandler:
    """A new instance of routing."""
    return RoutingHandler(shelf=Shelf(default_pack()), vault=VAULT, clock=SystemClock())


def record(event: Fact, *, offset: int = 0) -> Record:
    topic = "kesu.complaints" if hasattr(event, "complaint_id") else "kesu.control"
    return Record(topic, 0, offset, 0, event, encode(event))


async def complaint(database: Database, number: int, *, tenant: str = "default") -> ComplaintReceived:
    customer = derive("customer", str(number))
    ids = {
        "id": derive("event", str(number)),
        "complaint_id": derive("complaint", str(number)),
        "customer_id": customer,
    }
    async with database.connected("intake") as conn:
        ring = await VAULT.ring(conn, [customer])
    sealed = ring.seal(customer_id=customer, event_id=ids["id"], personal=Personal(text=TEXT))
    return received(**ids, tenant=tenant, causation_id=ids["id"], sealed=sealed)


def one(outgoing: Sequence[Outgoing]) -> Fact:
    (only,) = outgoing
    return decode(only.value)


async def activated(conn: Connection, event: Fact, *, offset: int, by: RoutingHandler | None = None) -> PackActivated:
    """The pack is handed in at `offset` and its activation read at the next one."""
    routing = by or handler()
    fact = one(await routing.handle(conn, [record(event, offset=offset)]))
    assert isinstance(fact, PackActivated)
    assert () == tuple(await routing.handle(conn, [record(fact, offset=offset + 1)]))
    return fact


async def routed(conn: Connection, event: ComplaintReceived, by: RoutingHandler) -> ComplaintRouted:
    fact = one(await by.handle(conn, [record(event)]))
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
        fact = one(await handler().handle(conn, [record(submitted_pack(source), offset=1)]))
        decided = one(await handler().handle(conn, [record(event), record(fact, offset=2)]))
    assert isinstance(decided, ComplaintRouted) and source.content_hash == decided.pack


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
        refused = one(await routing.handle(conn, [record(submitted_pack(wrong))]))
        decided = await routed(conn, event, routing)
        assert not await conn.fetchval("SELECT count(*) FROM routing.packs WHERE name = 'harbour'")
    assert isinstance(refused, PackRefused)
    assert [("does_not_load", "unit", "ours")] == [(one.code, one.table, one.row) for one in refused.findings]
    assert default_pack().content_hash == decided.pack


async def test_a_body_that_is_not_what_its_hash_names_is_refused(database: Database) -> None:
    source = company_source()
    false = msgspec.structs.replace(submitted_pack(source), content_hash="0" * 32)
    async with database.connected("routing") as conn:
        refused = one(await handler().handle(conn, [record(false)]))
    assert isinstance(refused, PackRefused) and "hash_differs" == refused.findings[0].code


async def test_heard_twice_it_is_answered_once(database: Database) -> None:
    event = submitted_pack(company_source())
    async with database.connected("routing") as conn:
        first = await handler().handle(conn, [record(event)])
        assert [first[0].value] == [again.value for again in await handler().handle(conn, [record(event)])]
        for _ in range(2):
            await handler().handle(conn, [record(one(first), offset=5)])
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


async def test_what_it_decided_can_be_repeated_from_what_is_kept(database: Database) -> None:
    event = await complaint(database, 50)
    async with database.connected("routing") as conn:
        await activated(conn, submitted_pack(company_source()), offset=1)
        decided = await routed(conn, event, handler())
        body = await conn.fetchval("SELECT body FROM routing.packs WHERE content_hash = $1", decided.pack)
    again = decide(case_of(event, TEXT), decided.history, build_pack(unpacked(body)))
    recorded = (decided.assessment, decided.decision, decided.rules)
    assert msgspec.json.encode(recorded) == msgspec.json.encode((again.assessment, again.decision, again.rules))
