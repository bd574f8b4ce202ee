"""Every failure of routing's doors leaves as problem+json, in the caller's language first and in both always."""

from typing import Any, Final, TypeAlias

from litestar import Request, Response
from litestar.exceptions import HTTPException
from structlog import get_logger

from shared.database import TRANSIENT
from shared.problems import MEDIA_TYPE, Problem, encoded, language_of
from shared.telemetry import told

Asking: TypeAlias = Request[Any, Any, Any]
_CODES: Final = {
    404: "not_found", 405: "method_not_allowed", 413: "body_too_large", 415: "media_type_unsupported",
}  # fmt: skip
log = get_logger(__name__)


def as_problem(request: Asking, problem: Problem) -> Response[bytes]:
    """A problem as the caller reads it."""
    lang = language_of(request.headers.get("accept-language"))
    headers = {"Retry-After": str(problem.retry_after_s)} if problem.retry_after_s else None
    return Response(encoded(problem, lang=lang), status_code=problem.status, media_type=MEDIA_TYPE, headers=headers)


def refused(request: Asking, error: HTTPException) -> Response[bytes]:
    """What Litestar refused, in the same shape; what was sent is not repeated."""
    if error.status_code in _CODES:
        return as_problem(request, Problem(_CODES[error.status_code]))
    if error.status_code < 500:
        return as_problem(request, Problem("request_invalid"))
    return failed(request, error)


def failed(request: Asking, error: Exception) -> Response[bytes]:
    """What went wrong here: the caller learns no more than whether to try again; the log learns why."""
    if isinstance(error, TRANSIENT):
        log.warning("the database is not to be had", route=request.url.path, **told(error))
        return as_problem(request, Problem("overloaded", retry_after_s=1))
    log.error("a request failed", route=request.url.path, **told(error, where=True))
    return as_problem(request, Problem("internal_error"))


AS_PROBLEMS: Final[dict[type[Exception] | int, Any]] = {Problem: as_problem, HTTPException: refused, Exception: failed}
