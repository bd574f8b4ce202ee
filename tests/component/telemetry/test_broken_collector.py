"""A collector that is away, or refuses, or never answers disturbs nothing, and is told once."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from structlog.testing import capture_logs

from shared.settings import ServiceSettings
from shared.telemetry.opening import Telemetry, open_telemetry
from tests.component.telemetry.collector import collecting

ONE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
CANNOT = "traces cannot be sent; nothing else is affected"


def recording(endpoint: str, *, ratio: float = 1.0, per_s_max: int = 100) -> Telemetry:
    """Telemetry that sends to `endpoint`, soon."""
    settings = ServiceSettings(
        database_url="postgresql://nowhere",
        otlp_endpoint=endpoint,
        trace_sample_ratio=ratio,
        trace_export_s=0.05,
        traces_per_s_max=per_s_max,
    )
    return open_telemetry(settings, service="routing")


def work(telemetry: Telemetry, times: int = 3) -> None:
    """Some spans, with time for each to be sent alone."""
    for _ in range(times):
        with telemetry.tracing.request("GET", []) as trace:
            trace.answered("/v1/complaints", 200)
        time.sleep(0.15)


@contextmanager
def silent() -> Iterator[str]:
    """Takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


async def closed(telemetry: Telemetry) -> float:
    """Seconds that closing took."""
    started = time.monotonic()
    await telemetry.tracing.close()
    return time.monotonic() - started


async def test_refusing_is_told_once_and_spans_that_come_through_later_are_told() -> None:
    with collecting(status=400) as collector, capture_logs() as lines:
        telemetry = recording(collector.endpoint)
        work(telemetry)
        collector.status = 200
        work(telemetry, 1)
        await closed(telemetry)

    assert [CANNOT, "traces are sent again"] == [line["event"] for line in lines]
    assert len(collector.bodies) >= 4


async def test_nobody_listens(capfd: pytest.CaptureFixture[str]) -> None:
    with capture_logs() as lines:
        telemetry = recording("http://127.0.0.1:9")
        work(telemetry, 2)
        took_s = await closed(telemetry)

    assert 2.5 > took_s
    assert all(CANNOT == line["event"] for line in lines)
    assert "Traceback" not in "".join(capfd.readouterr())


async def test_an_answer_that_never_comes_holds_no_service_up() -> None:
    with silent() as endpoint:
        telemetry = recording(endpoint)
        started = time.monotonic()
        work(telemetry, 1)
        assert 1.0 > time.monotonic() - started
        assert 2.5 > await closed(telemetry)


async def test_what_waits_is_sent_when_the_service_ends() -> None:
    with collecting() as collector:
        telemetry = recording(collector.endpoint)
        with telemetry.tracing.request("GET", []) as trace:
            trace.answered("/v1/complaints", 503)
        await closed(telemetry)

    (span,) = collector.spans()
    assert ("kesu-routing", "GET /v1/complaints", "503") == (span.service, span.name, span.attributes["error.type"])
