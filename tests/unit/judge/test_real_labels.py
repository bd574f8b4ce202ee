"""Labelled rows, where they are at hand: they are read whole, and the parts are what the measurement says they are."""

import os
from pathlib import Path

import pytest

from kesu.judge.labelled import ONCE, Labelled, NoLabels, load_labelled

DATA = Path(os.environ.get("KESU_REAL_DATA") or Path(__file__).parents[3] / "../shared/data")


@pytest.fixture(scope="module")
def labelled() -> Labelled:
    if not (DATA / ONCE).is_file():
        pytest.skip(f"no labels in {DATA} (KESU_REAL_DATA names another folder)")
    return load_labelled(DATA)


def test_every_row_has_its_text_and_nothing_is_labelled_both_ways(labelled: Labelled) -> None:
    assert (1_811, 150) == (len(labelled.once), len(labelled.twice))
    assert all(row.text for row in (*labelled.once, *labelled.twice))
    assert not {row.labels.id for row in labelled.once} & {row.labels.id for row in labelled.twice}


def test_a_third_of_the_rows_is_unread_and_so_is_what_was_labelled_twice(labelled: Labelled) -> None:
    assert 621 == sum(row.unread for row in labelled.once)
    assert all(row.unread for row in labelled.twice)


def test_a_folder_without_labels_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(NoLabels, match=ONCE) as missing:
        load_labelled(tmp_path)
    assert ONCE in missing.value.zh
