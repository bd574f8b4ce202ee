"""The learned layer of a pack: weights of character n-grams and of what the rules saw, checked and packed when loaded."""

from collections.abc import Mapping
from typing import Final, Literal, get_args

import msgspec
from ahocorasick_rs import AhoCorasick
from msgspec import Struct

from services.routing.policy.errors import PackError
from shared.events.envelope import Language
from shared.events.routing import Cause, RuleFired

MEMBER: Final = "learned/model.json"
"""The member of a pack that holds its layer."""

Head = Literal[
    "complaint", "repeat", "abuse", "emotion", "serious", "ordinary",
    "cause.tariff", "cause.product", "cause.efficiency", "cause.price", "cause.attitude", "cause.other",
]  # fmt: skip
"""What a layer weighs. `serious` is S2 or worse against the rest, `ordinary` S3 or worse."""

Stage = Literal["serious", "ordinary"]

HEADS: Final[tuple[Head, ...]] = get_args(Head)
UNIT: Final = 1000
"""Scores are whole numbers, so that they are the same on every machine: thousandths of a logit, of a degree of emotion."""
RARITY_UNIT: Final = 64
"""A gram's rarity (its inverse document frequency) in whole numbers."""
ALWAYS: Final = "always"

_MODEL_BYTES_MAX: Final = 2_000_000
_GRAMS_MAX: Final = 20_000
_SIGNS_MAX: Final = 4_000
WEIGHT_MAX: Final = 2**20
_RARITY_MAX: Final = 2**10
_GRAM_LENGTH_MAX: Final = 3
_TELLING_MAX: Final = 2_000
_LANE_BITS: Final = 40  # holds the weights of all grams of a layer at their largest
_HALF: Final = 1 << (_LANE_BITS - 1)
_LANE_BYTES: Final = _LANE_BITS // 8

KIND: Final = RuleFired("learned", "learned_kind")
CAUSE: Final = RuleFired("learned", "learned_cause")
REPEAT: Final = RuleFired("learned", "learned_repeat")
ABUSE: Final = RuleFired("learned", "learned_abuse")
EMOTION: Final = RuleFired("learned", "learned_emotion")
SEVERITY: Final = RuleFired("learned", "learned_severity")

LEARNED_TEXTS: Final[Mapping[str, Mapping[Language, str]]] = {
    KIND.rule: {
        "zh": "按本中心已确认的案例，事项类别另作判断",
        "en": "The centre's confirmed cases speak for another kind of matter",
    },
    CAUSE.rule: {
        "zh": "按本中心已确认的案例，投诉原因另作判断",
        "en": "The centre's confirmed cases speak for another cause",
    },
    REPEAT.rule: {
        "zh": "按本中心已确认的案例，是否重复另作判断",
        "en": "The centre's confirmed cases say otherwise of a repeat",
    },
    ABUSE.rule: {
        "zh": "按本中心已确认的案例，文字中有辱骂",
        "en": "By the centre's confirmed cases these words are abuse",
    },
    EMOTION.rule: {
        "zh": "按本中心已确认的案例，情绪温度另作判断",
        "en": "The centre's confirmed cases speak for another heat",
    },
    SEVERITY.rule: {
        "zh": "按本中心已确认的案例，严重程度另作判断",
        "en": "The centre's confirmed cases speak for another severity",
    },
}
"""What each of the layer's decisions says for people, where it is not that of the tables."""


class Staged(Struct, frozen=True, forbid_unknown_fields=True):
    """A score that rests on the scores of heads: thousandths of each, and what is added."""

    of: dict[Head, int]
    added: int


class ModelFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The model as it is stored. `base` is the hash of the pack whose rules it learned beside, `rows` the labels by head.

    A gram has its rarity and one weight per head, a sign one weight per head. A head says yes above zero; causes are
    compared with each other.
    """

    format: Literal["kesu.learned.v1"]
    base: str
    rows: dict[str, int]
    heads: tuple[Head, ...]
    grams: dict[str, tuple[int, ...]]
    signs: dict[str, tuple[int, ...]]
    severity: dict[Stage, Staged] = {}


class LearnedLayer(Struct, frozen=True, kw_only=True):
    """A model made ready: every gram's and sign's weights are lanes of one number, so that one sum serves all heads.

    `automaton` finds the grams that stand in a text, `telling` has those that can be shown for a head, with their weights.
    """

    base: str
    rows: Mapping[str, int]
    heads: tuple[Head, ...]
    causes: Mapping[Cause, Head]
    automaton: AhoCorasick
    grams: dict[str, int]
    signs: dict[str, int]
    telling: Mapping[Head, dict[str, int]]
    severity: Mapping[Stage, Staged]
    lifted: int

    def lanes(self, total: int) -> list[int]:
        """A sum of packed numbers, taken apart: the squared rarities, then one score per head."""
        packed = (total + self.lifted).to_bytes((len(self.heads) + 1) * _LANE_BYTES, "little")
        return [
            int.from_bytes(packed[at : at + _LANE_BYTES], "little") - _HALF
            for at in range(0, len(packed), _LANE_BYTES)
        ]  # fmt: skip


def load_layer(members: Mapping[str, bytes]) -> LearnedLayer | None:
    """The layer among the members of a pack, None where it has none; raises PackError saying what is wrong with it."""
    if strange := sorted(set(members) - {MEMBER}):
        raise _wrong(strange[0], zh="不认识的学习层文件", en="no such file in a learned layer")
    body = members.get(MEMBER)
    if body is None:
        return None
    if len(body) > _MODEL_BYTES_MAX:
        raise _wrong("-", zh=f"超过 {_MODEL_BYTES_MAX} 字节", en=f"larger than {_MODEL_BYTES_MAX} bytes")
    try:
        model = msgspec.json.decode(body, type=ModelFile)
    except msgspec.DecodeError as error:
        raise _wrong("-", zh=f"不是有效的模型：{error}", en=f"is not a model: {error}") from error
    _check(model)
    lanes = len(model.heads) + 1
    return LearnedLayer(
        base=model.base,
        rows=model.rows,
        heads=model.heads,
        causes={cause: head for cause in get_args(Cause) for head in model.heads if head == f"cause.{cause}"},
        automaton=AhoCorasick(model.grams.keys(), store_patterns=True),
        grams={gram: _packed((rarity * rarity, *weights)) for gram, (rarity, *weights) in model.grams.items()},
        signs={sign: _packed((0, *weights)) for sign, weights in model.signs.items()},
        telling={head: _telling(model, number) for number, head in enumerate(model.heads, start=1)},
        severity=model.severity,
        lifted=_packed((_HALF,) * lanes),
    )


def _packed(lanes: tuple[int, ...]) -> int:
    """One number with a signed number per lane, lane 0 lowest; a negative one borrows from the lane above it."""
    return sum(value << (number * _LANE_BITS) for number, value in enumerate(lanes))


def _telling(model: ModelFile, number: int) -> dict[str, int]:
    """The grams that weigh most for one head, of two characters or more: what can be shown for it."""
    weighed = sorted((-abs(row[number]), gram) for gram, row in model.grams.items() if len(gram) > 1)
    return {gram: model.grams[gram][number] for _, gram in weighed[:_TELLING_MAX]}


def _check(model: ModelFile) -> None:
    """Raises PackError for a model that could not be applied, or would be too dear to."""
    if list(model.heads) != [head for head in HEADS if head in model.heads] or not model.heads:
        raise _wrong("heads", zh="判断项缺失、重复或顺序不对", en="heads are missing, doubled or out of order")
    if len(model.grams) > _GRAMS_MAX or len(model.signs) > _SIGNS_MAX:
        raise _wrong("grams", zh="字串或信号过多", en="too many grams or signs")
    for gram, (rarity, *weights) in ((gram, row or (0,)) for gram, row in model.grams.items()):
        if not 1 <= len(gram) <= _GRAM_LENGTH_MAX or not 0 < rarity <= _RARITY_MAX:
            raise _wrong(gram, zh="字串长度或稀有度超出范围", en="its length or its rarity is out of range")
        _check_weights(model, gram, weights)
    for sign, weights_of_sign in model.signs.items():
        _check_weights(model, sign, weights_of_sign)
    for name, staged in model.severity.items():
        if not set(staged.of) <= set(model.heads):
            raise _wrong(name, zh="依据了没有的判断项", en="rests on heads that the model does not have")
        if any(abs(weight) > WEIGHT_MAX for weight in (*staged.of.values(), staged.added)):
            raise _wrong(name, zh="权重超出范围", en="a weight is out of range")
    if model.severity and set(model.severity) != {"serious", "ordinary"}:
        raise _wrong("severity", zh="严重程度须有 serious 与 ordinary", en="severity needs both serious and ordinary")


def _check_weights(model: ModelFile, row: str, weights: tuple[int, ...] | list[int]) -> None:
    if len(weights) != len(model.heads) or any(abs(weight) > WEIGHT_MAX for weight in weights):
        raise _wrong(row, zh="权重个数不对或超出范围", en="weights are missing, too many or out of range")


def _wrong(row: str, *, zh: str, en: str) -> PackError:
    return PackError(table=MEMBER, row=row, zh=zh, en=en)
