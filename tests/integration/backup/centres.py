"""Centres for tests of backups: one that lives for some days and is backed up on the way, and others that are restored."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import asyncpg
from msgspec import Struct

from deploy.embedded.environment import SERVICES
from deploy.embedded.stack import EmbeddedStack
from deploy.stack import Stack
from kesu.backup.restoring import Restored, restore
from kesu.backup.taking import backup
from kesu.demo.quiet import Quiet
from kesu.demo.session import SETTINGS, Plan, Session, demo_session
from kesu.verify.run import Report, verify
from shared.clock import SharedClock
from shared.log.ends import log_ends, partitions_of
from shared.saved import COMPLAINTS, CONTROL
from tests.faults.facts import Facts, facts_of

PLAN: Final = Plan(
    complaints=60, seed=3, arrivals=timedelta(hours=16), afterwards=timedelta(hours=32), stride=timedelta(hours=3)
)
HALF_WAY: Final = PLAN.start + timedelta(hours=10)
MASTER_KEY: Final = "b7" * 32
COMPARED: Final = {"reporting.v_complaints": "complaint_id", "reporting.v_promises": "promise_id"}

_HAS_KEY: Final = "SELECT EXISTS (SELECT FROM vault.customer_keys WHERE customer_id = $1 AND wrapped IS NOT NULL)"
_REPORTING: Final = "SELECT string_agg('reporting.' || tablename, ', ') FROM pg_tables WHERE schemaname = 'reporting'"


class Lived(Struct, frozen=True, kw_only=True):
    """What a centre left: its first backup, the same directory after the last one, and what it knew in the end."""

    first: Path
    last: Path
    clock_file: Path
    erased: str
    facts: Facts
    shown: dict[str, list[tuple[object, ...]]]


class Centre:
    """A stack whose services can be started after a restore, and come to rest."""

    def __init__(self, stack: Stack, clock: SharedClock) -> None:
        self.stack = stack
        self.clock = clock

    async def restore(self, directory: Path | None, **options: object) -> Restored:
        """Restore into this stack."""
        return await restore(
            directory, database_url=self.stack.database_url(), brokers=self.stack.brokers,
            master_key_file=self.stack.master_key_file, idempotent=False, **options,  # type: ignore[arg-type]
        )  # fmt: skip

    async def live(self) -> None:
        """Start the services and wait until nothing moves any more."""
        await self.stack.start_services(SERVICES)
        tps = await partitions_of(self.stack.brokers, [COMPLAINTS, CONTROL, "kesu.submissions"])
        quiet = Quiet(
            lambda: [self.stack.url(name) for name in SERVICES], clock=self.clock, written=await log_ends(self.stack.brokers, tps)
        )  # fmt: skip
        try:
            await quiet.wait(timeout_s=60)
        finally:
            await quiet.close()

    async def verified(self) -> Report:
        """What `kesu verify` finds."""
        at = self.stack
        return await verify(database_url=at.database_url(), brokers=at.brokers, clock=self.clock)

    async def is_erased(self, customer: str) -> bool:
        """Whether no key of the customer is left."""
        conn = await asyncpg.connect(self.stack.database_url())
        try:
            return not await conn.fetchval(_HAS_KEY, customer)
        finally:
            await conn.close()

    async def forget_reporting(self) -> None:
        """As if reporting had never read anything."""
        conn = await asyncpg.connect(self.stack.database_url())
        try:
            await conn.execute(f"TRUNCATE {await conn.fetchval(_REPORTING)}")
        finally:
            await conn.close()

    async def shown(self) -> dict[str, list[tuple[object, ...]]]:
        """What reporting's views say."""
        return await shown(self.stack)


@asynccontextmanager
async def empty_centre(lived: Lived) -> AsyncIterator[Centre]:
    """A new database and a new cluster, at the time at which the other one ended."""
    settings = SETTINGS | {"KESU_SESSION_TIMEOUT_MS": "1000"}
    async with EmbeddedStack(
        clock_file=lived.clock_file, fsync=False, master_key=MASTER_KEY, settings=settings
    ) as stack:  # fmt: skip
        yield Centre(stack, SharedClock(lived.clock_file))


async def a_life(directory: Path) -> Lived:
    """Complaints of two days; backed up half-way and again in the end, a customer erased in between."""
    first, last = directory / "first", directory / "last"
    async with demo_session(PLAN, master_key=MASTER_KEY) as session:
        for made in PLAN.submissions():
            session.driver.agenda.add(made.at, made.type, made.submission)
        await session.driver.run(until=HALF_WAY)
        await _backup(session, first)
        await asyncio.to_thread(_copy, first, last)
        erased = await _erase_one(session.stack)
        await session.driver.run(until=PLAN.until)
        await _backup(session, last)
        clock_file = directory / "clock"
        SharedClock.create(clock_file, session.clock.now())
        return Lived(
            first=first, last=last, clock_file=clock_file, erased=erased, facts=await facts_of(session.stack),
            shown=await shown(session.stack),
        )  # fmt: skip


async def shown(stack: Stack) -> dict[str, list[tuple[object, ...]]]:
    """Rows of the views that people read."""
    conn = await asyncpg.connect(stack.database_url())
    try:
        return {
            view: [tuple(row) for row in await conn.fetch(f"SELECT * FROM {view} ORDER BY {key}")]
            for view, key in COMPARED.items()
        }
    finally:
        await conn.close()


async def _backup(session: Session, directory: Path) -> None:
    stack = session.stack
    await backup(
        directory, database_url=stack.database_url(), brokers=stack.brokers, master_key_file=stack.master_key_file
    )  # fmt: skip


async def _erase_one(stack: Stack) -> str:
    """Erase a customer of the first day as `kesu erase` does; returns who it was."""
    from kesu.cli.erase import _destroy

    conn = await asyncpg.connect(stack.database_url())
    try:
        customer = str(await conn.fetchval("SELECT customer_id::text FROM vault.customer_keys ORDER BY 1 LIMIT 1"))
    finally:
        await conn.close()
    assert await _destroy(stack.database_url(), customer, HALF_WAY)
    return customer


def _copy(source: Path, target: Path) -> None:
    import shutil

    shutil.copytree(source, target)
