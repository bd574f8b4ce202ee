"""Evidence: where in the text a sign stands, and the words that stand there for who may read them."""

from typing import Final

from services.routing.explaining.shown import Group, ShownMark
from services.routing.explaining.wording import named
from services.routing.policy.pack import Pack
from shared.events.envelope import Language
from shared.events.routing import Evidence

_ABOVE: Final = ("tag_", "body_", "threat_")
_VERBS_ABOVE: Final = frozenset({"escalate", "filed"})


def marks_of(evidence: tuple[Evidence, ...], *, text: str, lang: Language, pack: Pack | None) -> tuple[ShownMark, ...]:
    """The evidence in the order of the text; signs of one place share its number. `text` is "" where words are not shown."""
    numbers: dict[tuple[int, int], int] = {}
    shown = []
    for one in sorted(evidence, key=lambda each: (each.start, each.end)):
        number = numbers.setdefault((one.start, one.end), len(numbers) + 1)
        says = named(one.signal, lang, pack) if pack else one.signal
        shown.append(
            ShownMark(
                number=number,
                signal=one.signal,
                group=_group(one.signal, pack),
                says=says,
                start=one.start,
                end=one.end,
                denied=one.negated,
                words=text[one.start : one.end],
            )
        )
    return tuple(shown)


def _group(signal: str, pack: Pack | None) -> Group:
    """What a sign speaks to first: going over our heads, a demand, the emotion, the cause, or something else."""
    if signal.startswith(_ABOVE) or signal in _VERBS_ABOVE:
        return "above"
    if signal.startswith("demand_"):
        return "demand"
    if pack is None:
        return "other"
    weights = pack.weights
    emotion = len(weights.kinds) + len(weights.styles)
    if any(target == emotion and points > 0 for target, points in weights.by_signal.get(signal, ())):
        return "heat"
    return "cause" if signal in weights.causes.by_signal or signal in weights.causes.bits else "other"
