"""Cause: which sub-cause the words weigh most for, and which other causes they touch (domain 3.2)."""

from msgspec import Struct

from services.routing.policy.cause_points import SCALE
from services.routing.policy.pack import Pack
from services.routing.policy.rows import CauseRow
from services.routing.policy.weights import Tally
from shared.events.intake import Stated
from shared.events.routing import Cause, RuleFired

_OTHER_SHARE_PERCENT = 25  # another cause is named when it weighs at least that share of the main one
_OTHERS_MAX = 3
_LEAST_POINTS = 2 * SCALE  # fewer are a word in passing, not a cause


class CauseRead(Struct, frozen=True):
    """The main cause by its row, the others by weight, whether an agent stated it, and which rows were weighed."""

    row: CauseRow
    others: tuple[Cause, ...]
    stated: bool
    rules: tuple[RuleFired, ...]


def find_cause(tally: Tally, stated: Stated, pack: Pack) -> CauseRead:
    """What the agent stated, else what weighs most; equal weights go to the row that stands first in the pack."""
    weighed = sorted(((points, -i) for i, points in enumerate(tally.causes) if points > 0), reverse=True)
    read = [pack.causes[-i] for _, i in weighed]
    named = _stated_row(stated, read, pack)
    by_cause: dict[Cause, int] = {}
    for points, i in weighed:
        cause = pack.causes[-i].cause
        by_cause[cause] = by_cause.get(cause, 0) + points
    row = named or _heaviest(by_cause, read) or pack.other_cause
    floor = by_cause.get(row.cause, 0) * _OTHER_SHARE_PERCENT
    others = [c for c, points in by_cause.items() if c not in (row.cause, "other") and points * 100 >= floor]
    others.sort(key=lambda cause: -by_cause[cause])
    rules = [RuleFired("causes", row.id)]
    rules += [RuleFired("causes", lost.id, won=False) for lost in read[:3] if lost.id != row.id]
    return CauseRead(row, tuple(others[:_OTHERS_MAX]), named is not None, tuple(rules))


def _heaviest(by_cause: dict[Cause, int], read: list[CauseRow]) -> CauseRow | None:
    """The heaviest row of the heaviest cause: many small signs of one cause outweigh one sign of another."""
    best = max(by_cause.values(), default=0)
    if best < _LEAST_POINTS:
        return None
    return next(row for row in read if by_cause[row.cause] == best)


def _stated_row(stated: Stated, read: list[CauseRow], pack: Pack) -> CauseRow | None:
    """The row an agent's words name; a cause without its sub-cause takes the heaviest of its rows, else its first."""
    if not stated.cause and not stated.sub_cause:
        return None
    for row in pack.causes:
        if row.id == stated.sub_cause and stated.cause in ("", row.cause):
            return row
    of_cause = [row for row in (*read, *pack.causes) if row.cause == stated.cause]
    return of_cause[0] if of_cause else None
