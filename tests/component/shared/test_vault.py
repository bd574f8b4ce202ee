"""Customers' keys in a real database: sealing is repeatable, opening is for who may, erasing is for ever."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from shared.database import Connection
from shared.errors import Stopped
from shared.events.envelope import Personal, Sealed
from shared.ids import derive
from shared.vault import Vault, open_vault
from tests.fixtures.databases import Database

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ANN, BEN = derive("customer", "ann"), derive("customer", "ben")
EVENT, OTHER = derive("event", "1"), derive("event", "2")
WORDS = Personal(text="网络又断了", name="张三", phone="13800138000")
VAULT = Vault(bytes(range(32)))


@pytest_asyncio.fixture(loop_scope="function")
async def conn(database: Database) -> AsyncIterator[Connection]:
    """As intake."""
    async with database.connected("intake") as connection:
        yield connection


async def sealed(conn: Connection, *, customer: str = ANN, event: str = EVENT, vault: Vault = VAULT) -> Sealed:
    """WORDS, sealed for this customer and event."""
    ring = await vault.ring(conn, [customer])
    return ring.seal(customer_id=customer, event_id=event, personal=WORDS)


async def test_the_same_event_is_the_same_bytes(conn: Connection) -> None:
    """By any process, at any time; and nothing of it can be read in them."""
    first = await sealed(conn)
    assert first == await sealed(conn, vault=Vault(bytes(range(32))))
    assert not any(part.encode() in first.box for part in (WORDS.text, WORDS.name, WORDS.phone))


async def test_it_differs_by_event_and_by_customer(conn: Connection) -> None:
    """So that equal words of two complaints cannot be seen to be equal."""
    boxes = {(await sealed(conn, customer=c, event=e)).box for c in (ANN, BEN) for e in (EVENT, OTHER)}
    assert len(boxes) == 4


async def test_what_was_sealed_opens_in_order(conn: Connection) -> None:
    """Several customers in one question."""
    ring = await VAULT.ring(conn, [ANN, BEN])
    boxes = [
        (who, EVENT, ring.seal(customer_id=who, event_id=EVENT, personal=Personal(name=who))) for who in (BEN, ANN, BEN)
    ]
    assert await VAULT.open(conn, boxes) == [Personal(name=BEN), Personal(name=ANN), Personal(name=BEN)]
    assert await VAULT.open(conn, []) == []


@pytest.mark.parametrize("changed", ["event", "customer", "box"])
async def test_a_box_opens_only_where_it_belongs(conn: Connection, changed: str) -> None:
    """Moved to another event or customer, or altered: the service stops, as no answer would be true."""
    box, _ = await sealed(conn), await sealed(conn, customer=BEN)
    event, customer = (OTHER if changed == "event" else EVENT), (BEN if changed == "customer" else ANN)
    if changed == "box":
        box = Sealed(box.key, bytes([box.box[0] ^ 1]) + box.box[1:])
    with pytest.raises(Stopped, match="sealed_part_unreadable"):
        await VAULT.open(conn, [(customer, event, box)])


async def test_a_wrong_master_key_says_so(conn: Connection) -> None:
    """Not "erased", and no exception of a library."""
    box = await sealed(conn)
    with pytest.raises(Stopped, match="sealed_part_unreadable") as found:
        await Vault(bytes(32)).open(conn, [(ANN, EVENT, box)])
    assert "主密钥" in found.value.zh


async def test_erased_is_for_ever_and_for_this_customer_alone(conn: Connection, database: Database) -> None:
    """Every box of the customer is None, the other's opens as before; a second time there is nothing to erase."""
    anns, bens = await sealed(conn), await sealed(conn, customer=BEN)
    async with database.connected() as admin:
        assert await Vault.erase(admin, ANN, NOW)
        assert not await Vault.erase(admin, ANN, NOW)
    assert await VAULT.open(conn, [(ANN, EVENT, anns), (BEN, EVENT, bens)]) == [None, WORDS]


async def test_a_customer_who_comes_back_has_a_new_key(conn: Connection, database: Database) -> None:
    """What was erased stays erased; what comes now opens. Erased again, and back again: the next key."""
    old = await sealed(conn)
    for version in (2, 3):
        async with database.connected() as admin:
            await Vault.erase(admin, ANN, NOW)
        new = await sealed(conn, event=OTHER)
        assert new.key == version
        assert await VAULT.open(conn, [(ANN, EVENT, old), (ANN, OTHER, new)]) == [None, WORDS]


async def test_a_key_that_was_lost_is_not_called_erased(conn: Connection, database: Database) -> None:
    """A vault restored without its newest rows: nothing may read as erased that nobody erased."""
    box = await sealed(conn)
    async with database.connected() as admin:
        await admin.execute("DELETE FROM vault.customer_keys")
    with pytest.raises(Stopped, match="customer_key_lost"):
        await VAULT.open(conn, [(ANN, EVENT, box)])


async def test_two_who_make_a_key_at_once_use_the_same(database: Database) -> None:
    """Whoever commits first has made it; the other seals with it too."""

    async def one() -> Sealed:
        async with database.connected("intake") as conn, conn.transaction():
            box = await sealed(conn)
            await asyncio.sleep(0.02)
            return box

    assert len({box.box for box in await asyncio.gather(*(one() for _ in range(6)))}) == 1


@pytest.mark.parametrize("service", ["routing", "reporting"])
async def test_who_opens_can_neither_make_nor_destroy_keys(conn: Connection, database: Database, service: str) -> None:
    """The database's own rights say so."""
    box = await sealed(conn)
    async with database.connected(service) as other:
        assert await VAULT.open(other, [(ANN, EVENT, box)]) == [WORDS]
        for statement in ("DELETE FROM vault.customer_keys", "UPDATE vault.customer_keys SET wrapped = NULL"):
            with pytest.raises(Exception, match="permission denied"):
                await other.execute(statement)


@pytest.mark.parametrize(
    ("content", "code"),
    [("", "master_key_too_short"), ("zz", "master_key_unreadable"), ("00" * 31, "master_key_too_short")],
)
def test_a_master_key_that_is_none_is_refused(tmp_path: Path, content: str, code: str) -> None:
    """At the start, in two languages."""
    file = tmp_path / "key"
    file.write_text(content)
    with pytest.raises(Stopped, match=code):
        open_vault(file)
    with pytest.raises(Stopped, match="master_key_unreadable"):
        open_vault(tmp_path / "nowhere")
    with pytest.raises(Stopped, match="master_key_missing"):
        open_vault(None)


def test_pseudonyms_are_stable_and_apart() -> None:
    """By tenant, and by master key: nobody without the key can tell whose they are."""
    one = VAULT.customer_id(tenant="a", identity="+8613800138000")
    assert one == VAULT.customer_id(tenant="a", identity="+8613800138000")
    others = (
        VAULT.customer_id(tenant="b", identity="+8613800138000"),
        Vault(bytes(32)).customer_id(tenant="a", identity="+8613800138000"),
    )
    assert len({one, *others}) == 3
