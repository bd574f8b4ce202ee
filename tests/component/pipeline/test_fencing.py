"""An instance that was frozen or cut off does nothing to partitions that another one has taken up meanwhile."""

import asyncpg
import pytest
from aiokafka import TopicPartition

from shared.clock import SystemClock
from shared.database import open_pool
from shared.pipeline.positions import Positions, TakenOver
from shared.saved import COMPLAINTS
from tests.component.pipeline import stand
from tests.component.pipeline.conftest import Ground
from tests.component.pipeline.echo import EchoHandler, create

FIRST, SECOND = TopicPartition(COMPLAINTS, 0), TopicPartition(COMPLAINTS, 1)


async def test_whoever_claims_last_holds(ground: Ground) -> None:
    """An older epoch is refused, for its own partitions alone."""
    await stand.make_schema(ground.url, "echo")
    pool = await open_pool(ground.url, name="test", connections_max=2)
    before, after = (Positions(schema="echo", cluster="c") for _ in range(2))
    now = SystemClock().now()
    async with pool.acquire() as conn:
        assert await before.claim(conn, {FIRST: 5, SECOND: 7}, now) == {FIRST: 5, SECOND: 7}
        await before.hold(conn, [FIRST, SECOND])
        await before.move(conn, {SECOND: 9}, now)
        assert await after.claim(conn, {SECOND: 0}, now) == {SECOND: 9}
        await before.hold(conn, [FIRST])
        await after.hold(conn, [SECOND])
        for lost in ([SECOND], [FIRST, SECOND]):
            with pytest.raises(TakenOver):
                await before.hold(conn, lost)
    await pool.close()


async def test_a_claim_waits_for_the_transaction_under_way(ground: Ground) -> None:
    """What the earlier holder commits, the later one sees."""
    await stand.make_schema(ground.url, "echo")
    pool = await open_pool(ground.url, name="test", connections_max=2)
    before, after = (Positions(schema="echo", cluster="c") for _ in range(2))
    now = SystemClock().now()
    async with pool.acquire() as conn, pool.acquire() as other:
        await before.claim(conn, {FIRST: 0}, now)
        await other.execute("SET statement_timeout = 300")
        async with conn.transaction():
            await before.hold(conn, [FIRST])
            with pytest.raises(asyncpg.QueryCanceledError):
                await after.claim(other, {FIRST: 0}, now)
        assert await after.claim(other, {FIRST: 0}, now) == {FIRST: 0}
    await pool.close()


async def test_an_instance_that_lost_its_partitions_unawares_decides_nothing_and_takes_them_up_again(
    ground: Ground,
) -> None:
    """Somebody else raised the epoch while Kafka still counts on us: nothing of the old epoch is saved, then we go on."""
    await stand.make_schema(ground.url, "echo")
    handler = EchoHandler("echo")
    service = create("echo", stand.settings(ground.bootstrap, ground.url), handler=handler)
    async with stand.running(service), stand.writing(ground.bootstrap) as producer:
        await stand.until(service.is_ready, "it has its partitions")
        pool = service.pool
        await pool.execute("UPDATE echo.positions SET epoch = epoch + 1")
        with pytest.raises(TakenOver):
            async with service.round_of_timers(), pool.acquire() as conn:
                await service.reader.hold(conn, [0, 1], topic=COMPLAINTS)
        assert not service.is_ready()
        await pool.execute("UPDATE echo.positions SET epoch = epoch + 1")
        await producer.publish(stand.complaints(20))
        await stand.until(lambda: len(handler.handled) == 20, "everything is handled under the new epoch")
    effects = await stand.effects(ground.bootstrap, ground.url, "echo")
    assert effects.faults(stand.expected_ids("echo", 20)) == set()
