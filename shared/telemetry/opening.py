"""Telemetry of one process, as its settings say; what is off is not even loaded."""

from importlib.metadata import version
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from shared.telemetry.metrics import Metrics
from shared.telemetry.process import observe_process
from shared.telemetry.tracing import Tracing

if TYPE_CHECKING:
    from opentelemetry.sdk.resources import Resource


class TelemetrySettings(Protocol):
    """What of the settings says how much is observed."""

    @property
    def metrics(self) -> bool: ...
    @property
    def otlp_endpoint(self) -> str: ...
    @property
    def trace_sample_ratio(self) -> float: ...
    @property
    def traces_per_s_max(self) -> int: ...
    @property
    def trace_export_s(self) -> float: ...


class Telemetry(Struct, frozen=True):
    """Metrics and traces of one process."""

    metrics: Metrics
    tracing: Tracing


OFF = Telemetry(Metrics(), Tracing())


def open_telemetry(settings: TelemetrySettings, *, service: str) -> Telemetry:
    """Metrics unless they are off; spans only where there is somewhere to send them. Connects to nothing yet."""
    return Telemetry(
        open_metrics(service=service) if settings.metrics else OFF.metrics,
        open_tracing(settings, service=service) if settings.otlp_endpoint else OFF.tracing,
    )


def open_metrics(*, service: str) -> Metrics:
    """Metrics for one process, in a registry of their own."""
    # What metrics and traces need is loaded where they are wanted.
    from opentelemetry.exporter.prometheus import PrometheusMetricReader  # noqa: PLC0415
    from opentelemetry.sdk.metrics import AlwaysOffExemplarFilter, MeterProvider  # noqa: PLC0415
    from prometheus_client import CollectorRegistry  # noqa: PLC0415

    registry = CollectorRegistry()
    reader = PrometheusMetricReader(registry=registry, scope_info_enabled=False)
    provider = MeterProvider(
        [reader], resource=_resource(service), exemplar_filter=AlwaysOffExemplarFilter(), shutdown_on_exit=False
    )
    metrics = Metrics(provider.get_meter("kesu"), registry)
    observe_process(metrics)
    return metrics


def open_tracing(settings: TelemetrySettings, *, service: str) -> Tracing:
    """Tracing that records and sends."""
    from shared.telemetry.exporting import open_recording  # noqa: PLC0415

    return open_recording(
        service=service, resource=_resource(service), endpoint=settings.otlp_endpoint, ratio=settings.trace_sample_ratio, per_s_max=settings.traces_per_s_max,
        every_s=settings.trace_export_s,
    )  # fmt: skip


def _resource(service: str) -> "Resource":
    """What all telemetry of one process says of it."""
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415

    return Resource.create(
        {"service.name": f"kesu-{service}", "service.namespace": "kesu", "service.version": version("kesu")}
    )
