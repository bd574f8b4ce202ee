"""The second system learns from the rows it is given, and from nothing else."""

from itertools import cycle, islice
from typing import Any

import pytest

from kesu.judge.labelled import LabelledRow, NoLabels
from kesu.judge.learning import learner
from services.routing.policy.learned import MEMBER
from tests.unit.assessing.files import pack
from tests.unit.judge.rows import row

SAID: tuple[tuple[str, dict[str, Any]], ...] = (
    ("宽带断了{}天没人修", {"cause": "product"}),
    ("话费多扣了{}块，退钱", {"cause": "price", "emotion": 7.0}),
    ("请问{}号怎么办理停机保号", {"is_complaint": False, "cause": "other", "severity": "S4", "emotion": 2.0}),
)


def _rows(count: int) -> list[LabelledRow]:
    return [
        row(str(number), text=text.format(number), **given)
        for number, (text, given) in enumerate(islice(cycle(SAID), count))
    ]


def test_a_layer_is_laid_on_the_pack_and_is_the_same_for_the_same_rows() -> None:
    learn = learner(pack())

    learned = learn(_rows(120))

    assert any(MEMBER in files for files in learned.source.layers)
    assert pack().content_hash != learned.content_hash == learn(_rows(120)).content_hash
    assert learned.content_hash != learn(_rows(123)).content_hash


def test_too_few_rows_teach_nothing_and_say_so() -> None:
    with pytest.raises(NoLabels, match="labelled cases") as refused:
        learner(pack())(_rows(20))
    assert "案例" in refused.value.zh
