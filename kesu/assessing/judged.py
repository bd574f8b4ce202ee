"""The line that is written for a row: its judgement, or why there is none."""

from typing import Final

from msgspec import Struct

from kesu.assessing.errors import RowUnusable, texts_of
from kesu.assessing.rows import Id
from services.routing.model import Verdict
from shared.events.intake import Demand
from shared.events.routing import Cause, CrossLevel, CrossTarget, MatterKind, Severity, Strategy, Tier

CAUSES_MAX: Final = 2  # the main cause and the one that comes nearest


class Mark(Struct, frozen=True):
    """A sign in the text: characters [start, end) of the normalised text, and the words that stand there."""

    signal: str
    start: int
    end: int
    negated: bool
    text: str


class Judged(Struct, frozen=True, kw_only=True):
    """One row's judgement, in the order in which it is written; `style` has weights, `causes` begins with the main one."""

    id: Id
    kind: MatterKind
    is_complaint: bool
    cause: Cause
    causes: tuple[Cause, ...]
    cross_level: CrossLevel
    cross_level_target: CrossTarget
    emotion: int
    abuse: bool
    repeat: bool
    severity: Severity
    demands: tuple[Demand, ...]
    style: dict[str, int]
    motives: tuple[str, ...]
    unit: str
    tier: Tier
    strategy: Strategy
    evidence: tuple[Mark, ...]


class Fault(Struct, frozen=True):
    """Why a row was not judged; `at` is where in the row the fault lies, empty for the row as a whole."""

    code: str
    zh: str
    en: str
    at: str


class Unjudged(Struct, frozen=True, kw_only=True):
    """A row that could not be judged: `line` is where it begins in the file."""

    id: Id | None
    line: int
    error: Fault


def judged(row_id: Id, text: str, verdict: Verdict) -> Judged:
    """The line for a verdict on `text`."""
    a, d = verdict.assessment, verdict.decision
    return Judged(
        id=row_id,
        kind=a.kind,
        is_complaint=a.kind == "complaint",
        cause=a.cause,
        causes=(a.cause, *a.other_causes)[:CAUSES_MAX],
        cross_level=a.cross_level,
        cross_level_target=a.cross_target,
        emotion=a.emotion,
        abuse=a.abuse,
        repeat=a.repeat > 0,
        severity=d.severity,
        demands=a.demands,
        style=dict(a.style),
        motives=a.motives,
        unit=d.unit,
        tier=d.tier,
        strategy=d.strategy,
        evidence=tuple(Mark(e.signal, e.start, e.end, e.negated, text[e.start : e.end]) for e in a.evidence),
    )


def unjudged(error: RowUnusable, *, row_id: Id | None, line: int) -> Unjudged:
    """The line for a row that cannot be judged."""
    zh, en = texts_of(error.code)
    return Unjudged(id=row_id, line=line, error=Fault(error.code, zh, en, error.at))
