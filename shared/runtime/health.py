"""The routes every service has: is it alive, is it ready, how far has it come."""

from typing import Any

from litestar import Litestar, Request, Response, get
from litestar.openapi.config import OpenAPIConfig
from msgspec import Struct

from shared.runtime.progress import Progress
from shared.runtime.service import Service


class Readiness(Struct, frozen=True):
    """Whether the service can take work, and what it lacks."""

    status: str
    missing: tuple[str, ...]


def create_http(service: Service, *, title: str, route_handlers: list[Any], **options: Any) -> Litestar:
    """The service's HTTP application: its own routes and the ones every service has."""

    @get("/health/live", tags=["health"], summary="存活 | The process is alive", sync_to_thread=False)
    def live() -> dict[str, str]:
        return {"status": "alive"}

    @get("/health/ready", tags=["health"], summary="就绪 | Ready to take work", sync_to_thread=False)
    def ready() -> Response[Readiness]:
        missing = service.missing()
        return Response(Readiness("not_ready" if missing else "ready", missing), status_code=503 if missing else 200)

    @get("/internal/progress", tags=["health"], summary="进度 | How far the service has come")
    async def progress() -> Progress:
        return await service.progress()

    @get("/metrics", include_in_schema=False, sync_to_thread=False)
    def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
        exposed = service.telemetry.metrics.exposed(request.headers.get("accept", ""))
        if exposed is None:
            return Response(b"", status_code=404)
        return Response(exposed[0], headers={"content-type": exposed[1]})

    return Litestar(
        route_handlers=[live, ready, progress, metrics, *route_handlers],
        openapi_config=OpenAPIConfig(title=title, version="1", path="/docs"),
        logging_config=None,
        **options,
    )
