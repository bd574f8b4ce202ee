"""Times that are missing: whatever the tables can decide, everybody who waits is told until when (domain 4)."""

from collections.abc import Iterator
from itertools import product
from typing import Final, get_args

from services.routing.examining.findings import Finding, error, warning
from services.routing.policy.pack import Pack
from services.routing.policy.rows import ClockRow, PromiseRow
from services.routing.policy.tables import Rule, Table
from shared.events.intake import PromiseKind
from shared.events.routing import MatterKind, Severity

OWED: Final[dict[MatterKind, tuple[PromiseKind, ...]]] = {
    "complaint": ("first_response", "progress", "resolution"),
    "inquiry": ("resolution",),
    "suggestion": ("resolution",),
    "praise": ("resolution",),
    "noise": (),
}
"""What each kind of matter is owed at least."""


def find_missing_times(pack: Pack) -> Iterator[Finding]:
    """Promises that are not granted or stand in a wrong order, and clocks that cannot be right."""
    seen: set[str] = set()
    for kind, severity in product(get_args(MatterKind), get_args(Severity)):
        for rule in _deciding(pack.tables.promises, {"kind": kind, "severity": severity}):
            for finding in _owed(rule.row, kind):
                if (key := f"{finding.row} {finding.en}") not in seen:
                    seen.add(key)
                    yield finding
    for clock in pack.tables.clocks.rules:
        yield from _clock(clock.row)


def _deciding(table: Table[PromiseRow], labels: dict[str, str]) -> Iterator[Rule[PromiseRow]]:
    """The rows that may decide for these labels: down to the first that holds without any condition."""
    for rule in table.rules:
        if all(labels.get(name, next(iter(allowed))) in allowed for name, allowed in rule.of):
            yield rule
            if rule.condition is None and all(name in labels for name, _ in rule.of):
                return


def _owed(row: PromiseRow, kind: MatterKind) -> Iterator[Finding]:
    minutes = {granted.kind: granted for granted in row.promises}
    for owed in OWED[kind]:
        if owed not in minutes:
            yield error(
                "time_missing", table="promises", row=row.id, zh=f"{kind} 没有 {owed} 的时限", en=f"no time for {owed} of a {kind}"
            )  # fmt: skip
    for granted in row.promises:
        if granted.minutes <= 0:
            yield error(
                "time_zero", table="promises", row=row.id, zh="时限为零", en=f"the time for {granted.kind} is zero"
            )
    progress, result = minutes.get("progress"), minutes.get("resolution")
    if progress and result and progress.working == result.working and progress.minutes * 2 > result.minutes:
        yield warning(
            "progress_late", table="promises", row=row.id,
            zh="进展时限晚于结果时限的一半", en="progress is told later than half of the time of the result",
        )  # fmt: skip


def _clock(row: ClockRow) -> Iterator[Finding]:
    if row.days <= 0:
        yield error("time_missing", table="clocks", row=row.id, zh="没有天数", en="it has no days")
    if row.effective_from and row.effective_to and row.effective_to < row.effective_from:
        yield error("dates_reversed", table="clocks", row=row.id, zh="失效早于生效", en="it ends before it begins")
    if row.enabled and row.source_quality == "memory":
        yield error(
            "clock_from_memory", table="clocks", row=row.id, zh="凭记忆写的时限不得启用", en="a clock from memory is not enabled"
        )  # fmt: skip
    if not row.source.strip():
        yield error("source_missing", table="clocks", row=row.id, zh="缺少来源", en="its source is missing")
