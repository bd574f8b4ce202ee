"""An OpenTelemetry collector of the test: takes OTLP over HTTP and keeps what came, as bytes and as spans."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from msgspec import Struct
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span as OtlpSpan


class Span(Struct, frozen=True):
    """A span as it was exported; ids in hex, `parent` empty for the first of a trace, `links` as span ids."""

    service: str
    name: str
    kind: str
    trace_id: str
    span_id: str
    parent: str
    links: tuple[str, ...]
    attributes: dict[str, str]


class Collector:
    """What was sent to it; it answers with `status`."""

    def __init__(self, port: int, status: int) -> None:
        self.endpoint = f"http://127.0.0.1:{port}"
        self.bodies: list[bytes] = []
        self.status = status

    def spans(self) -> list[Span]:
        """Every span that came."""
        found = []
        for body in list(self.bodies):
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                names = {one.key: one.value.string_value for one in resource.resource.attributes}
                found += [_span(names["service.name"], one) for scope in resource.scope_spans for one in scope.spans]
        return found

    def of_trace(self, trace_id: str) -> list[Span]:
        """The spans of one trace."""
        return [span for span in self.spans() if span.trace_id == trace_id]


def _span(service: str, span: OtlpSpan) -> Span:
    return Span(
        service=service,
        name=span.name,
        kind=OtlpSpan.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        links=tuple(link.span_id.hex() for link in span.links),
        attributes={
            one.key: str(getattr(one.value, one.value.WhichOneof("value") or "string_value")) for one in span.attributes
        },
    )


@contextmanager
def collecting(*, status: int = 200) -> Iterator[Collector]:
    """A collector on a port of 127.0.0.1 that answers everything with `status`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            collector.bodies.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(collector.status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector = Collector(server.server_port, status)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
