"""Where a complaint stands, asked by the channel that sent it: intake's own register, and reporting's view of it."""

from collections.abc import Callable
from typing import Annotated, Final, Protocol

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import PathParameter, QueryParameter
from msgspec import UNSET, Raw, Struct

from services.intake import store
from services.intake.api.bodies import Standing, encoded, findings_of
from services.intake.api.described import problems
from services.intake.api.doors import Doors
from services.intake.api.requests import AnyRequest, caller_of, headers_of
from services.intake.rules.key_information import KeyTable
from services.intake.store import SCHEMA
from shared import ids
from shared.database import Pool
from shared.events.intake import ComplaintReceived
from shared.events.registry import decode, type_of
from shared.problems import Problem
from shared.saved import stored

InPath = Annotated[str, PathParameter(min_length=1, max_length=200)]
InQuery = Annotated[str, QueryParameter(min_length=1, max_length=200)]
_STATUSES: Final = (400, 401, 403, 404, 500, 503)


class Reporting(Protocol):
    """Who knows how a complaint went on."""

    async def complaint(self, complaint_id: str) -> bytes | None:
        """Reporting's view (a JSON object); None where it is away or does not know the complaint yet."""
        ...


class _Status(Struct):
    status: str = "accepted"


class _Detail(Struct, omit_defaults=True):
    """What a channel gets of reporting's detail: neither the people who handle it nor the customer's part."""

    complaint: Raw
    promises: Raw = Raw(b"[]")
    as_of: Raw = Raw(b"{}")


def standing_routes(
    doors: Doors, table: KeyTable, pool: Callable[[], Pool], reporting: Reporting
) -> list[HTTPRouteHandler]:
    """GET /v1/complaints/by-source/{source}/{source_id}, and the same with query parameters for ids with slashes."""
    responses = {200: ResponseSpec(Standing, generate_examples=False), **problems(*_STATUSES)}

    async def found(request: AnyRequest, tenant: str, source: str, source_id: str) -> Response[bytes]:
        caller = caller_of(doors, headers_of(request))
        if caller.tenant is not None and tenant != caller.tenant:
            raise Problem("tenant_not_allowed")
        standing = await _standing(pool(), table, reporting, tenant=tenant, source=source, source_id=source_id)
        return Response(encoded(standing), media_type="application/json")

    @get(
        "/v1/complaints/by-source/{source:str}/{source_id:str}",
        tags=["complaints"],
        summary="投诉进展 | Where a complaint stands",
        responses=responses,
    )
    async def by_source(
        request: AnyRequest, source: InPath, source_id: InPath, tenant: InQuery = "default"
    ) -> Response[bytes]:
        return await found(request, tenant, source, source_id)

    @get(
        "/v1/complaints/by-source",
        tags=["complaints"],
        summary="投诉进展（查询参数） | Where a complaint stands (query parameters)",
        responses=responses,
    )
    async def by_query(
        request: AnyRequest, source: InQuery, source_id: InQuery, tenant: InQuery = "default"
    ) -> Response[bytes]:
        return await found(request, tenant, source, source_id)

    return [by_source, by_query]


async def _standing(
    pool: Pool, table: KeyTable, reporting: Reporting, *, tenant: str, source: str, source_id: str
) -> Standing:
    if "\x00" in tenant + source + source_id:
        raise Problem("nul_character")
    submission_id = ids.derive("submission", tenant, source, source_id)
    event_id = ids.event_id(cause=submission_id, type_=type_of(ComplaintReceived))
    async with pool.acquire() as conn:
        saved = await stored(conn, SCHEMA, [event_id])
        known = (await store.known(conn, [saved[0].key])) if saved else {}
    if not saved:
        raise Problem("complaint_unknown")
    received = decode(saved[0].value)
    assert isinstance(received, ComplaintReceived)
    pending = known[saved[0].key].unpublished is not None
    detail = None if pending else _detail(await reporting.complaint(saved[0].key))
    return Standing(
        complaint_id=saved[0].key,
        source=source,
        source_id=source_id,
        state="receiving" if pending else _state(detail),
        accepted_at=received.accepted_at,
        findings=findings_of(received.findings, table),
        current=Raw(msgspec.json.encode(detail)) if detail else UNSET,
    )


def _detail(answer: bytes | None) -> _Detail | None:
    """Reporting's answer; None where there is none, or it is not what it was agreed to be."""
    if answer is None:
        return None
    try:
        return msgspec.json.decode(answer, type=_Detail)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _state(detail: _Detail | None) -> str:
    """How far it is: reporting's status where it is known."""
    return msgspec.json.decode(detail.complaint, type=_Status).status if detail else "accepted"
