"""Pairs: what a word for a thing and a word for what happened to it say together about the cause (domain 3.2)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from msgspec import Struct

from services.routing.policy.errors import PackError
from services.routing.policy.rows import CausePair, CauseRow

Places = Mapping[str, Sequence[tuple[int, int]]]
"""Where each signal stands in a text, as [start, end) in characters."""

_ANYWHERE: Final = 0


class MaskedPair(Struct, frozen=True):
    """A pair made ready: the row it speaks for, and its signals as bits of one number."""

    target: int
    object: int
    predicate: int
    pair: CausePair


class Pairs(Struct, frozen=True):
    """All pairs of a pack, in its order; `bits` numbers the signals they ask for."""

    bits: dict[str, int]
    masked: tuple[MaskedPair, ...]

    def add(self, said: Places, totals: list[int]) -> None:
        """Add the points of every pair that stands in a text to `totals` (by cause row); each pair counts once."""
        present, bits = 0, self.bits
        for signal in said:
            present |= bits.get(signal, 0)
        for masked in self.masked:
            if present & masked.object and present & masked.predicate:
                pair = masked.pair
                if pair.near == _ANYWHERE or _stand_near(said, pair):
                    totals[masked.target] += pair.points


def _stand_near(said: Places, pair: CausePair) -> bool:
    """Whether some object and some predicate of `pair` have at most `near` characters between them."""
    near = pair.near
    objects = [place for signal in pair.object if signal in said for place in said[signal]]
    for signal in pair.predicate:
        for start, end in said.get(signal, ()):
            for object_start, object_end in objects:
                if start - object_end <= near and object_start - end <= near:
                    return True
    return False


def build_pairs(causes: Sequence[CauseRow], signals: Collection[str]) -> Pairs:
    """Number the signals of all pairs; raises PackError naming the row whose pair asks for an unknown signal."""
    bits: dict[str, int] = {}
    masked: list[MaskedPair] = []
    for target, row in enumerate(causes):
        for pair in row.pairs:
            if unknown := sorted({*pair.object, *pair.predicate} - set(signals)):
                raise PackError(
                    table="causes", row=row.id, zh=f"词库中没有信号 {unknown}", en=f"no such signals: {unknown}"
                )
            masked.append(MaskedPair(target, _mask(pair.object, bits), _mask(pair.predicate, bits), pair))
    return Pairs(bits, tuple(masked))


def _mask(signals: Sequence[str], bits: dict[str, int]) -> int:
    mask = 0
    for signal in signals:
        mask |= bits.setdefault(signal, 1 << len(bits))
    return mask
