"""What judging costs grows as the text does, whatever the text is made of."""

from itertools import islice

import pytest

from kesu.bench import assessing
from kesu.bench.report import TARGETS
from kesu.bench.run import PARTS
from tests.unit.assessing.files import pack

SQUARE = 4.0  # what four times the text would cost, over four times the cost, if every character looked at every other


@pytest.mark.parametrize("piece", assessing.PIECES)
def test_no_text_makes_it_superlinear(piece: str) -> None:
    assert SQUARE / 2 > min(assessing.growth(pack(), piece) for _ in range(2))


def test_the_bench_judges_texts_of_the_usual_length() -> None:
    texts = assessing.usual_texts(list(islice(assessing.complaints(seed=1), 300)))

    assert {assessing.USUAL_CHARACTERS} == {len(text) for text in texts}
    assert len(set(texts)) == len(texts) > 50


def test_what_judging_costs_has_its_part_of_the_bench() -> None:
    assert "assess" in PARTS
    assert (130, 20, 1, 4_000) == tuple(
        TARGETS[one].must for one in ("assess_text", "assess_long", "pack_load", "assess_rows")
    )
