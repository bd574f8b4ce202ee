"""Routing under a database restored from an older backup: intake takes the customers' keys in, routing waits for it."""

import pytest

from services.routing import opening
from services.routing.handlers import RoutingHandler
from services.routing.policy.pack import load_pack
from services.routing.shelf import Shelf
from shared.clock import SystemClock
from shared.errors import NotNow, Stopped
from shared.events.envelope import Personal
from shared.events.registry import encode
from shared.pipeline.records import Record
from shared.vault import Vault, WrappedKey
from shared.vault_restored import take_in_keys
from tests.builders import received
from tests.builders.common import CUSTOMER_ID
from tests.fixtures.databases import Database

VAULT = Vault(bytes(range(32)))


async def sealed(database: Database) -> tuple[Record, WrappedKey]:
    """A complaint and the key it was sealed under, which the database has lost."""
    event = received()
    async with database.connected("intake") as conn:
        ring = await VAULT.ring(conn, [CUSTOMER_ID])
    box = ring.seal(customer_id=CUSTOMER_ID, event_id=event.id, personal=Personal(text="宽带断了两天"))
    event = received(sealed=box)
    async with database.connected() as conn:
        await conn.execute("TRUNCATE vault.customer_keys")
    return Record("kesu.complaints", 0, 0, 0, event, encode(event)), ring.made[0]


@pytest.fixture(scope="module")
def handler() -> RoutingHandler:
    return RoutingHandler(shelf=Shelf(load_pack()), vault=VAULT, clock=SystemClock())


async def test_a_key_that_is_not_there_yet_is_waited_for(database: Database, handler: RoutingHandler) -> None:
    record, key = await sealed(database)
    async with database.connected("routing") as conn:
        with pytest.raises(NotNow, match="key is not there yet"):
            await handler.handle(conn, [record])
        async with database.connected("intake") as intake:
            assert 1 == await take_in_keys(intake, [key])
        assert ["kesu.complaint.routed.v1"] == [one.type for one in await handler.handle(conn, [record])]


async def test_a_key_that_never_comes_stops_routing(
    database: Database, handler: RoutingHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, _ = await sealed(database)
    monkeypatch.setattr(opening, "KEY_WAIT_S", 0.0)
    async with database.connected("routing") as conn:
        with pytest.raises(Stopped, match="customer_key_lost"):
            await handler.handle(conn, [record])
