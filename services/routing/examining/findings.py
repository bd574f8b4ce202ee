"""What the check of a pack finds: where, how grave, and what it means, in Chinese and English."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from services.routing.policy.errors import PackError

Gravity = Literal["error", "warning", "note"]


class Finding(Struct, frozen=True, kw_only=True):
    """One finding. An error keeps the pack from being activated; a note only says what order decides."""

    gravity: Gravity
    code: str
    table: str
    row: str
    zh: str
    en: str


class Report(Struct, frozen=True, kw_only=True):
    """What the check of one pack found; `examples` is how many of the pack's own examples it ran."""

    name: str
    content_hash: str
    findings: tuple[Finding, ...]
    examples: int = 0

    @property
    def holds(self) -> bool:
        """Whether the pack may come into force."""
        return not any(one.gravity == "error" for one in self.findings)

    def count(self) -> Counter[Gravity]:
        """How many findings of each gravity."""
        return Counter(one.gravity for one in self.findings)


def error(code: str, *, table: str, row: str, zh: str, en: str) -> Finding:
    """A finding that keeps the pack from being activated."""
    return Finding(gravity="error", code=code, table=table, row=row, zh=zh, en=en)


def warning(code: str, *, table: str, row: str, zh: str, en: str) -> Finding:
    """A finding that is likely a mistake."""
    return Finding(gravity="warning", code=code, table=table, row=row, zh=zh, en=en)


def note(code: str, *, table: str, row: str, zh: str, en: str) -> Finding:
    """A finding worth knowing, and often meant."""
    return Finding(gravity="note", code=code, table=table, row=row, zh=zh, en=en)


def not_loaded(reasons: Sequence[PackError]) -> list[Finding]:
    """The findings of a pack that cannot be loaded."""
    return [
        error("does_not_load", table=one.table, row=one.row, zh=one.reasons["zh"], en=one.reasons["en"])
        for one in reasons
    ]
