"""One run of all of Kesu, watched from outside: what its collector, its metrics and its logs came to hold."""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Final

import httpx
import msgspec
import pytest
from msgspec import Struct

from deploy.embedded.environment import SERVICES
from deploy.embedded.stack import EmbeddedStack
from shared.clock import SystemClock
from shared.log.access import Brokers
from shared.log.headers import header
from shared.log.producer import LogProducer
from shared.log.submissions import submitted
from shared.pipeline.records import RawRecord
from shared.saved import COMPLAINTS
from tests.builders import submissions
from tests.component.pipeline.stand import log_of
from tests.component.telemetry.collector import Collector, Span, collecting
from tests.e2e.planted import ZH

WAIT_S_MAX: Final = 30
SAMPLED: Final = "00-11111111111111111111111111111111-2222222222222222-01"
UNSAMPLED: Final = "00-33333333333333333333333333333333-4444444444444444-00"
BY_KAFKA: Final = "00-55555555555555555555555555555555-6666666666666666-01"
COMPLAINT: Final = "kesu.submission.complaint.v1"


class Run(Struct):
    """What could be seen of the run: each channel's trace by its traceparent, every service's metrics and log."""

    spans: list[Span]
    exported: bytes
    metrics: dict[str, str]
    logs: dict[str, bytes]
    records: list[RawRecord]
    complaint_ids: dict[str, str]

    def trace(self, traceparent: str) -> list[Span]:
        """The spans of the trace that `traceparent` belongs to."""
        return [span for span in self.spans if span.trace_id == traceparent.split("-")[1]]

    def contexts_of(self, complaint: str) -> list[str]:
        """The trace contexts of all records of a complaint."""
        key = self.complaint_ids[complaint].encode()
        return [header(raw.headers, "traceparent") or "" for raw in self.records if raw.key == key]


@pytest.fixture(scope="session")
def run() -> Iterator[Run]:
    with collecting() as collector:
        yield asyncio.run(_run(collector))


async def _run(collector: Collector) -> Run:
    settings = {
        "KESU_OTLP_ENDPOINT": collector.endpoint, "KESU_TRACE_SAMPLE_RATIO": "0", "KESU_TRACE_EXPORT_S": "0.2",
        "KESU_LOG_LEVEL": "DEBUG",
    }  # fmt: skip
    async with EmbeddedStack(fsync=False, settings=settings) as stack, httpx.AsyncClient(timeout=30) as http:
        await stack.start_services()
        ids = {name: await _post(http, stack, name, context) for name, context in _POSTED.items()}
        await _publish(stack.brokers)
        await _until(lambda: all(len(_projected(collector, context)) >= 3 for context in (SAMPLED, BY_KAFKA)), "both traces are there")  # fmt: skip
        await http.get(stack.url("intake") + f"/v1/nothing/{ZH.number}")
        await _said_how_far(http, stack.url("followup") + "/metrics")
        metrics = {name: (await http.get(stack.url(name) + "/metrics")).text for name in SERVICES}
        records = [raw for raws in (await log_of(stack.bootstrap, COMPLAINTS)).values() for raw in raws]
        logs = {name: stack.run_dir.log_file(name) for name in SERVICES}
        for name in SERVICES:
            await stack.stop_service(name)
        return Run(
            spans=collector.spans(), exported=b"".join(collector.bodies), metrics=metrics,
            logs={name: file.read_bytes() for name, file in logs.items()}, records=records, complaint_ids=ids,
        )  # fmt: skip


async def _said_how_far(http: httpx.AsyncClient, url: str) -> None:
    """Until intake's first watermark has reached follow-up: before it, nothing says up to when timers may be judged."""
    until = time.monotonic() + WAIT_S_MAX
    while "kesu_judged_through_age" not in (await http.get(url)).text:
        assert time.monotonic() < until, "no watermark came"
        await asyncio.sleep(0.1)


_POSTED: Final = {"sampled": SAMPLED, "unsampled": UNSAMPLED, "without": ""}


async def _post(http: httpx.AsyncClient, stack: EmbeddedStack, name: str, traceparent: str) -> str:
    body = msgspec.json.encode(ZH.complaint(name, occurred_at=None))
    headers = {"content-type": "application/json", "idempotency-key": f'"{name}"'}
    traced = {"traceparent": traceparent, "tracestate": f"vendor={ZH.number}"} if traceparent else {}
    answer = await http.post(stack.url("intake") + "/v1/complaints", content=body, headers=headers | traced)
    assert 202 == answer.status_code, answer.text
    return str(answer.json()["complaint_id"])


async def _publish(brokers: Brokers) -> None:
    """A channel that speaks Kafka, and traces."""
    clock = SystemClock()
    producer = LogProducer(brokers=brokers, source="/channel", clock=clock, idempotent=False)
    await producer.start()
    try:
        one = submitted(COMPLAINT, submissions.complaint(source_id="kafka", occurred_at=None), at=clock.now())
        await producer.publish([msgspec.structs.replace(one, trace=BY_KAFKA)])
    finally:
        await producer.stop()


def _projected(collector: Collector, traceparent: str) -> list[Span]:
    spans = collector.of_trace(traceparent.split("-")[1])
    return [span for span in spans if (span.service, span.kind) == ("kesu-reporting", "consumer")]


async def _until(true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + WAIT_S_MAX
    while not true():
        assert time.monotonic() < end, f"not within {WAIT_S_MAX} s: {what}"
        await asyncio.sleep(0.1)
