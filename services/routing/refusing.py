"""Every failure of routing's doors leaves as problem+json, in the caller's language first and in both always."""

from typing import Any, Final

from litestar import Response
from litestar.exceptions import HTTPException

from shared.problems import Problem
from shared.refusals import Asking, as_problem, failed

_CODES: Final = {
    404: "not_found", 405: "method_not_allowed", 413: "body_too_large", 415: "media_type_unsupported",
}  # fmt: skip


def refused(request: Asking, error: HTTPException) -> Response[bytes]:
    """What Litestar refused, in the same shape; what was sent is not repeated."""
    if error.status_code in _CODES:
        return as_problem(request, Problem(_CODES[error.status_code]))
    if error.status_code < 500:
        return as_problem(request, Problem("request_invalid"))
    return failed(request, error)


AS_PROBLEMS: Final[dict[type[Exception] | int, Any]] = {Problem: as_problem, HTTPException: refused, Exception: failed}
