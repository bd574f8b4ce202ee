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
_LOST_SHOWN = 3
_LEAST_POINTS = 2 * SCALE  # fewer are a word in passing, not a cause


class CauseRead(Struct, frozen=True):
    """The main cause by its row, the others by weight, whether an agent stated it, and which rows were weighed."""

    row: CauseRow
    others: tuple[Cause, ...]
    stated: bool
    rules: tuple[RuleFired, ...]


def find_cause(tally: Tally, stated: Stated, pack: Pack) -> CauseRead:
    """What the agent stated, else what weighs most; equal weights go to the row that stands first in the pack."""
    totals, causes = tally.causes, pack.causes
    order = [number for number, points in enumerate(totals) if points > 0]
    order.sort(key=totals.__getitem__, reverse=True)
    read = [causes[number] for number in order]
    named = _stated_row(stated, read, pack)
    by_cause: dict[Cause, int] = {}
    for row, number in zip(read, order, strict=True):
        by_cause[row.cause] = by_cause.get(row.cause, 0) + totals[number]
    chosen = named or _heaviest(by_cause, read) or pack.other_cause
    rules = [RuleFired("causes", chosen.id)]
    rules += [RuleFired("causes", lost.id, won=False) for lost in read[:_LOST_SHOWN] if lost is not chosen]
    return CauseRead(chosen, _others(by_cause, chosen.cause), named is not None, tuple(rules))


def _heaviest(by_cause: dict[Cause, int], read: list[CauseRow]) -> CauseRow | None:
    """The heaviest row of the heaviest cause: many small signs of one cause outweigh one sign of another."""
    best = max(by_cause.values(), default=0)
    if best < _LEAST_POINTS:
        return None
    return next(row for row in read if by_cause[row.cause] == best)


def _others(by_cause: dict[Cause, int], main: Cause) -> tuple[Cause, ...]:
    """The causes that are touched as well, the heaviest first."""
    floor = max(SCALE, by_cause.get(main, 0) * _OTHER_SHARE_PERCENT // 100)
    others = [cause for cause, points in by_cause.items() if points >= floor and cause not in (main, "other")]
    others.sort(key=by_cause.__getitem__, reverse=True)
    return tuple(others[:_OTHERS_MAX])


def _stated_row(stated: Stated, read: list[CauseRow], pack: Pack) -> CauseRow | None:
    """The row an agent's words name; a cause without its sub-cause takes the heaviest of its rows, else its first."""
    if not stated.cause and not stated.sub_cause:
        return None
    for row in pack.causes:
        if row.id == stated.sub_cause and stated.cause in ("", row.cause):
            return row
    of_cause = [row for row in (*read, *pack.causes) if row.cause == stated.cause]
    return of_cause[0] if of_cause else None
