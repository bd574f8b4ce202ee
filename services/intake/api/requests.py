"""Reading a request: the few headers we look at, and a body that is JSON of a bounded size."""

from typing import Any, TypeAlias

from litestar import Request

from services.intake.api.doors import Caller, Doors
from shared.cloudevents.event import is_json
from shared.events.envelope import Language
from shared.problems import Problem

Headers: TypeAlias = dict[bytes, bytes]
AnyRequest: TypeAlias = Request[Any, Any, Any]


def headers_of(request: AnyRequest) -> Headers:
    """The headers, names in lower case; of a repeated one the last."""
    return dict(request.scope["headers"])


def text(headers: Headers, name: bytes) -> str | None:
    """A header's value."""
    value = headers.get(name)
    return None if value is None else value.decode("latin-1").strip()


def caller_of(doors: Doors, headers: Headers) -> Caller:
    """Who is calling; raises Problem."""
    return doors.caller(text(headers, b"authorization"), text(headers, b"x-api-key"))


def content_type_of(headers: Headers) -> str:
    """The content type; raises Problem for bodies in another encoding than plain UTF-8."""
    if (text(headers, b"content-encoding") or "identity").lower() != "identity":
        raise Problem("encoding_unsupported")
    content_type = text(headers, b"content-type") or ""
    charset = content_type.lower().partition("charset=")[2].strip(" \"'")
    if charset and charset not in ("utf-8", "utf8", "us-ascii"):
        raise Problem("media_type_unsupported", "charset must be utf-8")
    return content_type


async def json_body(request: AnyRequest, headers: Headers) -> bytes:
    """The body of a plain JSON request; raises Problem."""
    if not is_json(content_type_of(headers)):
        raise Problem("media_type_unsupported", "application/json is taken here")
    return await body_of(request)


async def body_of(request: AnyRequest) -> bytes:
    """The body; raises Problem where there is none (and Litestar's own error above the limit)."""
    body = await request.body()
    if not body:
        raise Problem("body_missing")
    return body


def language_hint(headers: Headers) -> Language | None:
    """The language that Content-Language states for the customer's words."""
    tag = (text(headers, b"content-language") or "").lower()[:2]
    return "zh" if tag == "zh" else "en" if tag == "en" else None
