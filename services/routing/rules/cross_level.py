"""Cross-level: who above us the customer goes to, threatens to go to, or tags in public (domain 3.5)."""

import re
from collections.abc import Iterator
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
    threatened = {target for target, threat in _THREATS if threat in said}
    threatened |= {target for target, body in bodies if _together(reading, body, "escalate", clause_end)}
    return CrossRead(tagged, filed, _weightiest(target for target in _TARGETS if target in threatened))


def _weightiest(targets: Iterator[CrossTarget]) -> CrossTarget:
    return next(targets, "")


def _together(reading: Reading, one: str, other: str, clause_end: re.Pattern[str]) -> bool:
    """Whether both signals are said with no end of a clause between them, at any of their first places."""
    for start, end in reading.said[one]:
        for other_start, other_end in reading.said.get(other, ()):
            first, second = min(end, other_end), max(start, other_start)
            if not clause_end.search(reading.text, first, second):
                return True
    return False
