"""Cause points: what single words, and words for a thing together with what happened to it, weigh (domain 3.2)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final, TypeAlias

from msgspec import Struct

from services.routing.policy.errors import PackError
from services.routing.policy.rows import CausePair, CauseRow

Places: TypeAlias = Mapping[str, Sequence[tuple[int, int]]]
"""Where each signal stands in a text, as [start, end) in characters; its first places only."""

SCALE: Final = 10
"""One point of a pack in the totals: a word said once, and late in a text, weighs its points times this."""
_AGAIN: Final = 5  # what is said again weighs half as much once more
_EARLY: Final = 100  # characters: who complains names the matter first, and comes to the rest later
_EARLY_STEP: Final = 20

Weighed: TypeAlias = tuple[tuple[int, int], ...]
"""The rows that a signal is a sign of, with its points for each."""


class CausePoints(Struct, frozen=True):
    """What every signal and pair of a pack weighs for the rows of its causes.

    `by_signal` has for each signal the pairs of which it is an object, and those of which it is a predicate (as bits,
    by the pair's number), and the rows it is a sign of. `pairs` has each pair with the row it speaks for.
    """

    rows: int
    by_signal: dict[str, tuple[int, int, Weighed]]
    pairs: tuple[tuple[int, CausePair], ...]

    def totals(self, said: Places) -> list[int]:
        """The points of a text by cause row, times `SCALE`: more for what is said early or again; a pair counts once."""
        totals, objects, predicates = [0] * self.rows, 0, 0
        by_signal = self.by_signal
        for signal in by_signal.keys() & said.keys():
            object_of, predicate_of, weighed = by_signal[signal]
            objects |= object_of
            predicates |= predicate_of
            if weighed:
                places = said[signal]
                emphasis = SCALE + _AGAIN * (len(places) - 1) + _earliness(places[0][0])
                for row, points in weighed:
                    totals[row] += points * emphasis
        both = objects & predicates
        while both:
            lowest = both & -both
            both ^= lowest
            row, pair = self.pairs[lowest.bit_length() - 1]
            start = _start(said, pair)
            if start is not None:
                totals[row] += pair.points * (SCALE + _earliness(start))
        return totals


def _earliness(start: int) -> int:
    return (_EARLY - start) // _EARLY_STEP if start < _EARLY else 0


def _start(said: Places, pair: CausePair) -> int | None:
    """Where the first object of `pair` stands; None where no predicate stands as near to an object as it must."""
    near = pair.near
    objects = [place for signal in pair.object if signal in said for place in said[signal]]
    if not near:
        return min(objects)[0]
    for signal in pair.predicate:
        for start, end in said.get(signal, ()):
            for object_start, object_end in objects:
                if start - object_end <= near and object_start - end <= near:
                    return object_start
    return None


def build_cause_points(causes: Sequence[CauseRow], signals: Collection[str]) -> CausePoints:
    """Merge the signs and pairs of all rows; raises PackError naming the row that asks for an unknown signal."""
    known = frozenset(signals)
    signs: dict[str, list[tuple[int, int]]] = {}
    object_of: dict[str, int] = {}
    predicate_of: dict[str, int] = {}
    pairs: list[tuple[int, CausePair]] = []
    for number, row in enumerate(causes):
        asked = {*row.signs, *(name for pair in row.pairs for name in (*pair.object, *pair.predicate))}
        if unknown := sorted(asked - known):
            raise PackError(
                table="causes",
                row=row.id,
                zh=f"词库中没有信号 {unknown}",
                en=f"no such signals in the lexicons: {unknown}",
            )
        for signal, points in row.signs.items():
            signs.setdefault(signal, []).append((number, points))
        for pair in row.pairs:
            for signals_of, names in ((object_of, pair.object), (predicate_of, pair.predicate)):
                for signal in names:
                    signals_of[signal] = signals_of.get(signal, 0) | 1 << len(pairs)
            pairs.append((number, pair))
    by_signal = {
        name: (object_of.get(name, 0), predicate_of.get(name, 0), tuple(signs.get(name, ())))
        for name in signs.keys() | object_of.keys() | predicate_of.keys()
    }
    return CausePoints(len(causes), by_signal, tuple(pairs))
