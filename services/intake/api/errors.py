"""Every failure leaves as problem+json, in the caller's language first and in both always."""

from typing import Any, Final

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from services.intake.model import Refused
from shared.cloudevents.event import InvalidCloudEvent
from shared.database import TRANSIENT
from shared.errors import NotNow
from shared.problems import MEDIA_TYPE, PROBLEMS, Problem, encoded, language_of

RETRY_AFTER_S: Final = 2
_CODE_OF_STATUS: Final = {
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "media_type_unsupported",
}
_log = structlog.get_logger(__name__)


def problem_of(error: Exception) -> Problem:
    """What to tell the caller about `error`."""
    match error:
        case Problem():
            return error
        case Refused():
            return Problem(error.code, error.detail, path=error.path)
        case InvalidCloudEvent():
            return Problem(error.code, error.detail)
        case HTTPException() if error.status_code < 500:
            return Problem(_CODE_OF_STATUS.get(error.status_code, "request_invalid"))
        case NotNow():
            return Problem("log_unavailable", retry_after_s=RETRY_AFTER_S)
        case _ if isinstance(error, TRANSIENT):
            return Problem("log_unavailable", retry_after_s=RETRY_AFTER_S)
        case _:
            return Problem("internal_error")


def respond(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The problem+json response to `error`."""
    problem = problem_of(error)
    if problem.code == "internal_error":
        _log.error("request_failed", error=type(error).__name__, path=request.scope["path"][:100], exc_info=error)
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if problem.retry_after_s is not None:
        headers["Retry-After"] = str(problem.retry_after_s)
    if problem.code in ("api_key_missing", "api_key_invalid"):
        headers["WWW-Authenticate"] = "Bearer"
    headers["Vary"] = "Accept-Language"
    lang = language_of(request.headers.get("accept-language"))
    return Response(
        encoded(problem, lang=lang), status_code=PROBLEMS[problem.code].status, media_type=MEDIA_TYPE, headers=headers
    )


EXCEPTION_HANDLERS: Final[dict[int | type[Exception], Any]] = {Exception: respond, HTTPException: respond}
