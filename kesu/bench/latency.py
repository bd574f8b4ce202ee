"""How long a complaint takes at a steady 300 a second: from the broker's acceptance to the decision, and to the view."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Final

import asyncpg
from msgspec import Struct

from deploy.stack import Stack
from kesu.bench.servers import MakeStack
from kesu.generator import generate
from shared.clock import SystemClock
from shared.log.producer import LogProducer
from shared.log.submissions import submitted

PER_S: Final = 300
SECONDS: Final = 20
WARM_UP_S: Final = 4
EVERY_S: Final = 0.02
SETTLE_S: Final = 60

# From acceptance (the submission's record time) to the decision, and to the commit that makes it visible, in ms.
_ROUTED = """
SELECT percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM d.routed_at - c.received_at) * 1000)
FROM reporting.complaints c JOIN reporting.decisions d USING (complaint_id) WHERE c.received_at > $1
"""
_VISIBLE = """
SELECT percentile_cont(0.99) WITHIN GROUP
       (ORDER BY extract(epoch FROM pg_xact_commit_timestamp(d.xmin) - c.received_at) * 1000)
FROM reporting.complaints c JOIN reporting.decisions d USING (complaint_id) WHERE c.received_at > $1
"""
_COUNT = "SELECT count(*) FROM reporting.decisions"


class Latency(Struct, frozen=True):
    """99th percentiles in milliseconds."""

    routed_p99_ms: float
    visible_p99_ms: float


async def measure_latency(make_stack: MakeStack, *, seed: int) -> Latency:
    """A steady stream on a fresh stack in which every commit is time-stamped by PostgreSQL."""
    async with make_stack(settings={"KESU_FETCH_WAIT_MS_MAX": "20"}) as stack:
        superuser = await asyncpg.connect(stack.postgres.url())
        await superuser.execute("ALTER SYSTEM SET track_commit_timestamp = on")
        await superuser.close()
        await stack.postgres.restart()
        await stack.start_services()
        sent, steady_from = await _stream(stack, seed=seed)
        conn = await asyncpg.connect(stack.database_url())
        try:
            for _ in range(SETTLE_S * 5):
                if await conn.fetchval(_COUNT) >= sent:
                    break
                await asyncio.sleep(0.2)
            return Latency(await conn.fetchval(_ROUTED, steady_from), await conn.fetchval(_VISIBLE, steady_from))
        finally:
            await conn.close()


async def _stream(stack: Stack, *, seed: int) -> tuple[int, datetime]:
    """Send at a steady rate; returns how many distinct complaints, and when the warm-up was over."""
    producer = LogProducer(
        brokers=stack.brokers, source="/kesu/bench", clock=SystemClock(), idempotent=stack.broker.idempotent
    )
    await producer.start()
    total = PER_S * (SECONDS + WARM_UP_S)
    start = datetime.now(UTC) - timedelta(days=1)
    waiting = [
        (made.type, made.submission)
        for made in generate(total, seed=seed, start=start, span=timedelta(hours=20), facts=False)
    ]
    names = {(submission.source, submission.source_id) for _, submission in waiting}
    began, sent = time.monotonic(), 0
    steady_from = datetime.now(UTC) + timedelta(seconds=WARM_UP_S)
    while sent < total:
        due = min(total, int((time.monotonic() - began) * PER_S) + 1)
        now = datetime.now(UTC)
        await producer.publish([submitted(type_, one, at=now) for type_, one in waiting[sent:due]])
        sent = max(sent, due)
        await asyncio.sleep(EVERY_S)
    await producer.stop()
    return len(names), steady_from
