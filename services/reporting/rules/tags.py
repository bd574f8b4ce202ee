"""Entity tags: the same question at the same positions has the same answer, and so the same tag."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b


def entity_tag(*, as_of: Mapping[str, int], path: str, query: Iterable[tuple[str, str]], extra: str = "") -> str:
    """A strong tag. `extra` stands for what the answer depends on besides the log (an erasure)."""
    parts = [path, extra, *(f"{key}={value}" for key, value in sorted(query))]
    parts += [f"{position}@{offset}" for position, offset in sorted(as_of.items())]
    return f'"{blake2b(chr(0).join(parts).encode(), digest_size=16).hexdigest()}"'


def matches(if_none_match: str | None, tag: str) -> bool:
    """Whether an If-None-Match header names `tag` (weak comparison, RFC 9110 13.1.2)."""
    if not if_none_match:
        return False
    named = [one.strip().removeprefix("W/") for one in if_none_match.split(",")]
    return tag in named or named == ["*"]
