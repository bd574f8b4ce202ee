"""What falls due next on each partition, remembered so that an idle tick asks nobody."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime


class DueTimes:
    """The earliest due time of each partition known so far; a partition nobody asked about may have anything due."""

    def __init__(self) -> None:
        self._earliest: dict[int, datetime | None] = {}

    def note(self, saved: Iterable[tuple[int, datetime | None]]) -> None:
        """These (partition, due time) were saved, or are about to be: an earlier one than known counts."""
        for partition, at in saved:
            if at is not None and partition in self._earliest:
                known = self._earliest[partition]
                self._earliest[partition] = at if known is None else min(known, at)

    def found(self, earliest: Mapping[int, datetime | None]) -> None:
        """This is what the store says."""
        self._earliest.update(earliest)

    def to_look_at(self, through: Mapping[int, datetime]) -> dict[int, datetime]:
        """Those of `through` (partition, time up to which its timers may run) on which something may be due.

        A partition that is absent is no longer ours: what was known of it is forgotten.
        """
        for partition in self._earliest.keys() - through.keys():
            del self._earliest[partition]
        return {p: until for p, until in through.items() if self._may_be_due(p, until)}

    def earliest(self, partitions: Collection[int]) -> datetime | None:
        """The earliest due time on these partitions; None where that of one of them is not known, or there is none."""
        if not all(partition in self._earliest for partition in partitions):
            return None
        return min((at for partition in partitions if (at := self._earliest[partition]) is not None), default=None)

    def _may_be_due(self, partition: int, until: datetime) -> bool:
        if partition not in self._earliest:
            return True
        earliest = self._earliest[partition]
        return earliest is not None and earliest <= until
