"""Backup while complaints come in, and restore, on the real servers: pg_dump runs beside PostgreSQL, Kafka keeps offsets."""

import asyncio
from pathlib import Path
from typing import Any, Final

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.records_to_delete import RecordsToDelete

from deploy.containers.stack import ContainerStack
from kesu.backup.programs import PostgresPrograms
from kesu.backup.restoring import Restored, restore
from kesu.backup.taking import backup
from kesu.verify.run import verify
from shared.clock import SystemClock
from shared.log.ends import log_ends, partitions_of, reading
from shared.log.submissions import SUBMISSIONS_TOPIC
from shared.saved import COMPLAINTS, CONTROL
from tests.faults.facts import Facts, facts_of
from tests.integration.containers.looking import come_to_rest, submit

pytestmark = pytest.mark.stack
MASTER_KEY: Final = "4d" * 32
FORGOTTEN: Final = 20


def at(stack: ContainerStack) -> dict[str, Any]:
    """Where a stack is, and how PostgreSQL's programs run in its container."""
    return {
        "database_url": stack.database_url(), "brokers": stack.brokers, "master_key_file": stack.master_key_file,
        "programs": PostgresPrograms(prefix=("docker", "exec", "-i", stack.postgres.volume)),
    }  # fmt: skip


async def tps_of(stack: ContainerStack) -> list[TopicPartition]:
    return await partitions_of(stack.brokers, [COMPLAINTS, CONTROL, SUBMISSIONS_TOPIC])


async def forget(stack: ContainerStack, *, before: int) -> None:
    """As if the first submissions had been there for longer than they are kept."""
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.bootstrap)
    await admin.start()
    await admin.delete_records({TopicPartition(SUBMISSIONS_TOPIC, 0): RecordsToDelete(before)})
    await admin.close()


async def begins(stack: ContainerStack) -> int:
    """The first submission that is still there."""
    tp = TopicPartition(SUBMISSIONS_TOPIC, 0)
    async with reading(stack.brokers, [tp]) as consumer:
        return int((await consumer.beginning_offsets([tp]))[tp])


async def a_day(directory: Path) -> Facts:
    """Two backups into `directory`, the first while complaints come in."""
    async with ContainerStack(fsync=False, master_key=MASTER_KEY) as stack:
        await stack.start_services()
        first = await submit(stack, 200, seed=21)
        await come_to_rest(stack, written=first)
        await forget(stack, before=FORGOTTEN)
        await asyncio.gather(backup(directory, **at(stack)), submit(stack, 100, seed=22))
        await come_to_rest(stack, written=await log_ends(stack.brokers, await tps_of(stack)))
        await backup(directory, **at(stack))
        return await facts_of(stack)


async def test_a_database_backed_up_under_load_is_restored_with_a_newer_log(
    container_engine: None, tmp_path: Path
) -> None:
    expected = await a_day(tmp_path)
    async with ContainerStack(fsync=False, master_key=MASTER_KEY) as stack:
        done: Restored = await restore(tmp_path, number=1, **at(stack))
        assert () == done.beyond
        assert FORGOTTEN == await begins(stack)
        await stack.start_services()
        await come_to_rest(stack, written=await log_ends(stack.brokers, await tps_of(stack)))
        found = await facts_of(stack)
        report = await verify(database_url=stack.database_url(), brokers=stack.brokers, clock=SystemClock())
    assert () == report.findings
    assert 250 <= len(expected)
    assert expected.keys() == found.keys()
    # Time goes on: more may have fallen due since.
    assert [] == [id_ for id_, facts in expected.items() if not facts.items() <= found[id_].items()]
