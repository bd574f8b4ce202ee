"""Reporting's HTTP routes about complaints: lists, one in detail, its timeline."""

from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Response, get
from litestar.params import Dependency

from services.reporting import reads
from services.reporting.answers import FromPool, Limit, answer
from services.reporting.api_figures import FIGURES
from services.reporting.disclosure import Disclosure
from services.reporting.model import Status
from services.reporting.rules.filters import conditions, cursor_of
from services.reporting.shown import ComplaintAnswer, ComplaintDetail, Page, ShownComplaint, Timeline
from shared import ids
from shared.database import Connection
from shared.events.intake import Channel
from shared.events.routing import Cause, CrossLevel, MatterKind, Severity
from shared.problems import Problem
from shared.refusals import Asking

FromDisclosure = Annotated[Disclosure, Dependency(skip_validation=True)]


@get("/v1/complaints", tags=["complaints"], summary="投诉列表，新受理的在前 | Complaints, the latest received first")
async def complaints(
    request: Asking,
    pool: FromPool,
    status: list[Status] | None = None,
    kind: list[MatterKind] | None = None,
    severity: list[Severity] | None = None,
    cause: list[Cause] | None = None,
    channel: list[Channel] | None = None,
    cross_level: list[CrossLevel] | None = None,
    unit: list[str] | None = None,
    tenant: list[str] | None = None,
    received_from: datetime | None = None,
    received_to: datetime | None = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Response[Page[ShownComplaint]]:
    """Complaints that fit every filter given; a filter given several times takes any of its values."""
    wanted = conditions(
        one_of={
            "status": status, "kind": kind, "severity": severity, "cause": cause, "channel": channel,
            "cross_level": cross_level, "unit": unit, "tenant": tenant,
        },
        since={"received_at": received_from}, before={"received_at": received_to},
    )  # fmt: skip
    after = cursor_of(cursor)

    async def read(conn: Connection, as_of: dict[str, int]) -> Page[ShownComplaint]:
        return await reads.complaints(conn, wanted, cursor=after, limit=limit, as_of=as_of)

    known = {"status", "kind", "severity", "cause", "channel", "cross_level", "unit", "tenant", "received_from"}
    return await answer(request, pool, read, known=known | {"received_to", "cursor", "limit"})


@get("/v1/complaints/{complaint_id:uuid}", tags=["complaints"], summary="一件投诉的详情 | One complaint in detail")
async def complaint(
    request: Asking, pool: FromPool, disclosure: FromDisclosure, complaint_id: UUID, reveal: bool = False
) -> Response[ComplaintDetail]:
    """One complaint with its promises, callbacks and personal part. `reveal=true` needs the header X-Kesu-Reveal-Key."""
    if reveal:
        disclosure.permit(request.headers.get("x-kesu-reveal-key"))
    id_ = str(complaint_id)

    async def read(conn: Connection, as_of: dict[str, int]) -> ComplaintDetail:
        found = await _found(conn, id_)
        state, personal = await disclosure.personal(conn, id_, reveal=reveal)
        return ComplaintDetail(
            as_of=as_of, complaint=found, promises=await reads.promises_of(conn, id_),
            callbacks=await reads.callbacks_of(conn, id_), personal_state=state, personal=personal,
        )  # fmt: skip

    async def erasures(conn: Connection) -> str:
        return str(await disclosure.erasures(conn, id_))

    response = await answer(request, pool, read, known={"reveal"}, extra=erasures)
    if reveal:
        response.headers["Cache-Control"] = "no-store"
    return response


@get("/v1/complaints/{complaint_id:uuid}/timeline", tags=["complaints"], summary="时间线 | Everything that happened")
async def timeline(request: Asking, pool: FromPool, complaint_id: UUID) -> Response[Timeline]:
    """Every event of one complaint, in the order of the log."""

    async def read(conn: Connection, as_of: dict[str, int]) -> Timeline:
        items = await reads.timeline(conn, str(complaint_id))
        if not items:
            raise Problem("not_found")
        return Timeline(as_of=as_of, items=items)

    return await answer(request, pool, read, known=set())


@get(
    "/v1/complaints/by-source/{tenant:str}/{source:str}/{source_id:str}",
    tags=["complaints"],
    summary="按来源编号查询 | The complaint that a source's submission became",
)
async def by_source(
    request: Asking, pool: FromPool, tenant: str, source: str, source_id: str
) -> Response[ComplaintAnswer]:
    """One complaint by the source and source id that opened it."""
    id_ = ids.complaint_id(tenant=tenant, source=source, source_id=source_id)

    async def read(conn: Connection, as_of: dict[str, int]) -> ComplaintAnswer:
        return ComplaintAnswer(as_of=as_of, complaint=await _found(conn, id_))

    return await answer(request, pool, read, known=set())


async def _found(conn: Connection, complaint_id: str) -> ShownComplaint:
    found = await reads.complaint(conn, complaint_id)
    if found is None:
        raise Problem("not_found")
    return found


# Built with a `pool` and a `disclosure` as dependencies.
ROUTES: Final[list[Any]] = [complaints, complaint, timeline, by_source, *FIGURES]
