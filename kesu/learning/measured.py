"""How much a layer helps: rules alone and rules with a layer, each row judged by a layer that never saw it."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

from msgspec import Struct

from kesu.judge.scores import correlation, f1, kappa, macro_f1, mean_error, share_agreeing
from kesu.learning.examples import Labels
from kesu.learning.packs import with_layer
from kesu.learning.seen import Seen
from kesu.learning.training import Crossed, fold_layers
from services.routing.model import Verdict
from services.routing.policy.pack import Pack
from services.routing.rules import decide
from shared.events.routing import Cause, History

_NO_HISTORY: Final = History()


class Figure(Struct, frozen=True, kw_only=True):
    """One figure of both systems, over the `rows` that have the label."""

    id: str
    zh: str
    en: str
    rows: int
    rules: float
    layer: float


def measured(rows: Sequence[Seen], crossed: Crossed, rules: Pack) -> tuple[Figure, ...]:
    """Every figure for which there are labels, by cross-validation."""
    alone = [decide(row.case, _NO_HISTORY, rules) for row in rows]
    learned = list(alone)
    for numbers, body in fold_layers(rows, crossed, base=rules.content_hash):
        pack = with_layer(rules, body)
        for number in numbers:
            learned[number] = decide(rows[number].case, _NO_HISTORY, pack)
    labels = [row.labels for row in rows]
    return tuple(figure for compared in _COMPARED if (figure := _figure(compared, labels, alone, learned)))


class _Compared(Struct, frozen=True):
    """`of` gives (label, judged) for a row, the label None where there is none."""

    id: str
    zh: str
    en: str
    of: Callable[[Labels, Verdict], tuple[Any, Any]]
    score: Callable[[Any], float]


def _figure(
    compared: _Compared, labels: Sequence[Labels], alone: Sequence[Verdict], learned: Sequence[Verdict]
) -> Figure | None:
    def value(verdicts: Sequence[Verdict]) -> tuple[int, float]:
        pairs = Counter(compared.of(label, verdict) for label, verdict in zip(labels, verdicts, strict=True))
        counted = {pair: count for pair, count in pairs.items() if pair[0] is not None}
        return sum(counted.values()), compared.score(counted) if counted else 0.0

    rows, by_rules = value(alone)
    if not rows:
        return None
    _, by_layer = value(learned)
    return Figure(id=compared.id, zh=compared.zh, en=compared.en, rows=rows, rules=by_rules, layer=by_layer)


def _named(labels: Labels, verdict: Verdict) -> tuple[bool | None, bool]:
    assessment = verdict.assessment
    return None if labels.cause is None else True, labels.cause in (assessment.cause, *assessment.other_causes[:1])


def _causes(pairs: dict[tuple[Cause, Cause], int]) -> float:
    return macro_f1(pairs, sorted({label for label, _ in pairs}))


_COMPARED: Final = (
    _Compared("complaint_f1", "投诉 F1", "complaint F1", lambda want, got: (want.is_complaint, got.assessment.kind == "complaint"), lambda pairs: f1(pairs, True)),
    _Compared("other_f1", "非投诉 F1", "F1 of non-complaints", lambda want, got: (want.is_complaint, got.assessment.kind == "complaint"), lambda pairs: f1(pairs, False)),
    _Compared("cause_macro_f1", "原因 macro-F1", "cause macro-F1", lambda want, got: (want.cause, got.assessment.cause), _causes),
    _Compared("cause_named", "主因在所列两个原因中", "main cause among two named", _named, share_agreeing),
    _Compared("severity_kappa", "严重度 κ", "severity kappa", lambda want, got: (want.severity, got.decision.severity), kappa),
    _Compared("emotion_r", "情绪 r", "emotion r", lambda want, got: (want.emotion, got.assessment.emotion), correlation),
    _Compared("emotion_error", "情绪平均误差", "emotion, mean error", lambda want, got: (want.emotion, got.assessment.emotion), mean_error),
    _Compared("abuse_f1", "辱骂 F1", "abuse F1", lambda want, got: (want.abuse, got.assessment.abuse), lambda pairs: f1(pairs, True)),
    _Compared("repeat_f1", "重复投诉 F1", "repeat F1", lambda want, got: (want.repeat, got.assessment.repeat > 0), lambda pairs: f1(pairs, True)),
)  # fmt: skip
