"""Real files, where they are at hand: every row has its line, in order, and none is left without a judgement."""

import csv
import gzip
import os
from pathlib import Path
from typing import get_args

import pytest

from kesu.assessing.judged import Judged
from shared.events.routing import Cause
from tests.unit.assessing.files import assessed

DATA = Path(os.environ.get("KESU_REAL_DATA") or Path(__file__).parents[3] / "../shared/data")
FILE = DATA / "telecom_zh.csv.gz"


@pytest.mark.skipif(not FILE.is_file(), reason=f"no real data in {DATA} (KESU_REAL_DATA names another folder)")
def test_every_chinese_row_is_judged(tmp_path: Path) -> None:
    with gzip.open(FILE, "rt", encoding="utf-8-sig", newline="") as file:
        ids = [row["id"] for row in csv.DictReader(file)]

    lines, summary = assessed(tmp_path, FILE.read_bytes())

    assert ids == [line["id"] for line in lines]
    assert (2_211, {}, {}) == (summary.judged, summary.faults, summary.notes)
    assert all(tuple(line) == Judged.__struct_fields__ for line in lines)
    assert {line["cause"] for line in lines} == set(get_args(Cause))
