"""Decision: who has to solve it, who handles it and how, what is promised until when (domain 3.7 to 3.10)."""

from services.routing.model import Case
from services.routing.policy.pack import Pack
from services.routing.rules.assessing import Assessed
from services.routing.rules.handling import find_handler_level, find_tier
from services.routing.rules.promises import grant_times, start_clocks
from services.routing.rules.responsibility import find_responsibility, find_unit
from services.routing.rules.strategy import choose_strategy
from services.routing.rules.tactics import choose_tactics
from shared.events.routing import Decision


def decide_on(case: Case, assessed: Assessed, pack: Pack) -> Decision:
    """What is to happen, in the order in which one decision rests on the other."""
    assessment, serious, judging = assessed.assessment, assessed.serious, assessed.judging
    cross_level, labels = assessment.cross_level, judging.labels
    responsibility = find_responsibility(judging, pack)
    labels["responsibility"] = responsibility
    unit = find_unit(case, judging, pack)
    tier = find_tier(judging, pack, cross_level=cross_level)
    level = find_handler_level(judging, pack, severity=serious.severity, cross_level=cross_level)
    never_cold = assessment.danger or assessment.outage or assessment.vulnerable
    strategy = choose_strategy(judging, pack, never_cold=never_cold)
    labels["strategy"] = strategy
    return Decision(
        severity=serious.severity,
        priority=serious.priority,
        responsibility=responsibility,
        unit=unit,
        tier=tier,
        handler_level=level,
        strategy=strategy,
        promises=grant_times(judging, pack),
        clocks=start_clocks(judging, pack, received_at=case.received_at),
        tactics=choose_tactics(assessment, judging, pack),
    )
