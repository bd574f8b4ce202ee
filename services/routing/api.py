"""Routing's HTTP routes: decisions as they were published, and the pack in force."""

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.exceptions import NotFoundException

from services.routing import store
from services.routing.policy.pack import Pack
from shared.runtime.service import Service


def routes(service: Service, pack: Pack) -> list[Any]:
    """The handlers, with what they need bound."""

    @get(
        "/v1/decisions/{complaint_id:uuid}",
        tags=["decisions"],
        summary="某件投诉的全部决定 | All decisions about a complaint",
    )
    async def decisions(complaint_id: UUID) -> Response[bytes]:
        async with service.pool.acquire() as conn:
            bodies = await store.decisions_of(conn, str(complaint_id))
        if not bodies:
            raise NotFoundException("no decision about this complaint | 没有关于此投诉的决定")
        return Response(b"[" + b",".join(bodies) + b"]", media_type="application/json")

    @get("/v1/pack", tags=["policy"], summary="生效的策略包 | The policy pack in force", sync_to_thread=False)
    def pack_in_force() -> dict[str, str]:
        return {"name": pack.name, "content_hash": pack.content_hash}

    return [decisions, pack_in_force]
