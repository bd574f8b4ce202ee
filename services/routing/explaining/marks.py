"""Evidence: where in the text a sign stands, and the words that stand there for who may read them."""

from typing import Final

from services.routing.explaining.shown import Group, ShownMark
from services.routing.explaining.wording import named
from services.routing.policy.pack import Pack
from services.routing.policy.rows import CauseRow, Points
from services.routing.rules.reading import read
from shared.events.envelope import Language
from shared.events.routing import ComplaintRouted, Evidence

RECORDED_MAX: Final = 32  # signs that a decision records at most
_ABOVE: Final = ("tag_", "body_", "threat_")
_HEAT_LEARNED: Final = frozenset({"learned.emotion", "learned.abuse"})
_CAUSE_LEARNED: Final = "learned.cause."
_VERBS_ABOVE: Final = frozenset({"escalate", "filed"})


def evidence_of(event: ComplaintRouted, text: str, pack: Pack | None) -> tuple[tuple[Evidence, ...], bool]:
    """The signs of a decision, and whether that is all of them.

    A decision records so many at most: of a long text the rest is read again where its words and its pack are at hand.
    """
    recorded = event.assessment.evidence
    if len(recorded) < RECORDED_MAX:
        return recorded, True
    if not text or pack is None:
        return recorded, False
    reading = read(text, pack.lexicon, public=event.channel == "social")
    found = {Evidence(name, *places[0]) for name, places in reading.said.items()}
    found |= {Evidence(name, *places[0], negated=True) for name, places in reading.denied.items()}
    return (*recorded, *sorted(found.difference(recorded), key=lambda one: (one.start, one.signal))), True


def marks_of(evidence: tuple[Evidence, ...], *, text: str, lang: Language, pack: Pack | None) -> tuple[ShownMark, ...]:
    """The evidence in the order of the text; signs of one place share its number. `text` is "" where words are not shown."""
    numbers: dict[tuple[int, int], int] = {}
    heating, causal = (_heating(pack), _causal(pack)) if pack else (frozenset[str](), frozenset[str]())
    return tuple(
        ShownMark(
            number=numbers.setdefault((one.start, one.end), len(numbers) + 1),
            signal=one.signal,
            group=_group(one.signal, heating, causal),
            says=named(one.signal, lang, pack) if pack else one.signal,
            start=one.start,
            end=one.end,
            denied=one.negated,
            words=text[one.start : one.end],
        )
        for one in sorted(evidence, key=lambda each: (each.start, each.end))
    )


def _group(signal: str, heating: frozenset[str], causal: frozenset[str]) -> Group:
    """What a sign speaks to first: going over our heads, a demand, the emotion, the cause, or something else."""
    if signal.startswith(_ABOVE) or signal in _VERBS_ABOVE:
        return "above"
    if signal.startswith("demand_"):
        return "demand"
    if signal in heating or signal in _HEAT_LEARNED:
        return "heat"
    return "cause" if signal in causal or signal.startswith(_CAUSE_LEARNED) else "other"


def _heating(pack: Pack) -> frozenset[str]:
    """The signals that raise the emotion."""
    points = pack.documents.one("points", Points).emotion
    return frozenset(signal for signal, weight in points.items() if weight > 0)


def _causal(pack: Pack) -> frozenset[str]:
    """The signals that speak for a cause."""
    return frozenset(signal for row in pack.causes for signal in signs_of(row))


def signs_of(cause: CauseRow) -> list[str]:
    """Every signal that a row of causes weighs, alone or with another."""
    return [*cause.signs, *(signal for pair in cause.pairs for signal in (*pair.object, *pair.predicate))]
