"""Spans of what was sampled: requests, records in their batches, publications. Loaded only where traces are exported.

Attributes follow OpenTelemetry's semantic conventions as far as they name no person: no path, no query, no address, no
message of an exception. Complaints and events are named by their ids, which are derived and say nothing.
"""

import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from time import monotonic
from typing import Any, Final

from msgspec.structs import replace
from opentelemetry.context import Context
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    StatusCode,
    TraceFlags,
    Tracer,
    set_span_in_context,
)

from shared.events.registry import type_of
from shared.pipeline.records import Headers, Outgoing
from shared.telemetry.context import current, is_sampled, of_record
from shared.telemetry.tracing import BatchTrace, ContextOf, RequestTrace, Tracing, key_of

LINKS_MAX: Final = 128  # of one span, the default limit of the specification

_BEGINS: Final = "a trace begins here"


class Recording(Tracing):
    """Records what its sender has sampled; where nobody has decided, one in 1 / `ratio` begins a trace.

    At a door at most `per_s_max` a second are recorded: a channel that samples everything must not slow down the others.
    """

    def __init__(
        self, tracer: Tracer, *, service: str, ratio: float, per_s_max: int, close: Callable[[], Awaitable[None]]
    ) -> None:
        self._tracer = tracer
        self._group = f"kesu-{service}"
        self._ratio = ratio
        self._per_s_max = per_s_max
        self._second, self._begun = 0, 0
        self._close = close

    def context_of(self, *, foreign: bool) -> ContextOf:
        return self._of_channel if foreign else super().context_of(foreign=False)

    def publishing(self, events: Sequence[Outgoing]) -> AbstractContextManager[Sequence[Outgoing]]:
        if any(is_sampled(event.trace) for event in events):
            return self._publishing(events)
        return super().publishing(events)

    async def close(self) -> None:
        await self._close()

    def _request(self, method: str, context: str) -> AbstractContextManager[RequestTrace]:
        context = self._decided(context)
        return self._served(method, context) if _is_recorded(context) else super()._request(method, context)

    def _of_channel(self, headers: Headers) -> str:
        return self._decided(of_record(headers))

    def _decided(self, context: str) -> str:
        """The context with which it goes on from a door of ours; its sender's, but never sampled beyond the limit."""
        if not (is_sampled(context) if context else random.random() < self._ratio):
            return context
        second = int(monotonic())
        if second != self._second:
            self._second, self._begun = second, 0
        self._begun += 1
        if self._begun <= self._per_s_max:
            return context or _BEGINS
        return f"{context[:-2]}00" if context else ""

    @contextmanager
    def _batch(self, traced: Sequence[tuple[Any, str]], records: int) -> Iterator[BatchTrace]:
        sampled = [(record, context) for record, context in traced if _is_recorded(context)]
        contexts = {key_of(record): context for record, context in traced if context != _BEGINS}
        if not sampled:
            yield BatchTrace(contexts)
            return
        links = [Link(_span_context(context)) for _, context in sampled if context != _BEGINS][:LINKS_MAX]
        batch = self._tracer.start_span(
            "process batch", Context(), SpanKind.INTERNAL, links=links,
            attributes={**self._messaging("process"), "messaging.batch.message_count": records},
        )  # fmt: skip
        with _ended(batch), _all_ended([self._process(record, context, batch) for record, context in sampled]) as spans:
            contexts |= {key_of(record): _traceparent(span) for (record, _), span in zip(sampled, spans, strict=True)}
            yield _RecordedBatch(contexts, batch)

    def _process(self, record: Any, context: str, batch: Span) -> Span:
        place, event = getattr(record, "raw", record), record.event
        attributes: dict[str, Any] = {
            **self._messaging("process"),
            "messaging.destination.name": place.topic,
            "messaging.destination.partition.id": str(place.partition),
            "messaging.kafka.offset": place.offset,
            "messaging.message.id": event.id,
            "kesu.event.type": type_of(type(event)),
            "kesu.complaint.id": key_of(record),
        }
        links = [Link(batch.get_span_context())]
        return self._tracer.start_span(
            f"process {place.topic}", _parent(context), SpanKind.CONSUMER, attributes, links
        )  # fmt: skip

    @contextmanager
    def _publishing(self, events: Sequence[Outgoing]) -> Iterator[Sequence[Outgoing]]:
        spans, given = [], []
        for event in events:
            if is_sampled(event.trace):
                spans.append(self._publish(event))
                given.append(replace(event, trace=_traceparent(spans[-1])))
            else:
                given.append(event)
        with _all_ended(spans):
            yield given

    def _publish(self, event: Outgoing) -> Span:
        attributes: dict[str, Any] = {
            "messaging.system": "kafka", "messaging.operation.name": "publish", "messaging.operation.type": "send",
            "messaging.destination.name": event.topic, "messaging.message.id": event.id,
            "messaging.message.body.size": len(event.value), "kesu.event.type": event.type, "kesu.complaint.id": event.key,
        }  # fmt: skip
        return self._tracer.start_span(f"publish {event.topic}", _parent(event.trace), SpanKind.PRODUCER, attributes)

    @contextmanager
    def _served(self, method: str, context: str) -> Iterator[RequestTrace]:
        span = self._tracer.start_span(method, _parent(context), SpanKind.SERVER, {"http.request.method": method})
        with _ended(span):
            yield _RecordedRequest(method, span)

    def _messaging(self, operation: str) -> dict[str, Any]:
        return {
            "messaging.system": "kafka",
            "messaging.operation.name": operation,
            "messaging.operation.type": "process",
            "messaging.consumer.group.name": self._group,
        }


class _RecordedBatch(BatchTrace):
    def __init__(self, contexts: dict[str, str], span: Span) -> None:
        super().__init__(contexts)
        self._span = span

    def reached(self, point: str) -> None:
        self._span.add_event(point)


class _RecordedRequest(RequestTrace):
    def __init__(self, method: str, span: Span) -> None:
        self._method = method
        self._span = span

    def answered(self, route: str, status: int) -> None:
        self._span.set_attribute("http.response.status_code", status)
        if route:
            self._span.update_name(f"{self._method} {route}")
            self._span.set_attribute("http.route", route)
        if status >= 500:
            self._span.set_status(StatusCode.ERROR)
            self._span.set_attribute("error.type", str(status))


@contextmanager
def _ended(span: Span) -> Iterator[Span]:
    """The work inside is the span's; log lines name it."""
    token = current.set(_traceparent(span))
    try:
        with _all_ended([span]):
            yield span
    finally:
        current.reset(token)


@contextmanager
def _all_ended(spans: Sequence[Span]) -> Iterator[Sequence[Span]]:
    """End `spans` with the work inside; of a failure only its kind is told, as its words may be personal."""
    try:
        yield spans
    except BaseException as error:
        for span in spans:
            span.set_status(StatusCode.ERROR)
            span.set_attribute("error.type", type(error).__name__)
        raise
    finally:
        for span in spans:
            span.end()


def _is_recorded(context: str) -> bool:
    return context == _BEGINS or is_sampled(context)


def _traceparent(span: Span) -> str:
    own = span.get_span_context()
    return f"00-{own.trace_id:032x}-{own.span_id:016x}-{own.trace_flags:02x}"


def _span_context(traceparent: str) -> SpanContext:
    _, trace_id, span_id, flags = traceparent.split("-")
    return SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=TraceFlags(int(flags, 16)))


def _parent(traceparent: str) -> Context:
    if traceparent == _BEGINS:
        return Context()
    return set_span_in_context(NonRecordingSpan(_span_context(traceparent)), Context())
