"""Strategy: standard, cold handling, long haul or roundabout (domain 3.9)."""

from services.routing.policy.guards import NO_COLD_HANDLING
from services.routing.policy.pack import Pack
from services.routing.rules.judging import Judging
from shared.events.routing import Strategy


def choose_strategy(judging: Judging, pack: Pack, *, never_cold: bool) -> Strategy:
    """The first row that holds. `never_cold`: danger, outage or a vulnerable customer, whom nobody leaves waiting."""
    strategy = judging.first(pack.tables.strategy).strategy
    if strategy == "cold_handling" and never_cold:
        judging.trail.append(NO_COLD_HANDLING)
        return "standard"
    return strategy
