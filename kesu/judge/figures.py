"""The figures of the judgement: what each compares, what it must be for either system, and what we aim at."""

from collections.abc import Callable
from typing import Any, Final, Literal, TypeAlias, get_args

from msgspec import Struct

from kesu.assessing.judged import Judged
from kesu.judge.labelled import Labels
from kesu.judge.scores import Pair, Pairs, correlation, f1, kappa, macro_f1, mean_error, share_agreeing
from shared.events.routing import Cause, Severity

System = Literal["rules", "layer"]
CAUSES: Final[tuple[str, ...]] = get_args(Cause)
SEVERITIES: Final[tuple[str, ...]] = get_args(Severity)
Compare: TypeAlias = Callable[[Labels, Judged], Pair]


class Figure(Struct, frozen=True, kw_only=True):
    """One figure. `compare` gives (label, judged) of a row; rows whose label is None do not count."""

    id: str
    zh: str
    en: str
    compare: Compare
    score: Callable[[Any], float]
    must: dict[System, float]
    aim: float
    lower_is_better: bool = False

    def meets(self, value: float, bound: float) -> bool:
        """Whether `value` is at least as good as `bound`."""
        return value <= bound if self.lower_is_better else value >= bound


def _named(labels: Labels, judged: Judged) -> Pair:
    """Whether the main cause is among the at most two that were named."""
    return (None if labels.cause is None else True), labels.cause in judged.causes[:2]


def _crossed(labels: Labels, judged: Judged) -> Pair:
    """Over our heads or not, whether threatened or done."""
    return (None if labels.cross_level is None else labels.cross_level != "none"), judged.cross_level != "none"


def _figure(
    id_: str, zh: str, en: str, compare: Compare, score: Callable[[Any], float], *, rules: float, layer: float, aim: float
) -> Figure:  # fmt: skip
    return Figure(
        id=id_, zh=zh, en=en, compare=compare, score=score, must={"rules": rules, "layer": layer}, aim=aim,
        lower_is_better=score is mean_error,
    )  # fmt: skip


def _true(pairs: Pairs) -> float:
    return f1(pairs, True)


def _false(pairs: Pairs) -> float:
    return f1(pairs, False)


def _causes(pairs: Pairs) -> float:
    return macro_f1(pairs, CAUSES)


FIGURES: Final[tuple[Figure, ...]] = (
    _figure("complaint_f1", "投诉 F1", "complaint F1", lambda want, got: (want.is_complaint, got.is_complaint), _true, rules=0.93, layer=0.93, aim=0.96),
    _figure("other_f1", "非投诉 F1", "F1 of non-complaints", lambda want, got: (want.is_complaint, got.is_complaint), _false, rules=0.5, layer=0.55, aim=0.75),
    _figure("cause_macro_f1", "原因 macro-F1（六类）", "cause macro-F1 (six causes)", lambda want, got: (want.cause, got.cause), _causes, rules=0.64, layer=0.69, aim=0.85),
    _figure("cause_named", "主因在所列原因中（至多两个）", "main cause among the causes named (at most two)", _named, share_agreeing, rules=0.8, layer=0.84, aim=0.93),
    _figure("cross_level_f1", "越级 F1（有或无）", "cross-level F1 (none or not)", _crossed, _true, rules=0.9, layer=0.9, aim=0.97),
    _figure("severity_kappa", "严重度 κ", "severity kappa", lambda want, got: (want.severity, got.severity), kappa, rules=0.46, layer=0.53, aim=0.75),
    _figure("emotion_r", "情绪 r", "emotion r", lambda want, got: (want.emotion, got.emotion), correlation, rules=0.66, layer=0.73, aim=0.85),
    _figure("emotion_error", "情绪平均误差", "emotion, mean error", lambda want, got: (want.emotion, got.emotion), mean_error, rules=1.15, layer=1.0, aim=0.8),
    _figure("abuse_f1", "辱骂 F1", "abuse F1", lambda want, got: (want.abuse, got.abuse), _true, rules=0.75, layer=0.78, aim=0.88),
    _figure("repeat_f1", "重复投诉 F1", "repeat F1", lambda want, got: (want.repeat, got.repeat), _true, rules=0.58, layer=0.72, aim=0.82),
)  # fmt: skip
