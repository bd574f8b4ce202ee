"""How every answer of the read API is given: in one snapshot, tagged, and not at all where the caller has it already."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeAlias, TypeVar

from litestar import Response
from litestar.exceptions import HTTPException
from litestar.params import Dependency, Parameter

from services.reporting.reads import snapshot
from services.reporting.rules.filters import LIMIT_MAX, check_query
from services.reporting.rules.tags import entity_tag, matches
from shared.database import Connection, Pool
from shared.problems import Problem
from shared.refusals import Asking, as_problem

Body = TypeVar("Body")
FromPool: TypeAlias = Annotated[Pool, Dependency(skip_validation=True)]
Limit: TypeAlias = Annotated[int, Parameter(ge=1, le=LIMIT_MAX)]
CACHING = "private, no-cache"


async def answer(
    request: Asking,
    pool: Pool,
    read: Callable[[Connection, dict[str, int]], Awaitable[Body]],
    *,
    known: set[str],
    extra: Callable[[Connection], Awaitable[str]] | None = None,
) -> Response[Body]:
    """What `read` finds in one snapshot, tagged by its positions; 304 without reading where the caller's tag holds.

    `known` are the query parameters that mean something here; `extra` says what else the answer depends on.
    """
    query = list(request.query_params.multi_items())
    check_query(query, known)
    async with snapshot(pool) as (conn, as_of):
        more = await extra(conn) if extra else ""
        tag = entity_tag(as_of=as_of, path=request.url.path, query=query, extra=more)
        headers = {"ETag": tag, "Cache-Control": CACHING}
        if matches(request.headers.get("if-none-match"), tag):
            return Response(None, status_code=304, headers=headers)  # type: ignore[arg-type]
        return Response(await read(conn, as_of), headers=headers)


def refused(request: Asking, error: HTTPException) -> Response[bytes]:
    """What Litestar refused, in the same shape."""
    codes = {404: "not_found", 405: "method_not_allowed"}
    if error.status_code in codes:
        return as_problem(request, Problem(codes[error.status_code]))
    if error.status_code < 500:
        return as_problem(request, Problem("request_invalid", str(error.extra or error.detail)[:500]))
    return as_problem(request, Problem("internal_error"))
