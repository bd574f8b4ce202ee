"""Records as routing reads them, and sealed complaints for it, without a broker."""

from functools import cache

from services.routing.handlers import RoutingHandler
from services.routing.policy.pack import Pack, load_pack
from services.routing.shelf import Shelf
from shared.clock import SystemClock
from shared.database import Connection
from shared.events.envelope import ComplaintFact, Fact, Personal
from shared.events.intake import ComplaintReceived, PackSubmitted
from shared.events.registry import decode, encode
from shared.events.routing import PackActivated
from shared.ids import derive
from shared.pipeline.records import Record
from shared.vault import Vault
from tests.builders.intake import received
from tests.fixtures.databases import Database

VAULT = Vault(bytes(range(32)))
TEXT = "家里宽带断网三天了,一直没人来修。"


@cache
def default_pack() -> Pack:
    return load_pack()


def handler() -> RoutingHandler:
    """A new instance of routing, started with the default pack."""
    return RoutingHandler(shelf=Shelf(default_pack()), vault=VAULT, clock=SystemClock())


def record(event: Fact, *, offset: int = 0) -> Record:
    topic = "kesu.complaints" if isinstance(event, ComplaintFact) else "kesu.control"
    return Record(topic, 0, offset, 0, event, encode(event))


async def complaint(database: Database, number: int, *, tenant: str = "default") -> ComplaintReceived:
    """A complaint about broadband of a customer of its own."""
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


async def decided(conn: Connection, event: Fact, by: RoutingHandler, *, offset: int = 0) -> Fact:
    """What routing publishes about `event`: one fact."""
    (only,) = await by.handle(conn, [record(event, offset=offset)])
    return decode(only.value)


async def activated(
    conn: Connection, event: PackSubmitted, *, offset: int, by: RoutingHandler | None = None
) -> PackActivated:
    """The pack is handed in at `offset` and its activation read at the next one."""
    routing = by or handler()
    fact = await decided(conn, event, routing, offset=offset)
    assert isinstance(fact, PackActivated)
    assert () == tuple(await routing.handle(conn, [record(fact, offset=offset + 1)]))
    return fact
