"""Reading what a service exposes to Prometheus, by the names of the list."""

from typing import Final

from prometheus_client.parser import text_string_to_metric_families

from shared.telemetry import names
from shared.telemetry.names import METRICS, Metric

SUFFIXES: Final = ("_bucket", "_sum", "_count")
# Seen only where something is wrong, or late: `tests/component/pipeline/test_told_in_figures.py` makes them be seen.
TROUBLE: Final = frozenset(
    (names.GAPS, names.PUT_OFF, names.DEAD_LETTERS, names.LAPSE_DELAY, names.MISSING, names.STOPPED)
)
_BY_NAME: Final = {metric.prometheus: metric for metric in METRICS}
Labels = frozenset[tuple[str, str]]


def exposed(text: str) -> dict[Metric, dict[Labels, float]]:
    """Each metric's series (of a histogram, how often it was measured); raises KeyError for a name that is not listed."""
    found: dict[Metric, dict[Labels, float]] = {}
    for family in text_string_to_metric_families(text):
        if family.name == "target_info":
            continue
        for sample in family.samples:
            metric = _metric(sample.name)
            if metric.kind != "histogram" or sample.name.endswith("_count"):
                found.setdefault(metric, {})[frozenset(sample.labels.items())] = sample.value
            else:
                found.setdefault(metric, {})
    return found


def value(text: str, metric: Metric, **labels: str) -> float:
    """The sum of the metric's series that have these labels."""
    series = exposed(text).get(metric, {})
    return sum(number for found, number in series.items() if labels.items() <= dict(found).items())


def label(name: str) -> str:
    """A label's name in Prometheus."""
    return name.replace(".", "_")


def _metric(sample: str) -> Metric:
    for suffix in SUFFIXES:
        if sample.endswith(suffix) and (metric := _BY_NAME.get(sample.removesuffix(suffix))):
            assert metric.kind == "histogram", sample
            return metric
    return _BY_NAME[sample]
