"""Times and dates as files write them: by formats that are tried in turn, with a zone for those that have none."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from kesu.importing.findings import RowRefused

ISO: Final = "iso"


class Moments:
    """Reads the times of one field. `swapped` exchanges day and month where both could be either."""

    def __init__(self, formats: tuple[str, ...], *, zone: str, columns: tuple[str, ...], swapped: bool = False) -> None:
        self._formats = list(formats)
        self._zone = ZoneInfo(zone) if zone else None
        self._columns = columns
        self._swapped = swapped

    def time(self, text: str) -> datetime:
        """The time in UTC; raises RowRefused where no format fits or no zone is known."""
        moment = self.written(text)
        if moment.tzinfo is None:
            if self._zone is None:
                raise RowRefused("zone_missing", self._columns)
            moment = moment.replace(tzinfo=self._zone)
        return moment.astimezone(UTC)

    def date(self, text: str) -> date:
        """The date; raises RowRefused where no format fits."""
        return self.written(text).date()

    def written(self, text: str) -> datetime:
        """What is written, swapped back where that is asked for; the format that fits is tried first next time."""
        for index, form in enumerate(self._formats):
            try:
                moment = datetime.fromisoformat(text) if form == ISO else datetime.strptime(text, form)  # noqa: DTZ007
            except ValueError:
                continue
            if index:
                self._formats.insert(0, self._formats.pop(index))
            if self._swapped and moment.day <= 12 and form != ISO:
                return moment.replace(month=moment.day, day=moment.month)
            return moment
        raise RowRefused("not_a_time", self._columns)


def reader_of(moments: Moments, *, dates: bool) -> Callable[[str], object]:
    """How a field is read: as a date or as a time."""
    return moments.date if dates else moments.time
