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

MaskedPair: TypeAlias = tuple[int, int, int, CausePair]
"""A pair made ready: its objects and its predicates as bits of one number, the row it speaks for, and the pair."""


class CausePoints(Struct, frozen=True):
    """What every signal and pair of a pack weighs for the rows of its causes.

    `by_signal` has for each signal its bit in the numbers of the pairs, and the rows it is a sign of with its points.
    """

    rows: int
    by_signal: dict[str, tuple[int, tuple[tuple[int, int], ...]]]
    pairs: tuple[MaskedPair, ...]

    def totals(self, said: Places) -> list[int]:
        """The points of a text by cause row, times `SCALE`: more for what is said early or again; a pair counts once."""
        totals, present = [0] * self.rows, 0
        by_signal = self.by_signal
        for signal, places in said.items():
            known = by_signal.get(signal)
            if known is None:
                continue
            bit, weighed = known
            present |= bit
            if weighed:
                emphasis = SCALE + _AGAIN * (len(places) - 1) + _earliness(places[0][0])
                for row, points in weighed:
                    totals[row] += points * emphasis
        for objects, predicates, row, pair in self.pairs:
            if present & objects and present & predicates:
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
    bits: dict[str, int] = {}
    pairs: list[MaskedPair] = []
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
        pairs += [(_mask(pair.object, bits), _mask(pair.predicate, bits), number, pair) for pair in row.pairs]
    by_signal = {name: (bits.get(name, 0), tuple(signs.get(name, ()))) for name in signs.keys() | bits.keys()}
    return CausePoints(len(causes), by_signal, tuple(pairs))


def _mask(signals: Sequence[str], bits: dict[str, int]) -> int:
    mask = 0
    for signal in signals:
        mask |= bits.setdefault(signal, 1 << len(bits))
    return mask
