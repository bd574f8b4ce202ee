"""The report of a verification."""

from datetime import datetime

from msgspec import Struct

from kesu.verify.figures import Figures
from kesu.verify.findings import Finding, Findings


class LeftOut(Struct, frozen=True, kw_only=True):
    """What was seen and not judged, being no finding.

    `newer_…` came after the end of the log that was fixed at the beginning: events on the log behind it, rows of tables
    about them, complaints that went on. `unread_…` is what a reader that is behind had not come to (see `reader_behind`).
    """

    newer_events: int
    newer_rows: int
    newer_complaints: int
    unread_events: int
    unread_complaints: int


class Lapses(Struct, frozen=True, kw_only=True):
    """Promises broken, and how long after their time that was decided, in seconds (the percentile to 2 %)."""

    count: int
    p99_s: float | None
    max_s: float | None


class Report(Struct, frozen=True, kw_only=True):
    """What was compared and what was found. `ok` is false where there is any finding."""

    ok: bool
    at: datetime
    cluster: str
    events: int
    repeated: int
    complaints: int
    open_complaints: int
    promises: int
    open_promises: int
    archived: int
    dead_letters: int
    left_out: LeftOut
    lapses: Lapses
    spilled_bytes: int
    findings: tuple[Finding, ...]


def report_of(
    figures: Figures, findings: Findings, *, at: datetime, cluster: str, dead_letters: int, spilled_bytes: int
) -> Report:
    """The report of what was counted and found."""
    found, lapses = tuple(findings.all()), figures.lapses
    return Report(
        ok=not found, at=at, cluster=cluster, events=figures.events, repeated=figures.repeated,
        complaints=figures.complaints, open_complaints=figures.open_complaints, promises=figures.promises,
        open_promises=figures.open_promises, archived=figures.archived, dead_letters=dead_letters,
        left_out=LeftOut(
            newer_events=figures.newer_events, newer_rows=figures.newer_rows, newer_complaints=figures.newer_complaints,
            unread_events=figures.unread_events, unread_complaints=figures.unread_complaints,
        ),
        lapses=Lapses(
            count=lapses.count, p99_s=lapses.percentile_s(0.99), max_s=lapses.max_s if lapses.count else None
        ),
        spilled_bytes=spilled_bytes, findings=found,
    )  # fmt: skip
