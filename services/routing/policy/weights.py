"""Weights: what each signal adds to the points of causes, kinds, styles, a repeat and the emotion, merged for one pass."""

from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from services.routing.policy.cause_points import CausePoints, Places, build_cause_points
from services.routing.policy.errors import PackError
from services.routing.policy.rows import CauseRow, Points


class Weights(Struct, frozen=True):
    """`by_signal` lists (target, points) per signal; targets are numbered kinds first, then styles, repeat, emotion."""

    by_signal: dict[str, tuple[tuple[int, int], ...]]
    kinds: tuple[str, ...]
    styles: tuple[str, ...]
    causes: CausePoints

    def tally(self, said: Places) -> "Tally":
        """The points of a text in which the signals `said` stand."""
        totals = [0] * (len(self.kinds) + len(self.styles) + 2)
        by_signal = self.by_signal
        for signal in said:
            for target, points in by_signal.get(signal, ()):
                totals[target] += points
        kinds_end = len(self.kinds)
        return Tally(
            causes=self.causes.totals(said),
            kinds=dict(zip(self.kinds, totals[:kinds_end], strict=True)),
            styles=dict(zip(self.styles, totals[kinds_end:-2], strict=True)),
            emotion=totals[-1],
            repeat=totals[-2],
        )


class Tally(Struct, frozen=True):
    """Points per cause row (in the pack's order, times `cause_points.SCALE`), per kind, per style, for the emotion and for a repeat."""

    causes: list[int]
    kinds: dict[str, int]
    styles: dict[str, int]
    emotion: int
    repeat: int = 0


def build_weights(points: Points, causes: Sequence[CauseRow], signals: Collection[str]) -> Weights:
    """Merge all weights by signal; raises PackError naming the table and row that weighs an unknown signal."""
    kinds, styles = tuple(sorted(points.kind)), tuple(sorted(points.style))
    axes: list[tuple[str, str, Mapping[str, int]]] = [("points", kind, points.kind[kind]) for kind in kinds]
    axes += [("points", style, points.style[style]) for style in styles]
    axes += [("points", "repeat", points.repeat), ("points", "emotion", points.emotion)]
    merged: dict[str, list[tuple[int, int]]] = {}
    for target, (table, row, weights) in enumerate(axes):
        for signal, weight in weights.items():
            if signal not in signals:
                raise PackError(
                    table=table, row=row, zh=f"词库中没有信号 {signal}", en=f"no such signal in the lexicons: {signal}"
                )
            merged.setdefault(signal, []).append((target, weight))
    by_signal = {signal: tuple(pairs) for signal, pairs in merged.items()}
    return Weights(by_signal, kinds, styles, build_cause_points(causes, signals))
