"""What the tests of the pipeline stand on: complaints on a log, services in this process or in their own, the log read back."""

import asyncio
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
from aiokafka import TopicPartition
from msgspec import Struct

from deploy.embedded.processes import Child, spawn
from shared.clock import SystemClock
from shared.events import intake
from shared.events.envelope import Actor, Sealed
from shared.ids import complaint_id, derive, event_id
from shared.log.access import Brokers
from shared.log.ends import log_end, partitions_of, reading, stretch
from shared.log.headers import TYPE, header
from shared.log.producer import LogProducer
from shared.pipeline.dead_letters import TOPIC as LETTERS
from shared.pipeline.dead_letters import DeadLetter, read_letter
from shared.pipeline.records import Outgoing, RawRecord
from shared.runtime.service import Service
from shared.saved import COMPLAINTS, outgoing
from shared.settings import ServiceSettings
from tests.component.pipeline.echo import BROKEN, PLANNED, RECEIVED, SCHEMA

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WAIT_S_MAX = 30.0
ROOT = Path(__file__).parents[3]


def received(number: int) -> intake.ComplaintReceived:
    """Complaint `number` was received."""
    submission = derive("submission", "default", "app", str(number))
    return intake.ComplaintReceived(
        id=event_id(cause=submission, type_=RECEIVED), actor=Actor("channel", "app"), occurred_at=NOW, accepted_at=NOW,
        causation_id=submission, correlation_id=submission, source="app", source_id=str(number), channel="app",
        complaint_id=complaint_id(tenant="default", source="app", source_id=str(number)),
        customer_id=derive("customer", str(number)), sealed=Sealed(1, b"x" * 60),
    )  # fmt: skip


def complaints(count: int, *, first: int = 0) -> list[Outgoing]:
    """Complaints `first` and following, ready to be published."""
    return [outgoing(received(number)) for number in range(first, first + count)]


def settings(bootstrap: str, database_url: str, **more: Any) -> ServiceSettings:
    """Of a service in a test: quick to try again, small batches."""
    usual = {
        "fetch_wait_ms_max": 40,
        "batch_records_max": 50,
        "retry_delay_s_max": 0.5,
        "idempotent_producer": False,
        "session_timeout_ms": 2_000,  # the embedded broker waits half of it at each join
    }
    return ServiceSettings(database_url=database_url, kafka_bootstrap=bootstrap, **(usual | more))


async def make_schema(database_url: str, *names: str) -> None:
    """A schema per service."""
    conn = await asyncpg.connect(database_url)
    for name in names:
        await conn.execute(SCHEMA.format(name=name))
    await conn.close()


@asynccontextmanager
async def writing(bootstrap: str) -> AsyncIterator[LogProducer]:
    """A producer of its own."""
    producer = LogProducer(brokers=Brokers(bootstrap=bootstrap), source="/test", clock=SystemClock(), idempotent=False)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


@asynccontextmanager
async def running(service: Service) -> AsyncIterator["asyncio.Task[int]"]:
    """`service` in this process, ready; at the end it is told to stop."""
    task = asyncio.create_task(service.run())
    try:
        await until(lambda: task.done() or service.is_ready(), f"{service.name} is ready")
        yield task
    finally:
        service._ended.set()
        await asyncio.wait_for(task, 15)


async def until(true: Callable[[], object], what: str, *, timeout_s: float = WAIT_S_MAX) -> None:
    """Wait until something is true, and say what did not become so."""
    end = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < end, f"not within {timeout_s} s: {what}"
        await asyncio.sleep(0.02)


async def log_of(bootstrap: str, *topics: str) -> dict[TopicPartition, list[RawRecord]]:
    """Everything on these topics."""
    found: dict[TopicPartition, list[RawRecord]] = defaultdict(list)
    brokers = Brokers(bootstrap=bootstrap)
    partitions = await partitions_of(brokers, topics)
    async with reading(brokers, partitions) as consumer:
        for tp in partitions:
            async for raws in stretch(consumer, tp, first=0, end=await log_end(consumer, tp)):
                found[tp] += raws
    return found


