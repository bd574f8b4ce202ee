"""No hole in the log goes unseen: offsets of our topics are dense, so each is compared with the one expected."""

from collections.abc import Sequence

from msgspec import Struct

from shared.pipeline.records import RawRecord


class Hole(Struct, frozen=True):
    """Offsets [first, last] that the broker did not give although it gave later ones."""

    first: int
    last: int


class Checked(Struct, frozen=True):
    """The records that may be handled now, and the hole behind them, if there is one."""

    usable: Sequence[RawRecord]
    hole: Hole | None = None


def check(records: Sequence[RawRecord], *, expected: int) -> Checked:
    """Cut `records` of one partition (strictly ascending, as the client gives them) at the first hole; what was handled before is dropped."""
    if records and records[0].offset == expected and records[-1].offset == expected + len(records) - 1:
        return Checked(usable=records)
    usable: list[RawRecord] = []
    for record in records:
        if record.offset < expected:
            continue
        if record.offset > expected:
            return Checked(usable=usable, hole=Hole(first=expected, last=record.offset - 1))
        usable.append(record)
        expected += 1
    return Checked(usable=usable)


class GapTries:
    """How often each hole was looked into; after `tries_max` it is given up."""

    def __init__(self, tries_max: int) -> None:
        self._tries_max = tries_max
        self._tries: dict[tuple[str, int, int], int] = {}

    def give_up(self, topic: str, partition: int, hole: Hole) -> bool:
        """Count one more try at `hole`; true when it has to be recorded and passed."""
        key = (topic, partition, hole.first)
        self._tries[key] = self._tries.get(key, 0) + 1
        if self._tries[key] <= self._tries_max:
            return False
        del self._tries[key]
        return True

    def tries(self, topic: str, partition: int, hole: Hole) -> int:
        """How often this hole was looked into so far."""
        return self._tries.get((topic, partition, hole.first), 0)

    def closed(self, topic: str, partition: int, up_to: int) -> int:
        """Forget holes of this partition below `up_to` (they were found after all); returns how many."""
        found = [key for key in self._tries if key[0] == topic and key[1] == partition and key[2] < up_to]
        for key in found:
            del self._tries[key]
        return len(found)

    def forget(self, topic: str, partition: int) -> None:
        """The partition is no longer ours."""
        self.closed(topic, partition, 1 << 63)
