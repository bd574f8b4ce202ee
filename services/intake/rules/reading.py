"""Bytes become a submission, or a reason why not; hostile JSON is found out before anything trusts it."""

import re
from typing import Final

import msgspec

from services.intake.model import Refused
from shared.events.submissions import SUBMISSIONS, Submission

DEPTH_MAX: Final = 16  # the deepest submission has four levels
BYTES_MAX: Final = 1_048_576

_decoders: Final = {type_: msgspec.json.Decoder(struct) for type_, struct in SUBMISSIONS.items()}
_anything: Final = msgspec.json.Decoder()
_STRINGS_AND_COLONS: Final = re.compile(rb'"(?:[^"\\]|\\.)*"(\s*:)?')
_STRINGS: Final = re.compile(rb'"(?:[^"\\]|\\.)*"')
_OPENING: Final = re.compile(rb"[\[{\]}]")
_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def read(type_: str, data: bytes | None, *, checked: bool = False) -> Submission:
    """The submission of CloudEvent type `type_` in `data` (JSON); raises Refused.

    `checked`: the document that holds `data` went through `check_document` already.
    """
    decoder = _decoders.get(type_)
    if decoder is None:
        raise Refused("submission_type_unknown")
    if not data:
        raise Refused("body_missing")
    if not checked:
        check_document(data)
    try:
        return decoder.decode(data)
    except msgspec.ValidationError as error:
        raise _invalid(error) from None
    except RecursionError:
        raise Refused("nested_too_deep") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refused("json_malformed") from None


def check_document(data: bytes) -> None:
    """Raises Refused for JSON that two readers could read differently, or that is made to exhaust one of them."""
    if len(data) > BYTES_MAX:
        raise Refused("body_too_large")
    check_depth(data)
    try:
        _check_keys(data)
    except UnicodeDecodeError:
        raise Refused("utf8_invalid") from None
    except RecursionError:
        raise Refused("nested_too_deep") from None
    except msgspec.DecodeError:
        raise Refused("json_malformed") from None
    if b"\\u0000" in data and _NUL.search(data):
        raise Refused("nul_character")


def check_depth(data: bytes, *, limit: int = DEPTH_MAX) -> None:
    """Raises Refused where brackets nest deeper than `limit`; most documents have too few of them to be looked into."""
    if data.count(b"[") + data.count(b"{") <= limit:
        return
    depth = 0
    for match in _OPENING.finditer(_STRINGS.sub(b"", data)):
        depth += 1 if match[0] in b"[{" else -1
        if depth > limit:
            raise Refused("nested_too_deep")


def _check_keys(data: bytes) -> None:
    """Raises Refused where an object has a key twice: two readers would then read two different submissions."""
    keys = _count(_anything.decode(data))
    if data.count(b'":') - data.count(b'\\":') == keys and not (
        b" :" in data or b"\n:" in data or b"\r:" in data or b"\t:" in data or b'\\\\":' in data
    ):  # neither space before a colon nor a key that ends in a backslash: each key was counted once
        return
    if sum(map(bool, _STRINGS_AND_COLONS.findall(data))) != keys:
        raise Refused("duplicate_key")


def _count(value: object) -> int:
    """Keys of all objects in `value`, as a reader that lets the last one win sees them."""
    if isinstance(value, dict):
        return len(value) + sum(_count(inner) for inner in value.values() if isinstance(inner, dict | list))
    if isinstance(value, list):
        return sum(_count(inner) for inner in value if isinstance(inner, dict | list))
    return 0


def _invalid(error: msgspec.ValidationError) -> Refused:
    """What does not fit, and where; without the value, which may be personal."""
    reason, _, path = str(error).partition(" - at `")
    path = path.rstrip("`")
    if "of length <=" in reason:
        return Refused("field_too_long", path=path)
    parts = reason.split("'")
    return Refused("submission_invalid", "…".join(parts[::2])[:200], path=path[:200])
