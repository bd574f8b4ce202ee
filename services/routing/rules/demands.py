"""Demands: what the customer asks for, said or latent in the cause (domain 2)."""

from collections.abc import Collection
from typing import Final, get_args

from services.routing.policy.rows import CauseRow
from shared.events.intake import Demand, Stated
from shared.events.routing import MatterKind

_DEMANDS: Final[tuple[tuple[Demand, str], ...]] = tuple((demand, f"demand_{demand}") for demand in get_args(Demand))
_TALK: Final[frozenset[Demand]] = frozenset({"explanation", "contact"})
"""Who asks only to be told or called wants the matter itself settled too."""


def read_demands(*, said: Collection[str], cause: CauseRow, stated: Stated, kind: MatterKind) -> tuple[Demand, ...]:
    """What the agent stated; else what the words ask for; else what customers with this cause usually want."""
    if stated.demands:
        return tuple(sorted(set(stated.demands)))
    found: set[Demand] = {demand for demand, signal in _DEMANDS if signal in said}
    if kind != "complaint":
        return tuple(sorted(found)) or (("explanation",) if kind == "inquiry" else ())
    if cause.demands and found <= _TALK:
        found.add(cause.demands[0])
    return tuple(sorted(found))
