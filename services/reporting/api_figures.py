"""Reporting's HTTP routes about promises and figures."""

from datetime import date, datetime
from typing import Annotated, Any, Final

from litestar import Response, get
from litestar.params import Parameter

from services.reporting import reads, reads_figures
from services.reporting.answers import FromPool, Limit, answer
from services.reporting.model import PromiseState
from services.reporting.rules.filters import conditions, cursor_of
from services.reporting.shown import DailyAnswer, Page, ShownPromise, Summary
from shared.database import Connection
from shared.events.intake import PromiseKind
from shared.events.routing import Severity
from shared.refusals import Asking


@get("/v1/promises", tags=["promises"], summary="承诺台账，先到期的在前 | Promises, the earliest due first")
async def promises(
    request: Asking,
    pool: FromPool,
    promise_state: Annotated[list[PromiseState] | None, Parameter(query="state")] = None,
    kind: list[PromiseKind] | None = None,
    severity: list[Severity] | None = None,
    unit: list[str] | None = None,
    tenant: list[str] | None = None,
    due_from: datetime | None = None,
    due_to: datetime | None = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Response[Page[ShownPromise]]:
    """Promises that fit every filter given; those of all matters, praise and inquiries included."""
    wanted = conditions(
        one_of={"state": promise_state, "kind": kind, "severity": severity, "unit": unit, "tenant": tenant},
        since={"due_at": due_from}, before={"due_at": due_to},
    )  # fmt: skip
    after = cursor_of(cursor)

    async def read(conn: Connection, as_of: dict[str, int]) -> Page[ShownPromise]:
        return await reads.promises(conn, wanted, cursor=after, limit=limit, as_of=as_of)

    known = {"state", "kind", "severity", "unit", "tenant", "due_from", "due_to", "cursor", "limit"}
    return await answer(request, pool, read, known=known)


@get("/v1/kpi/daily", tags=["figures"], summary="每日指标 | Daily figures")
async def kpi_daily(
    request: Asking,
    pool: FromPool,
    by: list[reads_figures.Dimension] | None = None,
    tenant: list[str] | None = None,
    channel: list[str] | None = None,
    region: list[str] | None = None,
    cause: list[str] | None = None,
    severity: list[str] | None = None,
    unit: list[str] | None = None,
    strategy: list[str] | None = None,
    day_from: date | None = None,
    day_to: date | None = None,
) -> Response[DailyAnswer]:
    """Figures of complaints per local day, and per value of each dimension named in `by`; `day_to` is not included."""
    wanted = conditions(
        one_of={
            "tenant": tenant, "channel": channel, "region": region, "cause": cause, "severity": severity,
            "unit": unit, "strategy": strategy,
        },
        since={"day": day_from}, before={"day": day_to},
    )  # fmt: skip

    async def read(conn: Connection, as_of: dict[str, int]) -> DailyAnswer:
        return await reads_figures.daily(conn, wanted, by=by or (), as_of=as_of)

    known = {"by", *reads_figures.DIMENSIONS, "day_from", "day_to"}
    return await answer(request, pool, read, known=known)


@get("/v1/summary", tags=["figures"], summary="总览 | Everything at a glance")
async def summary(request: Asking, pool: FromPool, tenant: str | None = None) -> Response[Summary]:
    """Counts of everything, and the rates of complaints, of one tenant or all."""

    async def read(conn: Connection, as_of: dict[str, int]) -> Summary:
        return await reads_figures.summary(conn, tenant, as_of=as_of)

    return await answer(request, pool, read, known={"tenant"})


FIGURES: Final[list[Any]] = [promises, kpi_daily, summary]
