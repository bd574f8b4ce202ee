"""Cross-level: who above us the customer goes to, threatens to go to, or tags in public (domain 3.5)."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from msgspec import Struct

from services.routing.rules.reading import Reading
from shared.events.routing import CrossTarget

_TARGETS: Final[tuple[CrossTarget, ...]] = (
    "court",
    "regulator",
    "media",
    "consumer_association",
    "government_hotline",
    "police",
    "headquarters",
)
"""In order of weight: of several bodies the first is the target."""

_BODIES: Final = tuple((target, f"body_{target}") for target in _TARGETS)
_THREATS: Final = tuple((target, f"threat_{target}") for target in _TARGETS)
_TAGS: Final = tuple((target, f"tag_{target}") for target in _TARGETS)
_CLAIM: Final = "impersonated"
_ANY: Final = frozenset(name for _, name in (*_BODIES, *_THREATS))


class CrossRead(Struct, frozen=True):
    """The bodies found in the words; "" where none."""

    tagged: CrossTarget
    filed: CrossTarget
    threatened: CrossTarget


def read_cross_level(reading: Reading, clause_end: re.Pattern[str]) -> CrossRead:
    """Tagged: in a handle of a public post. Filed: the customer went there. Threatened: says so, not negated or quoted.

    A body alone is neither: the law may be cited. It needs a verb of going there in its clause.
    """
    said = reading.said
    tagged = _weightiest(target for target, tag in _TAGS if tag in reading.tagged) if reading.tagged else ""
    if _ANY.isdisjoint(said):
        return CrossRead(tagged, "", "")
    bodies = [(target, body) for target, body in _BODIES if body in said]
    filed = _weightiest(target for target, body in bodies if _together(reading, body, "filed", clause_end))
    threatened = {
        target
        for target, threat in _THREATS
        if any(not _is_claimed(reading, start, clause_end) for start, _ in said.get(threat, ()))
    }
    threatened |= {target for target, body in bodies if _together(reading, body, "escalate", clause_end)}
    if len(bodies) > 1:
        threatened |= _listed(reading, bodies)
    return CrossRead(tagged, filed, _weightiest(target for target in _TARGETS if target in threatened))


def _weightiest(targets: Iterator[CrossTarget]) -> CrossTarget:
    return next(targets, "")


def _together(reading: Reading, body: str, verb: str, clause_end: re.Pattern[str]) -> bool:
    """Whether both are said with no end of a clause between them, at any of their first places.

    A verb right behind the mark that ends a list of bodies still belongs to them ("工信部、12315,投诉都没用").
    """
    text = reading.text
    for start, end in reading.said[body]:
        for verb_start, verb_end in reading.said.get(verb, ()):
            first, second = min(end, verb_end), max(start, verb_start)
            if verb_start != end + 1 and clause_end.search(text, first, second):
                continue
            if not _is_claimed(reading, start, clause_end):
                return True
    return False


def _listed(reading: Reading, bodies: Sequence[tuple[CrossTarget, str]]) -> set[CrossTarget]:
    """The bodies that are told off one by one, a mark or a word between ("工信部、消协,等着"): nobody cites the law so."""
    places = sorted((start, end, target) for target, body in bodies for start, end in reading.said[body])
    pairs = pairwise(places)
    return {who for one, two in pairs if one[2] != two[2] and two[0] == one[1] + 1 for who in (one[2], two[2])}


def _is_claimed(reading: Reading, start: int, clause_end: re.Pattern[str]) -> bool:
    """Whether somebody claims to be the body that stands at `start` ("冒充公安局")."""
    claims = reading.said.get(_CLAIM, ())
    return any(end <= start and not clause_end.search(reading.text, end, start) for _, end in claims)
