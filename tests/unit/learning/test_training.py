"""Training: what only the labels know is learned, the same examples give the same bytes, too few give none."""

from functools import cache

import msgspec
import numpy as np
import pytest

from kesu.learning.agreement import f1, kappa, macro_f1
from kesu.learning.cuts import choose_cuts
from kesu.learning.examples import CannotLearn, Example, Labels
from kesu.learning.heads import learnable
from kesu.learning.seen import see
from kesu.learning.training import cross, fold_layers, train
from services.routing.policy.learned import MEMBER, LearnedLayer, ModelFile, load_layer
from tests.unit.learning.models import case, pack, viewed
from tests.unit.learning.taught import CALM_WORD, HOT_WORD, examples


@cache
def _body() -> bytes:
    return train(examples(), pack())


def _layer(body: bytes) -> LearnedLayer:
    found = load_layer({MEMBER: body})
    assert found
    return found


def test_the_same_examples_give_the_same_bytes() -> None:
    assert _body() == train(examples(), pack())


def test_words_that_no_list_knows_are_learned() -> None:
    layer = _layer(_body())
    hot, calm = viewed(f"邻居的蓝鲸套件,{HOT_WORD}", layer), viewed(f"邻居的绿鹰套件,{CALM_WORD}", layer)

    assert "price" == max(hot.cause_points, key=hot.cause_points.__getitem__)
    assert "efficiency" == max(calm.cause_points, key=calm.cause_points.__getitem__)
    assert (True, False) == (hot.repeat, calm.repeat)
    assert (hot.emotion or 0) > 6
    assert (calm.emotion or 9) < 4
    assert ("S2", "S4") == (hot.severity, calm.severity)
    assert (hot.complaint_points or 0) > 0 > (calm.complaint_points or 0)


def test_the_grams_that_taught_it_are_the_evidence() -> None:
    text = f"邻居的蓝鲸套件,{HOT_WORD}"

    shown = {text[e.start : e.end] for e in viewed(text, _layer(_body())).evidence if e.signal == "learned.emotion"}

    assert any(set(piece) & set(HOT_WORD) for piece in shown)


def test_nothing_of_one_customer_alone_is_in_a_model() -> None:
    """What fewer than three texts hold is left out, and digits are never told apart."""
    secret = Example(case("我的工单尾号是ZQ8815,住在枇杷巷"), Labels(cause="price", emotion=5))

    grams = msgspec.json.decode(train([*examples(), secret], pack()), type=ModelFile).grams

    assert not any("枇" in gram or "zq" in gram or "8" in gram for gram in grams)


def test_the_model_says_beside_which_rules_it_learned_and_from_how_much() -> None:
    model = msgspec.json.decode(_body(), type=ModelFile)

    assert pack().content_hash == model.base
    assert len(examples()) == model.rows["emotion"]


def test_heads_without_labels_are_not_learned() -> None:
    bare = [Example(one.case, Labels(emotion=one.labels.emotion)) for one in examples()]

    assert ("emotion",) == learnable(see(bare, pack()))
    assert ("emotion",) == msgspec.json.decode(train(bare, pack()), type=ModelFile).heads


@pytest.mark.parametrize(
    ("taught", "code"),
    [
        (examples()[:99], "examples_number"),
        ([Example(one.case, Labels(cause="price")) for one in examples()], "labels_too_few"),
    ],
)
def test_too_little_teaches_nothing(taught: list[Example], code: str) -> None:
    with pytest.raises(CannotLearn) as refused:
        train(taught, pack())

    assert code == refused.value.code


def test_a_folds_layer_saw_none_of_its_rows() -> None:
    """Every row is in exactly one fold, and equal texts are in the same."""
    rows = see([*examples(), *examples()[:20]], pack())
    crossed = cross(rows)

    folds = [numbers for numbers, _ in fold_layers(rows, crossed, base="")]

    assert list(range(len(rows))) == sorted(number for numbers in folds for number in numbers)
    assert all((number in numbers) == (number + len(rows) - 20 in numbers) for numbers in folds for number in range(20))


def test_abuse_is_left_to_the_rules_where_the_layer_would_not_help() -> None:
    rows = see([Example(one.case, Labels(abuse=False)) for one in examples()[:50]], pack())

    assert choose_cuts(rows, {"abuse": np.sin(np.arange(len(rows)))}).added["abuse"] < -100


def test_agreement() -> None:
    wanted, got = np.array([True, True, False]), np.array([True, False, False])
    assert 2 / 3 == f1(wanted, got)
    assert 1.0 == kappa(np.array([1, 2, 2]), np.array([1, 2, 2]))
    assert (0.8 + 2 / 3) / 2 == pytest.approx(macro_f1(np.array([1, 1, 2, 2]), np.array([1, 1, 2, 1])))
    assert 0.4 == pytest.approx(kappa(np.array([1, 2, 2]), np.array([1, 1, 2])))