async def letters_of(bootstrap: str) -> list[DeadLetter]:
    """Every dead letter written."""
    log = await log_of(bootstrap, LETTERS)
    return [read_letter(raw.value or b"") for raws in log.values() for raw in raws]


class Effects(Struct):
    """What a service did: its events stored (id → bytes) and on the log (id → all bytes seen under it)."""

    stored: dict[str, bytes]
    logged: dict[str, set[bytes]]
    times: Counter[str]

    def faults(self, expected: set[str]) -> set[str]:
        """Which ways of not being exactly once there are; none is right."""
        found = set()
        if set(self.stored) != expected:
            found.add("stored_differs_from_expected")
        if set(self.stored) - set(self.logged):
            found.add("saved_never_published")
        if set(self.logged) - set(self.stored):
            found.add("published_never_saved")
        if any(len(bodies) > 1 for bodies in self.logged.values()):
            found.add("one_id_two_contents")
        if any(self.logged.get(id_) not in (None, {body}) for id_, body in self.stored.items()):
            found.add("log_differs_from_store")
        return found


async def effects(bootstrap: str, database_url: str, name: str) -> Effects:
    """Of the echo service `name`."""
    conn = await asyncpg.connect(database_url)
    rows = await conn.fetch(f"SELECT event_id::text, body FROM {name}.events WHERE NOT pending")
    await conn.close()
    stored, mark = {row[0]: row[1] for row in rows}, f'"strategy":"{name}"'.encode()
    logged: dict[str, set[bytes]] = defaultdict(set)
    times: Counter[str] = Counter()
    for raws in (await log_of(bootstrap, COMPLAINTS)).values():
        for raw in raws:
            id_, value = header(raw.headers, "ce_id") or "", raw.value or b""
            if id_ in stored or (header(raw.headers, TYPE) == PLANNED and mark in value):
                logged[id_].add(value)
                times[id_] += 1
    return Effects(stored, logged, times)


def expected_ids(name: str, count: int, *, timers: bool = False) -> set[str]:
    """The events that the echo service `name` owes for complaints 0 to `count` - 1."""
    events = [received(number) for number in range(count)]
    ids = {event_id(cause=event.id, type_=PLANNED, discriminator=name) for event in events}
    if timers:
        ids |= {event_id(cause=derive("promise", name, event.complaint_id), type_=BROKEN) for event in events}
    return ids


def launch(name: str, *, bootstrap: str, database_url: str, log_file: Path, **more: str) -> Child:
    """The echo service `name` as a process."""
    usual = {
        "KESU_DATABASE_URL": database_url, "KESU_KAFKA_BOOTSTRAP": bootstrap, "KESU_IDEMPOTENT_PRODUCER": "false",
        "KESU_BATCH_RECORDS_MAX": "40", "KESU_FETCH_WAIT_MS_MAX": "40", "KESU_SESSION_TIMEOUT_MS": "2000",
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.component.pipeline.echo", name]
    return spawn(name, command, log_file=log_file, env={"PATH": os.defpath, **usual, **more}, cwd=ROOT)


async def count_of(database_url: str, statement: str) -> int:
    """What a counting statement says."""
    conn = await asyncpg.connect(database_url)
    try:
        return int(await conn.fetchval(statement))
    finally:
        await conn.close()


async def until_count(database_url: str, statement: str, wanted: int, *, while_running: Sequence[Child] = ()) -> None:
    """Wait until `statement` says `wanted`."""
    end = time.monotonic() + WAIT_S_MAX
    while (found := await count_of(database_url, statement)) != wanted:
        assert time.monotonic() < end, f"{statement}: {found}, not {wanted}"
        for child in while_running:
            assert child.exit_status is None, child.log_tail()
        await asyncio.sleep(0.1)
