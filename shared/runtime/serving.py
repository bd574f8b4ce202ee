"""The service's HTTP server: uvicorn inside the service's own loop, drained when the service is."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Final

import uvicorn
from litestar import Litestar

from shared.errors import Stopped
from shared.settings import ServiceSettings

START_POLL_S: Final = 0.01


@contextlib.asynccontextmanager
async def serving(
    http: Litestar, settings: ServiceSettings, guarded: Callable[[Callable[[], Awaitable[None]]], Awaitable[None]]
) -> AsyncIterator[None]:
    """Serve `http` for as long as this lasts; `guarded` runs the server and hears of its failure."""
    config = uvicorn.Config(
        http, host=settings.http_host, port=settings.http_port, log_config=None, access_log=False,
        lifespan="on", timeout_graceful_shutdown=int(settings.drain_timeout_s),
    )  # fmt: skip
    server = _Server(config)
    task = asyncio.ensure_future(guarded(lambda: _served(server, settings)))
    while not server.started and not task.done():
        await asyncio.sleep(START_POLL_S)
    try:
        yield
    finally:
        server.should_exit = True
        await asyncio.gather(task, return_exceptions=True)


async def _served(server: uvicorn.Server, settings: ServiceSettings) -> None:
    """Uvicorn ends the process where it cannot start; here the service says why it stops, and closes in order."""
    with contextlib.suppress(SystemExit):
        await server.serve()
    if not server.started:
        where = f"{settings.http_host}:{settings.http_port}"
        raise Stopped(
            "http_not_started",
            zh=f"HTTP 服务在 {where} 启动失败，端口可能被占用",
            en=f"HTTP cannot be served at {where}: perhaps the port is taken",
        )


class _Server(uvicorn.Server):
    """Uvicorn without its own signal handlers: the service has one place for them."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
