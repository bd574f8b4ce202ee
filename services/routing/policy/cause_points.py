"""Cause points: what single words, and words for a thing together with what happened to it, weigh (domain 3.2)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from msgspec import Struct

from services.routing.policy.errors import PackError
from services.routing.policy.rows import CausePair, CauseRow

Places = Mapping[str, Sequence[tuple[int, int]]]
"""Where each signal stands in a text, as [start, end) in characters; its first places only."""

SCALE: Final = 10
"""One point of a pack in the totals: a word said once, and late in a text, weighs its points times this."""
_AGAIN: Final = 5  # what is said again weighs half as much once more
_EARLY: Final = 100  # characters: who complains names the matter first, and comes to the rest later
_EARLY_STEP: Final = 20


class MaskedPair(Struct, frozen=True):
    """A pair made ready: the row it speaks for, and its signals as bits of one number."""

    target: int
    object: int
    predicate: int
    pair: CausePair


class CausePoints(Struct, frozen=True):
    """What every signal and pair of a pack weighs for the rows of its causes; `bits` numbers the signals of pairs."""

    rows: int
    by_signal: dict[str, tuple[tuple[int, int], ...]]
    bits: dict[str, int]
    pairs: tuple[MaskedPair, ...]

    def totals(self, said: Places) -> list[int]:
        """The points of a text by cause row, times `SCALE`: more for what is said early or again; a pair counts once."""
        totals, present = [0] * self.rows, 0
        by_signal, bits = self.by_signal, self.bits
        for signal, places in said.items():
            present |= bits.get(signal, 0)
            weighed = by_signal.get(signal)
            if weighed:
                emphasis = SCALE + _AGAIN * (len(places) - 1) + _earliness(places[0][0])
                for target, points in weighed:
                    totals[target] += points * emphasis
        for masked in self.pairs:
            if present & masked.object and present & masked.predicate:
                start = _start(said, masked.pair)
                if start is not None:
                    totals[masked.target] += masked.pair.points * (SCALE + _earliness(start))
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
    by_signal: dict[str, list[tuple[int, int]]] = {}
    bits: dict[str, int] = {}
    pairs: list[MaskedPair] = []
    for target, row in enumerate(causes):
        asked = {*row.signs, *(name for pair in row.pairs for name in (*pair.object, *pair.predicate))}
        if unknown := sorted(asked - known):
            raise PackError(
                table="causes",
                row=row.id,
                zh=f"词库中没有信号 {unknown}",
                en=f"no such signals in the lexicons: {unknown}",
            )
        for signal, points in row.signs.items():
            by_signal.setdefault(signal, []).append((target, points))
        pairs += [MaskedPair(target, _mask(pair.object, bits), _mask(pair.predicate, bits), pair) for pair in row.pairs]
    merged = {signal: tuple(weighed) for signal, weighed in by_signal.items()}
    return CausePoints(len(causes), merged, bits, tuple(pairs))


def _mask(signals: Sequence[str], bits: dict[str, int]) -> int:
    mask = 0
    for signal in signals:
        mask |= bits.setdefault(signal, 1 << len(bits))
    return mask
