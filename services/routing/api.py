"""Routing's HTTP routes: decisions explained, the pack in force, and the check of words meant for a customer."""

import asyncio
from typing import Annotated, Any, Final
from uuid import UUID

import msgspec
from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from msgspec import Meta, Struct
from pydantic import SecretStr

from services.routing import store
from services.routing.checking.check import Checked, check_text
from services.routing.explaining.explain import explain
from services.routing.explaining.revealing import Revealing
from services.routing.explaining.shown import Decisions
from services.routing.policy.pack import Pack
from services.routing.refusing import AS_PROBLEMS
from services.routing.shelf import Shelf
from shared.database import Connection
from shared.errors import NotNow, Stopped
from shared.events.envelope import Language
from shared.events.routing import ComplaintRouted, HandlerLevel
from shared.problems import Problem, language_of
from shared.refusals import Asking
from shared.runtime.service import Service

TEXT_CHARS_MAX: Final = 10_000
BODY_BYTES_MAX: Final = 100_000
_routed: Final = msgspec.json.Decoder(ComplaintRouted)


class TextToCheck(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text meant for a customer, and the level of the handler who says it (what may be promised depends on it)."""

    text: Annotated[str, Meta(description=f"at most {TEXT_CHARS_MAX} characters")]
    handler_level: HandlerLevel = "junior"
    tenant: Annotated[str, Meta(max_length=64)] = "default"


class CheckedText(Struct, frozen=True, kw_only=True):
    """What was found, and the pack whose words it was checked with."""

    pack: str
    checked: Checked


class PackInForce(Struct, frozen=True):
    """The pack that decides about a new complaint of a tenant, and where `kesu.control` says so."""

    name: str
    content_hash: str
    control_offset: int | None


Tenant = Annotated[str, QueryParameter(max_length=64, description="委托方 | whose pack")]


class Doors:
    """What the routes do, on the service's own connections."""

    def __init__(self, service: Service, shelf: Shelf, reveal_key: SecretStr | None) -> None:
        self._service = service
        self._shelf = shelf
        self._revealing = Revealing(service.vault, reveal_key)

    async def decisions(self, complaint_id: str, *, lang: Language, reveal: bool, presented: str | None) -> Decisions:
        """Every decision about a complaint, explained with the pack that took it."""
        if reveal:
            self._revealing.permit(presented)
        async with self._service.pool.acquire() as conn:
            events = [_routed.decode(body) for body in await store.decisions_of(conn, complaint_id)]
            if not events:
                raise Problem("complaint_unknown")
            state, text = await self._revealing.text_of(conn, complaint_id, reveal=reveal)
            packs = {one.pack: await self._pack(conn, one.pack) for one in events}
        explained = tuple(explain(one, packs[one.pack], text=text, lang=lang) for one in events)
        return Decisions(complaint_id=complaint_id, lang=lang, text_state=state, text=text, revisions=explained)

    async def _pack(self, conn: Connection, content_hash: str | None) -> Pack | None:
        """The pack of that content; None where it is not kept here, or cannot be read any more."""
        try:
            return await self._shelf.pack(conn, content_hash) if content_hash else None
        except (NotNow, Stopped):
            return None

    async def in_force(self, tenant: str) -> PackInForce:
        """The pack in force for `tenant`."""
        async with self._service.pool.acquire() as conn:
            found = (await self._shelf.in_force(conn)).of(tenant)
        return PackInForce(found.pack.name, found.pack.content_hash, found.control_offset)

    async def check(self, asked: TextToCheck) -> CheckedText:
        """The words of a text, checked with the pack in force."""
        if not asked.text.strip():
            raise Problem("text_empty", path="$.text")
        if len(asked.text) > TEXT_CHARS_MAX:
            raise Problem("field_too_long", f"at most {TEXT_CHARS_MAX} characters", path="$.text")
        async with self._service.pool.acquire() as conn:
            pack = (await self._shelf.in_force(conn)).of(asked.tenant).pack
        checked = await asyncio.to_thread(
            check_text, asked.text, pack.advice.phrases, handler_level=asked.handler_level
        )
        return CheckedText(pack=pack.content_hash, checked=checked)


def routes(service: Service, shelf: Shelf, *, reveal_key: SecretStr | None = None) -> list[Any]:
    """The handlers, with what they need bound."""
    doors = Doors(service, shelf, reveal_key)

    @get(
        "/v1/decisions/{complaint_id:uuid}",
        tags=["decisions"],
        summary="某件投诉的全部决定及理由 | All decisions about a complaint, and why",
    )
    async def decisions(
        request: Asking, complaint_id: FromPath[UUID], reveal: FromQuery[bool] = False
    ) -> Response[Decisions]:
        """In the language of Accept-Language (zh or en). `reveal=true` shows the words; it needs X-Kesu-Reveal-Key."""
        lang, presented = _language(request), request.headers.get("x-kesu-reveal-key")
        found = await doors.decisions(str(complaint_id), lang=lang, reveal=reveal, presented=presented)
        caching = "no-store" if reveal else "private, no-cache"
        return Response(found, headers={"Cache-Control": caching, "Content-Language": lang, "Vary": "Accept-Language"})

    @get("/v1/pack", tags=["policy"], summary="生效的策略包 | The policy pack in force")
    async def pack_in_force(tenant: Tenant = "default") -> PackInForce:
        return await doors.in_force(tenant)

    @post(
        "/v1/check/text",
        tags=["checks"],
        status_code=200,
        summary="检查给客户的话术 | Check words meant for a customer",
        request_max_body_size=BODY_BYTES_MAX,
    )
    async def check(data: JSONBody[TextToCheck]) -> CheckedText:
        """What not to say, where it stands (characters of the text), why, and a better wording, in zh and en."""
        return await doors.check(data)

    return [Router("/", route_handlers=[decisions, pack_in_force, check], exception_handlers=AS_PROBLEMS)]


def _language(request: Asking) -> Language:
    return "en" if language_of(request.headers.get("accept-language")) == "en" else "zh"
