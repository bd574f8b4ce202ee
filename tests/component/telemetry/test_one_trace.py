"""One trace leads from a channel's request, or record, through Kafka to the view."""

from tests.component.telemetry.collector import Span
from tests.component.telemetry.conftest import BY_KAFKA, SAMPLED, UNSAMPLED, Run

RECEIVED, ROUTED, PLANNED = "kesu.complaint.received.v1", "kesu.complaint.routed.v1", "kesu.followup.planned.v1"


def path_to(span: Span, spans: list[Span]) -> list[str]:
    """`service: name` of each span from the first of the trace to `span`."""
    by_id = {one.span_id: one for one in spans}
    path = [span]
    while path[-1].parent in by_id:
        path.append(by_id[path[-1].parent])
    return [f"{one.service}: {one.name}" for one in reversed(path)]


def projected(spans: list[Span], type_: str) -> Span:
    """Where reporting projected the event of this type."""
    found = [one for one in spans if one.service == "kesu-reporting" and one.attributes.get("kesu.event.type") == type_]
    return next(one for one in found if one.kind == "consumer")


def test_a_request_is_followed_to_the_view(run: Run) -> None:
    spans = run.trace(SAMPLED)

    assert [
        "kesu-intake: POST /v1/complaints",
        "kesu-intake: publish kesu.complaints",
        "kesu-routing: process kesu.complaints",
        "kesu-routing: publish kesu.complaints",
        "kesu-followup: process kesu.complaints",
        "kesu-followup: publish kesu.complaints",
        "kesu-reporting: process kesu.complaints",
    ] == path_to(projected(spans, PLANNED), spans)


def test_its_first_span_is_the_child_of_the_channels(run: Run) -> None:
    first = next(one for one in run.trace(SAMPLED) if one.kind == "server")

    assert SAMPLED.split("-")[2] == first.parent
    assert ("POST", "/v1/complaints", "202") == tuple(
        first.attributes[name] for name in ("http.request.method", "http.route", "http.response.status_code")
    )


def test_a_record_of_a_channel_is_followed_to_the_view(run: Run) -> None:
    spans = run.trace(BY_KAFKA)

    assert [
        "kesu-intake: process kesu.submissions",
        "kesu-intake: publish kesu.complaints",
        "kesu-routing: process kesu.complaints",
        "kesu-routing: publish kesu.complaints",
        "kesu-reporting: process kesu.complaints",
    ] == path_to(projected(spans, ROUTED), spans)
    assert BY_KAFKA.split("-")[2] == next(one.parent for one in spans if one.name == "process kesu.submissions")


def test_every_record_is_linked_with_its_batch(run: Run) -> None:
    batches = {one.span_id: one for one in run.spans if one.name == "process batch"}
    processed = [one for one in run.trace(SAMPLED) if one.kind == "consumer"]

    assert processed
    for span in processed:
        batch = batches[span.links[0]]
        assert batch.trace_id != span.trace_id
        assert span.parent in batch.links  # the publication that the record came from
        assert int(batch.attributes["messaging.batch.message_count"]) >= 1


def test_what_a_channel_does_not_sample_is_handed_on_and_not_recorded(run: Run) -> None:
    assert [] == run.trace(UNSAMPLED)
    assert [UNSAMPLED] * 3 == run.contexts_of("unsampled")[:3]  # a call that is asked for at once is a timer's


def test_what_nobody_samples_carries_nothing(run: Run) -> None:
    assert [""] * 3 == run.contexts_of("without")[:3]
    assert {SAMPLED.split("-")[1], BY_KAFKA.split("-")[1]} == {
        one.trace_id for one in run.spans if one.name != "process batch"
    }
