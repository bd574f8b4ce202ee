"""Spans of batches: each record's in its own trace, begun here where nobody began it, and of a failure only its kind."""

import pytest

from shared.pipeline.records import Record
from shared.saved import outgoing
from shared.telemetry.context import is_sampled
from tests.builders import followup, intake
from tests.component.telemetry.collector import Collector, collecting
from tests.component.telemetry.test_broken_collector import ONE, closed, recording

SECRET = "13764209518"
OTHER = "00-99999999999999999999999999999999-8888888888888888-01"
EVENT = intake.received()
RECORD = Record("kesu.complaints", 1, 7, 0, EVENT, b"{}")


def named(collector: Collector, name: str) -> list[str]:
    """The parents of the spans of this name."""
    return sorted(span.parent for span in collector.spans() if span.name == name)


async def test_a_trace_may_begin_with_a_record() -> None:
    """By the ratio, where the channel that wrote it has begun none."""
    with collecting() as collector:
        telemetry = recording(collector.endpoint, ratio=1.0)
        context = telemetry.tracing.context_of(foreign=True)(())
        with telemetry.tracing.batch([(RECORD, context)], records=1) as batch:
            events = batch.carried([outgoing(followup.planned(complaint_id=EVENT.complaint_id))])
            with telemetry.tracing.publishing(events) as published:
                pass
        await closed(telemetry)

    assert [""] == named(collector, "process kesu.complaints")
    process = next(span for span in collector.spans() if span.kind == "consumer")
    publish = next(span for span in collector.spans() if span.kind == "producer")
    assert (process.span_id, process.trace_id) == (publish.parent, publish.trace_id)
    (handed_on,) = [event.trace for event in published]
    assert [publish.trace_id, publish.span_id] == handed_on.split("-")[1:3]
    assert is_sampled(handed_on)


async def test_the_records_of_one_batch_stay_in_their_traces() -> None:
    with collecting() as collector:
        telemetry = recording(collector.endpoint, ratio=0.0)
        with telemetry.tracing.batch([(RECORD, ONE), (RECORD, OTHER), (RECORD, f"{OTHER[:-2]}00")], records=9):
            pass
        await closed(telemetry)

    assert sorted([ONE.split("-")[2], OTHER.split("-")[2]]) == named(collector, "process kesu.complaints")
    (batch,) = (span for span in collector.spans() if span.name == "process batch")
    assert ("9", 2) == (batch.attributes["messaging.batch.message_count"], len(batch.links))


async def test_of_a_failure_only_the_kind_is_told() -> None:
    with collecting() as collector:
        telemetry = recording(collector.endpoint)
        with pytest.raises(ValueError, match=SECRET), telemetry.tracing.batch([(RECORD, ONE)], records=1):
            raise ValueError(SECRET)
        await closed(telemetry)

    assert {"ValueError"} == {span.attributes["error.type"] for span in collector.spans()}
    assert SECRET.encode() not in b"".join(collector.bodies)
