"""The Idempotency-Key header (IETF draft): a structured-field string, or the bare key that most clients send."""

import re
from typing import Final

from shared.problems import Problem

_BARE: Final = re.compile(r"[!#-\[\]-~]{1,200}")
_QUOTED: Final = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\]){1,200})"')


def idempotency_key(header: str | None, *, required: bool) -> str | None:
    """The key; raises Problem where it is missing though required, or no key at all."""
    if header is None:
        if required:
            raise Problem("idempotency_key_missing")
        return None
    quoted = _QUOTED.fullmatch(header)
    if quoted:
        return quoted[1]
    if not _BARE.fullmatch(header):
        raise Problem("idempotency_key_invalid")
    return header
