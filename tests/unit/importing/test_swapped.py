"""Day and month exchanged by a spreadsheet: seen where it can be seen, never guessed where it cannot."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from kesu.importing.swapped import DateSurvey


def _survey(dates: Iterable[datetime], *, spreadsheet: bool) -> DateSurvey:
    found = DateSurvey()
    for one in dates:
        swap = spreadsheet and one.day <= 12
        found.add(one.replace(month=one.day, day=one.month) if swap else one)
    return found


def _days(first: datetime, count: int) -> list[datetime]:
    return [first + timedelta(days=i) for i in range(count) for _ in range(3)]


@pytest.mark.parametrize("days", [60, 91, 150])
@pytest.mark.parametrize("month", range(1, 13))
def test_a_season_of_dates_tells_whether_they_are_swapped(days: int, month: int) -> None:
    dates = _days(datetime(2025, month, 1, tzinfo=UTC), days)

    assert _survey(dates, spreadsheet=True).looks_swapped()
    assert not _survey(dates, spreadsheet=False).looks_swapped()


@pytest.mark.parametrize("spreadsheet", [True, False])
def test_a_whole_year_tells_nothing(spreadsheet: bool) -> None:
    assert not _survey(_days(datetime(2025, 1, 1, tzinfo=UTC), 365), spreadsheet=spreadsheet).looks_swapped()


@pytest.mark.parametrize(
    "dates", [[], _days(datetime(2025, 4, 1, tzinfo=UTC), 5), _days(datetime(2025, 4, 13, tzinfo=UTC), 18)]
)
def test_few_dates_tell_nothing(dates: list[datetime]) -> None:
    assert not _survey(dates, spreadsheet=True).looks_swapped()
