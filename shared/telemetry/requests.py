"""HTTP requests measured and traced: by the template of their route, never by the path that was asked for."""

from time import perf_counter
from typing import Final

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from shared.telemetry import names
from shared.telemetry.opening import Telemetry

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNTRACED: Final = ("/health/", "/metrics", "/internal/")  # asked all the time, by machines


def watched(http: ASGIApp, telemetry: Telemetry) -> ASGIApp:
    """`http`, with each request measured, and traced where it is sampled."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await http(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in METHODS else "_OTHER"
        headers = () if scope["path"].startswith(UNTRACED) else scope["headers"]
        status, started = 500, perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with telemetry.tracing.request(method, headers) as trace:
            try:
                await http(scope, receive, noting)
            finally:
                route = _route(scope)
                trace.answered(route, status)
                failure = str(status) if status >= 500 else ""
                seconds = perf_counter() - started
                telemetry.metrics.measure(names.HTTP_DURATION, seconds, (method, route, str(status), failure))

    return app


def _route(scope: HTTPScope) -> str:
    """The template of the route that answered; empty where none did."""
    return scope.get("path_template") or ""
