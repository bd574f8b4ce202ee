"""The instruments of one process: fed once per batch, read by Prometheus; where metrics are off they cost nothing."""

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from shared.pipeline.records import Outgoing
from shared.telemetry import names
from shared.telemetry.domain import BROKEN, counted, lapse_delays_s
from shared.telemetry.names import Metric

if TYPE_CHECKING:
    from opentelemetry.metrics import CallbackOptions, Counter, Histogram, Meter
    from prometheus_client import CollectorRegistry

Values: TypeAlias = tuple[str, ...]  # of a metric's labels, in their order
Read: TypeAlias = Callable[[], Iterable[tuple[float, Values]]]


class Metrics:
    """Metrics of one service. Without a `meter` nothing is counted, and `exposed` has nothing to show."""

    def __init__(self, meter: "Meter | None" = None, registry: "CollectorRegistry | None" = None) -> None:
        self._meter = meter
        self._registry = registry
        self._counters: dict[str, Counter] = {}
        self._histograms: dict[str, Histogram] = {}
        if meter is not None:
            for metric in names.METRICS:
                if metric.kind == "counter":
                    self._counters[metric.name] = meter.create_counter(metric.name, metric.unit, metric.en)
                elif metric.kind == "histogram":
                    self._histograms[metric.name] = meter.create_histogram(
                        metric.name, metric.unit, metric.en, explicit_bucket_boundaries_advisory=metric.buckets
                    )

    @property
    def on(self) -> bool:
        """Whether anything is counted."""
        return self._meter is not None

    def count(self, metric: Metric, values: Values = (), number: int = 1) -> None:
        """`number` more of `metric`; an empty label value stands for a label that does not apply."""
        if self._meter is not None:
            self._counters[metric.name].add(number, _attributes(metric, values))

    def measure(self, metric: Metric, value: float, values: Values = ()) -> None:
        """One more measurement of a histogram."""
        if self._meter is not None:
            self._histograms[metric.name].record(value, _attributes(metric, values))

    def observe(self, metric: Metric, read: Read) -> None:
        """Ask `read` for the values of `metric` at every scrape."""
        if self._meter is None:
            return
        from opentelemetry.metrics import Observation  # noqa: PLC0415 - where metrics are off, nothing is loaded

        def observed(_options: "CallbackOptions") -> Iterable[Observation]:
            return [Observation(value, _attributes(metric, values)) for value, values in read()]

        create = (
            self._meter.create_observable_counter if metric.kind == "observed" else self._meter.create_observable_gauge
        )
        create(metric.name, [observed], metric.unit, metric.en)

    def settled(self, records: Sequence[Any], *, seconds: float) -> None:
        """A batch of these records (each has its `event`) is handled and its position moved, which took so many `seconds`."""
        if self._meter is None:
            return
        self.measure(names.PROCESS_DURATION, seconds)
        self.measure(names.BATCH_RECORDS, len(records))
        for struct, number in Tally([type(record.event) for record in records]).items():
            self.count(names.HANDLED, (struct.__struct_config__.tag,), number)

    def published(self, events: Sequence[Outgoing], *, now: datetime, seconds: float) -> None:
        """These events were published, which took so many `seconds`."""
        if self._meter is None:
            return
        self.measure(names.PUBLISH_DURATION, seconds, ("publish",))
        for topic, number in Tally([event.topic for event in events]).items():
            self.count(names.SENT, (topic,), number)
        counts = counted(events)
        for (metric, values), number in counts.items():
            self.count(metric, values, number)
        if (names.PUBLISHED, (BROKEN,)) in counts:
            for delay_s in lapse_delays_s(events, now):
                self.measure(names.LAPSE_DELAY, delay_s)

    def exposed(self, accept: str) -> tuple[bytes, str] | None:
        """All metrics in the format that the scraper accepts, and its media type; None where they are off."""
        if self._registry is None:
            return None
        from prometheus_client.exposition import choose_encoder  # noqa: PLC0415

        encode, media_type = choose_encoder(accept)
        return encode(self._registry), media_type


def _attributes(metric: Metric, values: Values) -> dict[str, Any]:
    return {label: value for label, value in zip(metric.labels, values, strict=True) if value}
