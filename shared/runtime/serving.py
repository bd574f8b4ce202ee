"""The service's HTTP server: uvicorn inside the service's own loop, there from the first moment, drained when the service is."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from typing import Final

import uvicorn
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from shared.errors import Stopped
from shared.problems import MEDIA_TYPE, Problem, encoded, language_of
from shared.settings import ServiceSettings

START_POLL_S: Final = 0.01
RETRY_AFTER_S: Final = 2
ALWAYS_OPEN: Final = ("/health/", "/metrics")  # the rest needs the connections


class Server:
    """Serves `http`; until `is_open` says so, whoever asks for more than health is told to come again."""

    def __init__(self, http: ASGIApp, settings: ServiceSettings, is_open: Callable[[], bool]) -> None:
        self._settings = settings
        config = uvicorn.Config(
            _gate(http, is_open), host=settings.http_host, port=settings.http_port, log_config=None, access_log=False,
            lifespan="on", timeout_graceful_shutdown=max(1, int(settings.drain_timeout_s / 2)),
        )  # fmt: skip
        self._server = _Uvicorn(config)
        self._task: asyncio.Future[None] | None = None

    async def start(self, guarded: Callable[[Callable[[], Awaitable[None]]], Awaitable[None]]) -> None:
        """Listen; `guarded` runs the server and hears of its failure."""
        self._task = asyncio.ensure_future(guarded(self._serve))
        while not self._server.started and not self._task.done():
            await asyncio.sleep(START_POLL_S)

    async def stop(self) -> None:
        """Take no more requests and answer those under way; safe to repeat."""
        self._server.should_exit = True
        if self._task:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _serve(self) -> None:
        """Uvicorn ends the process where it cannot start; here the service says why it stops, and closes in order."""
        with contextlib.suppress(SystemExit):
            await self._server.serve()
        if not self._server.started:
            where = f"{self._settings.http_host}:{self._settings.http_port}"
            raise Stopped(
                "http_not_started",
                zh=f"HTTP 服务在 {where} 启动失败，端口可能被占用",
                en=f"HTTP cannot be served at {where}: perhaps the port is taken",
            )


class _Uvicorn(uvicorn.Server):
    """Uvicorn without its own signal handlers: the service has one place for them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _gate(http: ASGIApp, is_open: Callable[[], bool]) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or is_open() or scope["path"].startswith(ALWAYS_OPEN):
            await http(scope, receive, send)
            return
        await _refuse(scope, send)

    return app


async def _refuse(scope: HTTPScope, send: Send) -> None:
    accepts = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
    problem = Problem("starting")
    headers = [(b"content-type", MEDIA_TYPE.encode()), (b"retry-after", str(RETRY_AFTER_S).encode())]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    body = encoded(problem, lang=language_of(accepts))
    await send({"type": "http.response.body", "body": body, "more_body": False})
