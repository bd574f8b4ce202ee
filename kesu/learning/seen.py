"""Examples as the layer will see them: grams and signs by the very functions that a service runs, and what rules alone say."""

from collections.abc import Sequence
from hashlib import blake2b
from operator import add
from typing import Final

from msgspec import Struct

from kesu.learning.examples import Example, Labels
from services.routing.model import Case
from services.routing.policy.pack import Pack
from services.routing.rules import judge, read_words
from services.routing.rules.learned import folded_text
from services.routing.rules.observed import observe
from shared.events.routing import History

FOLDS: Final = 5
_NO_HISTORY: Final = History()


class Seen(Struct, frozen=True, kw_only=True):
    """An example made ready. `fold` is by its text alone, so that what was said twice is never on both sides."""

    case: Case
    labels: Labels
    grams: frozenset[str]
    signs: tuple[str, ...]
    fold: int
    says_abuse: bool
    denies_abuse: bool
    is_major: bool


def see(examples: Sequence[Example], rules: Pack) -> list[Seen]:
    """Every example through the eyes of the pack `rules`, which has no layer of its own."""
    return [_seen(example, rules) for example in examples]


def grams_of(folded: str) -> set[str]:
    """Every run of one, two and three characters: what an automaton of grams can find."""
    pairs = list(map(add, folded, folded[1:]))
    return {*folded, *pairs, *map(add, pairs, folded[2:])}


def _seen(example: Example, rules: Pack) -> Seen:
    case = example.case
    words = read_words(case, rules)
    reading = words.reading
    folded = folded_text(reading.text)
    verdict = judge(case, words, _NO_HISTORY, rules)
    return Seen(
        case=case,
        labels=example.labels,
        grams=frozenset(grams_of(folded)),
        signs=tuple(observe(case, reading, words.tally, words.cause, words.cross, rules).signs),
        fold=int.from_bytes(blake2b(folded.encode(), digest_size=4).digest(), "big") % FOLDS,
        says_abuse="abuse" in reading.said,
        denies_abuse="abuse" in reading.denied,
        is_major=verdict.decision.severity == "S1",
    )
