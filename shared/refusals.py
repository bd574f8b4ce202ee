"""How a door says no: every failure leaves as problem+json, in the caller's language first and in both always."""

from typing import Any, TypeAlias

from litestar import Request, Response
from structlog import get_logger

from shared.database import TRANSIENT
from shared.problems import MEDIA_TYPE, Problem, encoded, language_of
from shared.telemetry import told

Asking: TypeAlias = Request[Any, Any, Any]
log = get_logger(__name__)


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
