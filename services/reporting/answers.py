"""How every answer of the read API is given: in one snapshot, tagged, and not at all where the caller has it already."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeAlias, TypeVar

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.params import Dependency, Parameter
from structlog import get_logger

from services.reporting.reads import snapshot
from services.reporting.rules.filters import LIMIT_MAX, check_query
from services.reporting.rules.tags import entity_tag, matches
from shared.database import TRANSIENT, Connection, Pool
from shared.problems import MEDIA_TYPE, Problem, encoded, language_of
from shared.telemetry import told

Body = TypeVar("Body")
Asking: TypeAlias = Request[Any, Any, Any]
FromPool: TypeAlias = Annotated[Pool, Dependency(skip_validation=True)]
Limit: TypeAlias = Annotated[int, Parameter(ge=1, le=LIMIT_MAX)]
CACHING = "private, no-cache"
log = get_logger(__name__)


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


def as_problem(request: Asking, problem: Problem) -> Response[bytes]:
    """A problem as the caller reads it."""
    lang = language_of(request.headers.get("accept-language"))
    headers = {"Retry-After": str(problem.retry_after_s)} if problem.retry_after_s else None
    return Response(encoded(problem, lang=lang), status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def failed(request: Asking, error: Exception) -> Response[bytes]:
    """What went wrong here: the caller learns no more than whether to try again; the log learns why."""
    if isinstance(error, TRANSIENT):
        log.warning("the database is not to be had", route=request.url.path, **told(error))
        return as_problem(request, Problem("overloaded", retry_after_s=1))
    log.error("a request failed", route=request.url.path, **told(error, where=True))
    return as_problem(request, Problem("internal_error"))


def refused(request: Asking, error: HTTPException) -> Response[bytes]:
    """What Litestar refused, in the same shape."""
    codes = {404: "not_found", 405: "method_not_allowed"}
    if error.status_code in codes:
        return as_problem(request, Problem(codes[error.status_code]))
    if error.status_code < 500:
        return as_problem(request, Problem("request_invalid", str(error.extra or error.detail)[:500]))
    return as_problem(request, Problem("internal_error"))
