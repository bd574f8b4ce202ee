"""Severity and priority: how serious a complaint is, and how far ahead of others it goes (domain 3.6)."""

from msgspec import Struct

from services.routing.policy.pack import Pack
from services.routing.rules.judging import Judging
from shared.events.routing import Severity

_SCORE_STEP_MAX = 9  # half the score moves a complaint within its severity, never into the next


class Serious(Struct, frozen=True):
    """How serious: the severity, the score it was weighed with, and the priority (0 to 99, larger is sooner)."""

    severity: Severity
    score: int
    priority: int


def rate_severity(judging: Judging, pack: Pack) -> Serious:
    """S1 by any of its rules; otherwise by the score, the sum of the rows of table `score` that hold."""
    score = sum(row.points for row in judging.every(pack.tables.score))
    candidates = [
        c for c in judging.candidates(pack.tables.severity) if c.row.score_from is None or score >= c.row.score_from
    ]
    won = candidates[0]
    judging.choose(won, candidates)
    severity = won.row.severity
    return Serious(severity, score, pack.settings.priority[severity] + max(0, min(_SCORE_STEP_MAX, score // 2)))
