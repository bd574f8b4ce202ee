"""Cross-level: who above us the customer goes to, threatens to go to, or tags in public (domain 3.5)."""

import re
from typing import Final

from msgspec import Struct

from services.routing.rules.reading import Reading
from shared.events.routing import CrossTarget

TARGETS: Final[tuple[CrossTarget, ...]] = (
    "court",
    "regulator",
    "media",
    "consumer_association",
    "government_hotline",
    "police",
    "headquarters",
)
"""In order of weight: of several bodies the first is the target."""


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
    tagged = [target for target in TARGETS if f"tag_{target}" in reading.tagged] if reading.tagged else []
    bodies = [target for target in TARGETS if f"body_{target}" in said]
    filed = [target for target in bodies if _together(reading, f"body_{target}", "filed", clause_end)]
    threatened = [
        target
        for target in TARGETS
        if f"threat_{target}" in said
        or (target in bodies and _together(reading, f"body_{target}", "escalate", clause_end))
    ]
    return CrossRead(_weightiest(tagged), _weightiest(filed), _weightiest(threatened))


def _weightiest(targets: list[CrossTarget]) -> CrossTarget:
    return targets[0] if targets else ""


def _together(reading: Reading, one: str, other: str, clause_end: re.Pattern[str]) -> bool:
    """Whether both signals are said with no end of a clause between them, at any of their first places."""
    for start, end in reading.said[one]:
        for other_start, other_end in reading.said.get(other, ()):
            first, second = min(end, other_end), max(start, other_start)
            if not clause_end.search(reading.text, first, second):
                return True
    return False
