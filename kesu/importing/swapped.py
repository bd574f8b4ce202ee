"""Tells from many dates whether day and month were exchanged wherever the day is 12 or less (a spreadsheet's doing)."""

from collections import Counter
from datetime import datetime
from typing import Final

SURE_MIN: Final = 20  # rows of each kind, below which nothing is said
MONTHS_MAX: Final = 6  # of a file whose sure dates lie in more months than this, nothing can be told
RARE_SHARE: Final = 0.01
INSIDE_AS_WRITTEN_MAX: Final = 0.5
INSIDE_SWAPPED_MIN: Final = 0.9


class DateSurvey:
    """Counts dates as written: those with a day above 12 are sure, the others could be either way round."""

    def __init__(self) -> None:
        self._sure_months: Counter[int] = Counter()
        self._either: Counter[tuple[int, int]] = Counter()

    def add(self, moment: datetime) -> None:
        """Count one date."""
        if moment.day > 12:
            self._sure_months[moment.month] += 1
        elif moment.day != moment.month:
            self._either[moment.day, moment.month] += 1

    def looks_swapped(self) -> bool:
        """Whether the doubtful dates lie in the sure dates' months only when day and month are exchanged."""
        sure, either = self._sure_months.total(), self._either.total()
        months = {month for month, rows in self._sure_months.items() if rows >= RARE_SHARE * sure}
        if sure < SURE_MIN or either < SURE_MIN or len(months) > MONTHS_MAX:
            return False
        as_written = sum(rows for (_, month), rows in self._either.items() if month in months)
        swapped = sum(rows for (day, _), rows in self._either.items() if day in months)
        return as_written <= INSIDE_AS_WRITTEN_MAX * either and swapped >= INSIDE_SWAPPED_MIN * either

    @property
    def doubtful(self) -> int:
        """How many dates could be either way round."""
        return self._either.total()
