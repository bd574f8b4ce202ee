"""Tier and level of handler: the highest that any rule asks for, and never below what the guards hold (domain 3.8)."""

from typing import Final, get_args

from services.routing.policy.guards import CROSS_LEVEL_ABOVE_L1, SENIOR_NEEDED
from services.routing.policy.pack import Pack
from services.routing.rules.judging import Judging
from shared.events.routing import CrossLevel, HandlerLevel, Severity, Tier

_TIERS: Final[tuple[Tier, ...]] = get_args(Tier)
_LEVELS: Final[tuple[HandlerLevel, ...]] = get_args(HandlerLevel)


def find_tier(judging: Judging, pack: Pack, *, cross_level: CrossLevel) -> Tier:
    """The highest tier asked for; L2 at least for a cross-level complaint."""
    candidates = judging.candidates(pack.tables.tier)
    won = max(candidates, key=lambda rule: _TIERS.index(rule.row.tier))  # the first of equals
    judging.choose(won, candidates)
    if cross_level != "none" and won.row.tier == "L1":
        judging.trail.append(CROSS_LEVEL_ABOVE_L1)
        return "L2"
    return won.row.tier


def find_handler_level(judging: Judging, pack: Pack, *, severity: Severity, cross_level: CrossLevel) -> HandlerLevel:
    """The highest level asked for; senior for S1 and actual cross-level complaints."""
    candidates = judging.candidates(pack.tables.handler_level)
    won = max(candidates, key=lambda rule: _LEVELS.index(rule.row.level))
    judging.choose(won, candidates)
    if won.row.level != "senior" and (severity == "S1" or cross_level == "actual"):
        judging.trail.append(SENIOR_NEEDED)
        return "senior"
    return won.row.level
