"""Tactics: how to talk with this customer, the pack's best-fitting at most three, first the feeling, then the matter (domain 3.10)."""

from typing import Final

from services.routing.policy.advice import Step, TacticRow
from services.routing.policy.pack import Pack
from services.routing.policy.tables import Rule
from services.routing.rules.judging import Judging
from shared.events.routing import Assessment

_TACTICS_MAX: Final = 3
_PER_STEP_MAX: Final = 2
_FULL: Final = 100  # a style weighs by its share in percent, everything else in full
_FIT_MIN: Final = 150  # a point and a half: one weak sign is no reason
_RAISED, _HIGH = 5, 8  # emotion from which it counts as raised, as high
_ORDER: Final[dict[Step, int]] = {"feeling": 0, "matter": 1, "expectation": 2}


def choose_tactics(assessment: Assessment, judging: Judging, pack: Pack) -> tuple[str, ...]:
    """The rows of table `tactics` that fit best, in the order to use them; `otherwise` where none does; none for noise."""
    rules = pack.tables.tactics.rules
    if assessment.kind == "noise":
        return ()  # there is nobody to talk with
    holding = judging.candidates(pack.tables.tactics)
    points = [0] * len(rules)
    fits = pack.advice.fits
    for name, weight in _features(assessment, judging.labels).items():
        for number, each in fits.get(name, ()):
            points[number] += each * weight
    scored = {rule.row.id: total for rule, total in zip(rules, points, strict=True) if total >= _FIT_MIN}
    chosen = _best([rule for rule in holding if rule.row.id in scored], scored)
    chosen = chosen or [rule for rule in holding if rule.row.otherwise]
    judging.trail.extend(rule.won for rule in chosen)
    return tuple(rule.row.id for rule in chosen)


def _best(fitting: list[Rule[TacticRow]], scored: dict[str, int]) -> list[Rule[TacticRow]]:
    """At most three, at most two of one step, the best first; then in the order of the steps."""
    taken: list[Rule[TacticRow]] = []
    per_step: dict[Step, int] = {}
    for rule in sorted(fitting, key=lambda one: -scored[one.row.id]):
        step = rule.row.step
        if per_step.get(step, 0) < _PER_STEP_MAX:
            per_step[step] = per_step.get(step, 0) + 1
            taken.append(rule)
            if len(taken) == _TACTICS_MAX:
                break
    return sorted(taken, key=lambda one: _ORDER[one.row.step])


def _features(assessment: Assessment, labels: dict[str, str]) -> dict[str, int]:
    """What the case shows, under the names of `advice.FITS`, with its weight in percent."""
    found = {f"style.{name}": share for name, share in assessment.style}
    emotion = assessment.emotion
    shown = [
        f"emotion.{'high' if emotion >= _HIGH else 'raised' if emotion >= _RAISED else 'calm'}",
        f"kind.{assessment.kind}", f"cause.{assessment.cause}", f"sub_cause.{assessment.sub_cause}",
        f"cross_level.{assessment.cross_level}", f"severity.{labels['severity']}",
        f"responsibility.{labels['responsibility']}", f"strategy.{labels['strategy']}",
        *(f"difficult.{name}" for name in assessment.difficult),
        *(f"demand.{demand}" for demand in assessment.demands),
    ]  # fmt: skip
    for name, holds in (
        ("abuse", assessment.abuse), ("repeat", assessment.repeat > 0), ("group", assessment.group),
        ("vulnerable", assessment.vulnerable), ("outage", assessment.outage),
    ):  # fmt: skip
        if holds:
            shown.append(f"case.{name}")
    found.update(dict.fromkeys(shown, _FULL))
    return found
