"""Where spans go: over OTLP to a collector, in a thread of their own. A collector that is away disturbs nothing."""

import asyncio
import logging
import threading
import time
from collections.abc import Sequence
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from structlog import get_logger

from shared.telemetry.spans import Recording

SEND_TIMEOUT_S: Final = 5.0  # with its tries again
FLUSH_S_MAX: Final = 2.0  # when the service ends
SPANS_MAX: Final = 8_192  # that wait to be sent; what comes on top is dropped
_PATH: Final = "/v1/traces"
log = get_logger(__name__)


def open_recording(
    *, service: str, resource: Resource, endpoint: str, ratio: float, per_s_max: int, every_s: float
) -> Recording:
    """Tracing that sends to the collector at `endpoint` (`http://host:4318`), every `every_s` seconds."""
    logging.getLogger("opentelemetry").setLevel(
        logging.CRITICAL
    )  # it would tell every failure; `_Quiet` tells the first
    url = endpoint if endpoint.endswith(_PATH) else endpoint.rstrip("/") + _PATH
    # Whether something is recorded is decided before a span is made: all that are made are sampled.
    provider = TracerProvider(sampler=ALWAYS_ON, resource=resource, shutdown_on_exit=False)
    exporter = _Quiet(OTLPSpanExporter(endpoint=url, timeout=SEND_TIMEOUT_S), service=service)
    provider.add_span_processor(
        BatchSpanProcessor(exporter, max_queue_size=SPANS_MAX, schedule_delay_millis=every_s * 1_000)
    )

    async def close() -> None:
        await _within(FLUSH_S_MAX, provider)

    return Recording(provider.get_tracer("kesu"), service=service, ratio=ratio, per_s_max=per_s_max, close=close)


class _Quiet(SpanExporter):
    """Says once that spans cannot be sent, and once that they can be again."""

    def __init__(self, exporter: SpanExporter, *, service: str) -> None:
        self._exporter = exporter
        self._service = service
        self._failing = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        try:
            result = self._exporter.export(spans)
        except Exception:  # noqa: BLE001 - whatever it is, telemetry must not disturb the service
            result = SpanExportResult.FAILURE
        failing = result is not SpanExportResult.SUCCESS
        if failing and not self._failing:
            log.warning("traces cannot be sent; nothing else is affected", service=self._service)
        elif self._failing and not failing:
            log.info("traces are sent again", service=self._service)
        self._failing = failing
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()


async def _within(seconds: float, provider: TracerProvider) -> None:
    """Send what waits, for so long at most: in a thread that may be left behind."""
    thread = threading.Thread(target=provider.shutdown, daemon=True)
    thread.start()
    until = time.monotonic() + seconds
    while thread.is_alive() and time.monotonic() < until:
        await asyncio.sleep(0.01)
