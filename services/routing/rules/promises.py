"""Promise times and legal clocks: what the customer may expect by when, and what the law expects (domain 3.7, 4)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from services.routing.policy.pack import Pack
from services.routing.policy.rows import ClockRow
from services.routing.rules.judging import Judging
from shared.events.routing import LegalClock, PromiseTime


def grant_times(judging: Judging, pack: Pack) -> tuple[PromiseTime, ...]:
    """The times of the first row that holds, in its order."""
    row = judging.first(pack.tables.promises)
    return tuple(PromiseTime(g.kind, g.minutes, g.working) for g in row.promises)


def start_clocks(judging: Judging, pack: Pack, *, received_at: datetime) -> tuple[LegalClock, ...]:
    """Every clock whose row holds and was in force on the day of receipt: later law does not reach back."""
    candidates = [c for c in judging.candidates(pack.tables.clocks) if _in_force(c.row, received_at)]
    judging.trail.extend(rule.won for rule in candidates)
    return tuple(LegalClock(r.id, r.days, r.working, r.source_quality) for r in (rule.row for rule in candidates))


def _in_force(row: ClockRow, received_at: datetime) -> bool:
    if not row.enabled:
        return False
    first, last, day = row.effective_from, row.effective_to, received_at.date()
    if (first is None or first < day) and (last is None or day < last):
        return True  # whatever the zone: no date is more than a day from UTC's
    day = received_at.astimezone(ZoneInfo(row.time_zone)).date()
    return (first is None or first <= day) and (last is None or day <= last)
