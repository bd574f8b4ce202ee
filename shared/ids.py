"""Derived identifiers: the same input gives the same id, so every step may be repeated."""

from functools import cache
from hashlib import blake2b

_VERSION_8 = 8  # RFC 9562: a vendor's own scheme, here a keyless BLAKE2b digest of the parts
_VARIANT = {digit: "89ab"[int(digit, 16) & 0x3] for digit in "0123456789abcdef"}
_SEPARATOR = "\x00"  # cannot occur in a part: intake refuses NUL, and PostgreSQL cannot store it


def derive(kind: str, *parts: str) -> str:
    """Return the UUIDv8 (canonical text) that stands for `kind` and `parts`, always the same one.

    `kind` separates families of ids ("complaint", "event", …), so that equal parts never collide between them.
    """
    hashed = _family(kind).copy()  # a third faster than a new one: a complaint derives a dozen ids
    hashed.update(_SEPARATOR.join(parts).encode())
    digest = hashed.hexdigest()
    return (
        f"{digest[:8]}-{digest[8:12]}-{_VERSION_8}{digest[13:16]}-{_VARIANT[digest[16]]}{digest[17:20]}-{digest[20:]}"
    )


@cache
def _family(kind: str) -> blake2b:
    return blake2b(digest_size=16, person=kind.encode()[:16])


def complaint_id(*, tenant: str, source: str, source_id: str) -> str:
    """The complaint that a submission opens: one per (tenant, source, source id), whatever door it took."""
    return derive("complaint", tenant, source, source_id)


def event_id(*, cause: str, type_: str, discriminator: str = "") -> str:
    """The id of the event of `type_` that follows from event or submission `cause`."""
    return derive("event", cause, type_, discriminator)
