"""What intake's HTTP doors cost: requests per second of one core's CPU, whatever else the machine is doing."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from msgspec import Struct

from deploy.stack import Stack
from kesu.bench.http_load import post, send_all
from kesu.bench.servers import MakeStack
from kesu.generator import generate

SINGLE: Final = 6_000
BATCHES: Final = 200
BATCH: Final = 100
WARM_UP: Final = 500
COMPLAINT: Final = "kesu.submission.complaint.v1"


class Doors(Struct, frozen=True):
    """Per second of intake's own processor time."""

    single_per_core_s: float
    batch_events_per_core_s: float


async def measure_doors(make_stack: MakeStack, *, seed: int) -> Doors:
    """Single posts, then batches, on a fresh stack in which only intake runs."""
    settings = {"KESU_REQUESTS_PER_S_MAX": "1000000", "KESU_REQUESTS_BURST_MAX": "1000000"}
    async with make_stack(settings=settings) as stack:
        await stack.start_service("intake")
        start = datetime.now(UTC) - timedelta(days=1)
        needed = WARM_UP + SINGLE + BATCHES * BATCH
        made = generate(needed * 2, seed=seed, start=start, span=timedelta(hours=20), facts=False)
        bodies = list({(one.submission.source, one.submission.source_id): one.submission for one in made}.values())[
            :needed
        ]
        encoded = [msgspec.json.encode(body) for body in bodies]
        await _spent(stack, [_single(body, number) for number, body in enumerate(encoded[:WARM_UP])])
        singles = [_single(body, number) for number, body in enumerate(encoded[WARM_UP : WARM_UP + SINGLE], WARM_UP)]
        single_s = await _spent(stack, singles)
        events = bodies[WARM_UP + SINGLE :]
        batch_s = await _spent(stack, [_batch(events[at : at + BATCH]) for at in range(0, len(events), BATCH)])
        return Doors(len(singles) / single_s, len(events) / batch_s)


async def _spent(stack: Stack, requests: list[bytes]) -> float:
    before = stack.services["intake"].cpu_s()
    answered = await send_all(stack.services["intake"].http_port, requests)
    if refused := {status for status in answered.statuses if status not in (200, 202)}:
        raise RuntimeError(f"intake answered {answered.statuses}: {refused} is not what was expected")
    return stack.services["intake"].cpu_s() - before


def _single(body: bytes, number: int) -> bytes:
    headers = [("Content-Type", "application/json"), ("Idempotency-Key", f'"bench-{number}"')]
    return post("/v1/complaints", body, headers)


def _batch(submissions: list[Any]) -> bytes:
    events = [
        {"specversion": "1.0", "id": one.source_id, "source": one.source, "type": COMPLAINT,
         "datacontenttype": "application/json", "data": one}
        for one in submissions
    ]  # fmt: skip
    return post("/v1/events", msgspec.json.encode(events), [("Content-Type", "application/cloudevents-batch+json")])
