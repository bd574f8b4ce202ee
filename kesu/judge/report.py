"""What a measurement says: figures with their ranges, confusion tables, and the rows judged worst, by id alone."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from kesu.assessing.judged import Judged
from kesu.judge.bootstrap import drawn, interval
from kesu.judge.english import English
from kesu.judge.figures import CAUSES, FIGURES, SEVERITIES, Figure, System
from kesu.judge.labelled import LabelledRow, Labels

WORST_ROWS: Final = 10
EMOTION_FAR_OFF: Final = 3.0


class Measured(Struct, frozen=True, kw_only=True):
    """One figure of one system: its value, where it falls 95 times of 100, and from how many rows."""

    id: str
    value: float
    low: float
    high: float
    rows: int
    must: float
    aim: float
    met: bool
    aim_met: bool


class Confusion(Struct, frozen=True):
    """How often each label (a line) was judged as each (a column), in the order of `names`."""

    names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


class Worst(Struct, frozen=True):
    """A row that was judged badly, by its id: which figures it spoils, and how badly."""

    id: str
    badness: int
    wrong: tuple[str, ...]


class Of(Struct, frozen=True, kw_only=True):
    """One system on one set of rows."""

    system: System
    rows: str
    count: int
    figures: tuple[Measured, ...]
    cause: Confusion
    severity: Confusion
    worst: tuple[Worst, ...]


class Report(Struct, frozen=True, kw_only=True):
    """Everything measured; `parts` says which rows."""

    parts: str
    pack: str
    measured: tuple[Of, ...]
    english: English | None = None

    @property
    def met(self) -> bool:
        """Whether every figure is what it must be."""
        figures = all(figure.met for one in self.measured for figure in one.figures)
        return figures and (self.english is None or self.english.met)


def measured(system: System, name: str, rows: Sequence[LabelledRow], judged: Sequence[Judged]) -> Of:
    """The figures of `system` on these rows."""
    draws = drawn(len(rows))
    labels = [row.labels for row in rows]
    return Of(
        system=system,
        rows=name,
        count=len(rows),
        figures=tuple(found for figure in FIGURES if (found := _figure(figure, system, labels, judged, draws))),
        cause=_confusion(CAUSES, [one.cause for one in labels], [one.cause for one in judged]),
        severity=_confusion(SEVERITIES, [one.severity for one in labels], [one.severity for one in judged]),
        worst=worst_rows(labels, judged),
    )


def _figure(
    figure: Figure, system: System, labels: Sequence[Labels], judged: Sequence[Judged], draws: Sequence[Sequence[int]]
) -> Measured | None:
    """None where no row has a label for it."""
    pairs = [figure.compare(want, got) for want, got in zip(labels, judged, strict=True)]
    counted = Counter(pair for pair in pairs if pair[0] is not None)
    if not counted:
        return None
    value, (low, high), must = figure.score(counted), interval(figure, pairs, draws), figure.must[system]
    return Measured(
        id=figure.id, value=value, low=low, high=high, rows=counted.total(), must=must, aim=figure.aim,
        met=figure.meets(value, must), aim_met=figure.meets(value, figure.aim),
    )  # fmt: skip


def _confusion(names: Sequence[str], labels: Sequence[str | None], judged: Sequence[str]) -> Confusion:
    counted = Counter(zip(labels, judged, strict=True))
    return Confusion(tuple(names), tuple(tuple(counted[label, said] for said in names) for label in names))


def worst_rows(labels: Sequence[Labels], judged: Sequence[Judged]) -> tuple[Worst, ...]:
    """The rows most of whose judgement is wrong, worst first; those as bad as each other in the order of their ids."""
    found = []
    for want, got in zip(labels, judged, strict=True):
        wrong = _wrong(want, got)
        if wrong:
            found.append(Worst(want.id, sum(wrong.values()), tuple(wrong)))
    found.sort(key=lambda one: (-one.badness, one.id))
    return tuple(found[:WORST_ROWS])


def _wrong(want: Labels, got: Judged) -> dict[str, int]:
    """What is wrong about a row, and how much that weighs: being no complaint, or over our heads, decides the rest."""
    found = {
        "is_complaint": 3 * (want.is_complaint is not None and want.is_complaint != got.is_complaint),
        "cross_level": 3 * (want.cross_level is not None and (want.cross_level != "none") != (got.cross_level != "none")),
        "cause": 0 if want.cause in {None, got.cause} else 1 if want.cause in got.causes[:2] else 2,
        "severity": 0 if want.severity is None else abs(SEVERITIES.index(want.severity) - SEVERITIES.index(got.severity)),
        "emotion": 0 if want.emotion is None else int(abs(want.emotion - got.emotion) // EMOTION_FAR_OFF),
        "abuse": int(want.abuse is not None and want.abuse != got.abuse),
        "repeat": int(want.repeat is not None and want.repeat != got.repeat),
    }  # fmt: skip
    return {name: weight for name, weight in found.items() if weight}
