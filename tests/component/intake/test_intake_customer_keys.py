"""New keys of customers go beside the log before anything is accepted, and come back into a database that lost them."""

from collections.abc import AsyncIterator

import msgspec
import pytest
import pytest_asyncio

from deploy.embedded.broker import Broker
from services.intake.handlers import SubmissionsHandler
from services.intake.key_journal import KeyJournal
from services.intake.settings import IntakeSettings
from shared.clock import SystemClock
from shared.database import Pool
from shared.errors import Stopped
from shared.events.envelope import ComplaintFact
from shared.events.intake import CustomerErased
from shared.events.registry import decode, encode
from shared.events.submissions import Customer
from shared.log.producer import LogProducer
from shared.pipeline.records import Record
from shared.vault import Vault, WrappedKey
from tests.builders import customer_erased
from tests.builders import submissions as s
from tests.builders.common import T0
from tests.component.intake.desk import Desk
from tests.fixtures.databases import Database


@pytest_asyncio.fixture(loop_scope="function")
async def producer(broker_with_topics: Broker) -> AsyncIterator[LogProducer]:
    one = LogProducer(brokers=broker_with_topics.brokers, source="/t", clock=SystemClock(), idempotent=False)
    await one.start()
    yield one
    await one.stop()


@pytest.fixture
def journal(database: Database, broker_with_topics: Broker, pool: Pool) -> KeyJournal:
    settings = IntakeSettings(database_url=database.url("intake"), kafka_bootstrap=broker_with_topics.bootstrap)
    return KeyJournal(settings=settings, pool=lambda: pool, clock=SystemClock())


async def erase(database: Database, customer: str) -> None:
    async with database.connected() as conn:
        assert await Vault.erase(conn, customer, T0)


async def opened(desk: Desk, vault: Vault) -> list[str]:
    """What the sealed parts of all events say: a name, or that it was erased."""
    events = [e for e in await desk.events() if isinstance(e, ComplaintFact) and e.sealed]
    async with desk.pool.acquire() as conn:
        found = await vault.open(conn, [(e.customer_id, e.id, e.sealed) for e in events if e.sealed])
    return [one.name if one else "[erased]" for one in found]


async def test_a_customers_key_is_told_once(desk: Desk) -> None:
    first = await desk.submit(s.complaint())
    second = await desk.submit(s.complaint(source_id="n2"))
    assert ([1], []) == ([msgspec.json.decode(one.value, type=WrappedKey).key for one in first.keys], second.keys)


async def test_a_batch_read_again_tells_the_key_again(desk: Desk) -> None:
    first = await desk.submit(s.complaint())
    again = await desk.submit(s.complaint())
    assert first.keys == again.keys


async def test_a_customer_who_comes_back_after_an_erasure_has_the_next_key(desk: Desk, database: Database) -> None:
    first = await desk.submit(s.complaint())
    await erase(database, msgspec.json.decode(first.keys[0].value, type=WrappedKey).customer_id)
    back = await desk.submit(s.complaint(source_id="n2"))
    assert [2] == [msgspec.json.decode(one.value, type=WrappedKey).key for one in back.keys]


async def test_a_database_that_lost_keys_learns_them_but_none_that_was_destroyed(
    desk: Desk, database: Database, vault: Vault, journal: KeyJournal, producer: LogProducer
) -> None:
    other = s.complaint(source_id="n2", customer=Customer(phone="13900139000", name="李雷"))
    batch = await desk.submit(s.complaint(), other)
    await producer.publish(batch.everything)
    names = await opened(desk, vault)
    customers = [msgspec.json.decode(one.value, type=WrappedKey).customer_id for one in batch.keys]
    await erase(database, customers[0])
    async with database.connected() as conn:
        await conn.execute("DELETE FROM vault.customer_keys WHERE customer_id = $1", customers[1])
    with pytest.raises(Stopped, match="customer_key_lost"):
        await opened(desk, vault)

    await journal.take_in()

    found = await opened(desk, vault)
    assert 1 == found.count("[erased]")
    assert set(found) < {*names, "[erased]"}


async def test_keys_of_what_may_not_be_published_yet_are_known(desk: Desk, journal: KeyJournal) -> None:
    batch = await desk.submit(s.complaint(), pending=True)
    assert batch.keys == list(await journal.of_pending())


async def test_an_erased_customers_key_that_a_backup_brought_back_stops_intake(
    desk: Desk, database: Database, acceptance: object
) -> None:
    handler = SubmissionsHandler(acceptance=acceptance, clock=SystemClock())  # type: ignore[arg-type]
    batch = await desk.submit(s.complaint())
    event = decode(batch.outgoing[0].value)
    assert isinstance(event, ComplaintFact)
    erased = customer_erased(customer_id=event.customer_id)

    async def adopt(event: CustomerErased) -> None:
        async with desk.pool.acquire() as conn, conn.transaction():
            await handler.adopt(conn, [Record("kesu.control", 0, 0, 0, event, encode(event))])

    with pytest.raises(Stopped, match="erased_customer_has_a_key"):
        await adopt(erased)
    await erase(database, event.customer_id)
    await adopt(erased)
