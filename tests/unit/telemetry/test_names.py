"""The list of metrics: whole, in both languages, and the document made from it is current."""

import pytest

from shared.telemetry.document import DOCUMENT, markdown
from shared.telemetry.names import METRICS, Metric


def test_each_name_is_there_once() -> None:
    assert len({metric.name for metric in METRICS}) == len({metric.prometheus for metric in METRICS}) == len(METRICS)


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_each_says_what_it_means_in_both_languages(metric: Metric) -> None:
    assert any("\u4e00" <= char <= "\u9fff" for char in metric.zh)
    assert metric.en
    assert not any("\u4e00" <= char <= "\u9fff" for char in metric.en)
    assert (metric.kind == "histogram") is bool(metric.buckets)
    assert list(metric.buckets) == sorted(metric.buckets)


def test_the_document_is_current() -> None:
    assert markdown() == DOCUMENT.read_text(), "make it anew: python -m shared.telemetry.document"
