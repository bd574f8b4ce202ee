"""The list of metrics as a document: `python -m shared.telemetry.document` writes docs/metrics.md anew."""

from pathlib import Path
from typing import Final

from shared.telemetry.names import METRICS, Metric

DOCUMENT: Final = Path(__file__).parents[2] / "docs/metrics.md"
_HEAD: Final = """# 指标 | Metrics

每个服务的 `GET /metrics`（Prometheus）。名称按 OpenTelemetry 语义约定，`kesu.` 开头的是自有的。由 `shared/telemetry/names.py` 生成。

`GET /metrics` of every service (Prometheus). Names follow OpenTelemetry's semantic conventions, those with `kesu.` are our own. Made from `shared/telemetry/names.py`.

| OpenTelemetry | Prometheus | 标签 Labels | 服务 Services | 含义 | Meaning |
|---|---|---|---|---|---|
"""


def markdown() -> str:
    """The document."""
    return _HEAD + "".join(map(_row, METRICS))


def _row(metric: Metric) -> str:
    kind = "counter" if metric.kind == "observed" else metric.kind
    labels = ", ".join(f"`{label.replace('.', '_')}`" for label in metric.labels)
    who = ", ".join(metric.services) or "all"
    return f"| `{metric.name}` ({kind}, {metric.unit}) | `{metric.prometheus}` | {labels} | {who} | {metric.zh} | {metric.en} |\n"


if __name__ == "__main__":
    DOCUMENT.write_text(markdown())
