"""Tactics: how to talk with this customer, the pack's best-fitting at most three, first the feeling, then the matter (domain 3.10)."""

from collections.abc import Iterator, Sequence
from typing import Final

from services.routing.policy.advice import Advice
from services.routing.policy.advice_rows import Step, TacticRow, Warmth
from services.routing.policy.pack import Pack
from services.routing.policy.tables import Rule
from services.routing.rules.judging import Judging
from shared.events.routing import Assessment

_TACTICS_MAX: Final = 3
_PER_STEP_MAX: Final = 2
_FULL, _HALF = 2, 1  # a style weighs in full from two thirds of the mixture, half from one third; all else in full
_FULL_SHARE, _HALF_SHARE = 67, 34
_FIT_MIN: Final = 3  # a point and a half: one weak sign is no reason
RAISED, HIGH = 5, 8  # emotion from which it counts as raised, as high
_MEMO_MAX: Final = 4_096  # what cases show, in combinations
_ORDER: Final[dict[Step, int]] = {"feeling": 0, "matter": 1, "expectation": 2}


def choose_tactics(assessment: Assessment, judging: Judging, pack: Pack) -> tuple[str, ...]:
    """The rows of table `tactics` that fit best, in the order to use them; `otherwise` where none does; none for noise."""
    if assessment.kind == "noise":
        return ()  # there is nobody to talk with
    rules = pack.tables.tactics.rules
    holding = judging.candidates(pack.tables.tactics)
    ranked = [rules[number] for number in _ranked(assessment, judging.labels, pack.advice, len(rules))]
    if len(holding) < len(rules):
        held = {rule.row.id for rule in holding}
        ranked = [rule for rule in ranked if rule.row.id in held]
    chosen = _best(ranked) or [rule for rule in holding if rule.row.otherwise]
    judging.trail.extend([rule.won for rule in chosen])
    return tuple([rule.row.id for rule in chosen])


def _best(ranked: Sequence[Rule[TacticRow]]) -> list[Rule[TacticRow]]:
    """At most three, at most two of one step, the best first; then in the order of the steps."""
    taken: list[Rule[TacticRow]] = []
    for rule in ranked:
        step = rule.row.step
        if sum([one.row.step == step for one in taken]) < _PER_STEP_MAX:
            taken.append(rule)
            if len(taken) == _TACTICS_MAX:
                break
    return sorted(taken, key=lambda one: _ORDER[one.row.step])


def _ranked(assessment: Assessment, labels: dict[str, str], advice: Advice, rules: int) -> tuple[int, ...]:
    """The numbers of the rows that fit, the best first; remembered, as few combinations occur."""
    key = (
        _warmth(assessment.emotion), assessment.kind, assessment.cause,
        assessment.sub_cause if assessment.sub_cause in advice.sub_causes else "",
        assessment.cross_level, labels["severity"], labels["responsibility"], labels["strategy"],
        *[(name, share >= _FULL_SHARE) for name, share in assessment.style if share >= _HALF_SHARE], assessment.difficult,
        assessment.demands, assessment.abuse, assessment.repeat > 0, assessment.group, assessment.vulnerable, assessment.outage,
    )  # fmt: skip
    found = advice.ranked.get(key)
    if found is None:
        points = [0] * rules
        for name, weight in _features(assessment, labels):
            for number, each in advice.fits.get(name, ()):
                points[number] += each * weight
        fitting = [number for number in range(rules) if points[number] >= _FIT_MIN]
        found = tuple(sorted(fitting, key=lambda number: -points[number]))
        if len(advice.ranked) >= _MEMO_MAX:
            advice.ranked.clear()
        advice.ranked[key] = found
    return found


def _features(assessment: Assessment, labels: dict[str, str]) -> Iterator[tuple[str, int]]:
    """What the case shows, under the names of `advice.FITS`, and how much it weighs."""
    yield f"emotion.{_warmth(assessment.emotion)}", _FULL
    yield f"kind.{assessment.kind}", _FULL
    yield f"cause.{assessment.cause}", _FULL
    yield f"sub_cause.{assessment.sub_cause}", _FULL
    yield f"cross_level.{assessment.cross_level}", _FULL
    for label in ("severity", "responsibility", "strategy"):
        yield f"{label}.{labels[label]}", _FULL
    for name, share in assessment.style:
        if share >= _HALF_SHARE:
            yield f"style.{name}", _FULL if share >= _FULL_SHARE else _HALF
    for name in assessment.difficult:
        yield f"difficult.{name}", _FULL
    for demand in assessment.demands:
        yield f"demand.{demand}", _FULL
    for name in ("abuse", "group", "vulnerable", "outage", "repeat"):
        if getattr(assessment, name):
            yield f"case.{name}", _FULL


def _warmth(emotion: int) -> Warmth:
    return "high" if emotion >= HIGH else "raised" if emotion >= RAISED else "calm"
