"""What a complaint costs: submissions wait on the topic, all services read them to the last row in reporting."""

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg
from aiokafka import TopicPartition
from msgspec import Struct

from deploy.embedded.environment import SERVICES
from deploy.stack import Stack
from kesu.bench.servers import MakeStack
from kesu.bench.templates import Template, templates
from kesu.demo.asking import Asking
from kesu.demo.quiet import Quiet
from kesu.generator import generate
from shared.clock import SystemClock
from shared.log.producer import LogProducer
from shared.log.submissions import submitted

COMPLAINT: Final = "kesu.submission.complaint.v1"
PREFILL_BATCH: Final = 2_000
POLL_S: Final = 0.2
TIMEOUT_S: Final = 480.0


class Throughput(Struct, frozen=True, kw_only=True):
    """One run: `cpu_s` by part, from readiness to the last row."""

    complaints: int
    seconds: float
    cpu_s: dict[str, float]
    pss_bytes: dict[str, int]

    @property
    def cpu_us(self) -> float:
        """Microseconds of processor time per complaint, everything counted."""
        return sum(self.cpu_s.values()) / self.complaints * 1e6


class Sample(Struct, frozen=True):
    """What the run wrote: rows, and bodies of the log by type."""

    templates: list[Template]
    bodies: dict[str, tuple[bytes, ...]]


async def prefill(
    stack: Stack, count: int, *, seed: int, repetitions: bool = True
) -> tuple[int, Mapping[TopicPartition, int]]:
    """Put `count` distinct complaints of the generator's mix on the topic, with its repetitions on top or without.

    Returns how many there are, and where the topic's partitions end.
    """
    producer = LogProducer(
        brokers=stack.brokers, source="/kesu/bench", clock=SystemClock(), idempotent=stack.broker.idempotent
    )
    await producer.start()
    start, distinct, batch = datetime.now(UTC) - timedelta(days=7), set[str](), []
    for made in generate(count * 2, seed=seed, start=start, facts=False):
        if len(distinct) == count:
            break
        name = made.submission.source + "\x00" + made.submission.source_id
        if name in distinct and not repetitions:
            continue
        distinct.add(name)
        batch.append(submitted(made.type, made.submission, at=datetime.now(UTC)))
        if len(batch) == PREFILL_BATCH:
            await producer.publish(batch)
            batch = []
    await producer.publish(batch)
    await producer.stop()
    return len(distinct), dict(producer.ends)


async def measure(make_stack: MakeStack, complaints: int, *, seed: int) -> tuple[Throughput, Sample]:
    """One run on a fresh stack. The three readers of the log wait for it; intake starts when all is there."""
    async with make_stack() as stack:
        conn = await asyncpg.connect(stack.database_url())
        await stack.start_services([name for name in SERVICES if name != "intake"])
        count, ends = await prefill(stack, complaints, seed=seed)
        before = stack.cpu_s()
        stack.services["intake"].launch(stack.service_env("intake"))
        await _about_to_read(stack)
        intake_start = stack.services["intake"].cpu_s()
        began = time.monotonic()
        quiet = Quiet(stack.urls, clock=SystemClock(), written=ends, poll_s=POLL_S)
        await quiet.wait(timeout_s=TIMEOUT_S)
        await quiet.close()
        seconds = time.monotonic() - began
        spent = _less(stack.cpu_s(), before | {"intake": intake_start})
        result = Throughput(complaints=count, seconds=seconds, cpu_s=spent, pss_bytes=stack.pss_bytes())
        sample = Sample(await templates(conn, complaints=count), await _bodies(conn))
        await conn.close()
        return result, sample


async def _about_to_read(stack: Stack) -> None:
    """Wait until intake has loaded everything and is about to read: from here on its work counts."""
    asking = Asking(f"{stack.url('intake')}/internal/progress")  # refused until it is connected
    try:
        for _ in range(2_000):
            if await asking.ask():
                return
            await asyncio.sleep(0.01)
    finally:
        asking.close()
    raise TimeoutError("intake does not answer")


async def _bodies(conn: asyncpg.Connection) -> dict[str, tuple[bytes, ...]]:
    found = {}
    for type_ in ("kesu.complaint.received.v1", "kesu.complaint.routed.v1", "kesu.followup.planned.v1"):
        rows = await conn.fetch("SELECT body FROM reporting.archive WHERE type = $1 LIMIT 200", type_)
        found[type_] = tuple(row["body"] for row in rows)
    return found


def _less(after: Mapping[str, float], before: Mapping[str, float]) -> dict[str, float]:
    return {name: value - before.get(name, 0.0) for name, value in after.items()}
