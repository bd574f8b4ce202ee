"""Trace contexts as they travel: the W3C `traceparent` of a request, of a record, and of the work under way.

Only `traceparent` is taken and passed on. `tracestate` and `baggage` are free text of other parties, which may be
personal, and end here.
"""

import re
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Final

from shared.log.headers import ONLY_FOR, TRACEPARENT
from shared.pipeline.records import Headers

_FORM: Final = re.compile(rb"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_LAST: Final = frozenset((TRACEPARENT, ONLY_FOR))
_HTTP: Final = TRACEPARENT.encode()
# The context of the work under way, to be handed on and named in log lines; empty where there is none.
current: ContextVar[str] = ContextVar("traceparent", default="")


def is_sampled(traceparent: str) -> bool:
    """Whether whoever began the trace has decided to record it (an empty context is not)."""
    return traceparent != "" and int(traceparent[-2:], 16) & 1 == 1


def of_own_record(headers: Headers) -> str:
    """The context of a record that a service of ours wrote: in the last header, or before `kesu_only_for`."""
    if not headers or headers[-1][0] not in _LAST:
        return ""
    key, value = headers[-1]
    if key == ONLY_FOR and len(headers) > 1:
        key, value = headers[-2]
    return _valid(value) if key == TRACEPARENT else ""


def of_record(headers: Headers) -> str:
    """The context of a record that anybody may have written: in any header."""
    return next((_valid(value) for key, value in headers if key == TRACEPARENT), "")


def of_request(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The context of an HTTP request; empty where it came twice, as the standard says."""
    found = [value for key, value in headers if key == _HTTP]
    return _valid(found[0]) if len(found) == 1 else ""


def _valid(value: bytes | None) -> str:
    return value.decode() if value and _FORM.fullmatch(value) else ""
