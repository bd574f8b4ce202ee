"""Real files, where they are at hand: every row goes through, every bad line is named, nothing is doubled."""

import os
from pathlib import Path

import pytest

from kesu.importing.errors import CannotImport
from kesu.importing.mapping_files import load_mapping
from kesu.importing.run import Job
from shared.events.submissions import ComplaintSubmission
from tests.unit.importing.files import Remembering, report_of, run

DATA = Path(os.environ.get("KESU_REAL_DATA") or Path(__file__).parents[3] / "../shared/data")
pytestmark = pytest.mark.skipif(
    not (DATA / "telecom_zh.csv.gz").is_file(), reason=f"no real data in {DATA} (KESU_REAL_DATA names another folder)"
)
VARIANTS = ("comcast_canonical.csv", "comcast_variant_tsv_dottime.csv", "comcast_variant_10cols.csv")


def _import(name: str, mapping: str, tmp_path: Path) -> tuple[dict[str, ComplaintSubmission], dict[str, int], Job]:
    one = Job(path=DATA / name, loaded=load_mapping(mapping), report=tmp_path / "report.ndjson")
    sink = Remembering()
    codes = run(one, sink).codes
    by_id = {submission.source_id: submission for submission in sink.sent}
    assert len(by_id) == len(sink.sent)
    return by_id, codes, one


@pytest.fixture(scope="module")
def repaired(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ComplaintSubmission]:
    return _import("comcast_dates_fixed.csv", "comcast", tmp_path_factory.mktemp("fixed"))[0]


def test_every_chinese_row_goes_through(tmp_path: Path) -> None:
    sent, codes, _ = _import("telecom_zh.csv.gz", "telecom_zh", tmp_path)

    assert (len(sent), codes) == (2_211, {})
    assert {submission.lang for submission in sent.values()} == {"zh"}


def test_every_repaired_row_goes_through(repaired: dict[str, ComplaintSubmission]) -> None:
    assert len(repaired) == 2_224
    assert {submission.channel for submission in repaired.values()} == {"hotline", "web"}


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_comes_out_as_the_repaired_file(
    name: str, tmp_path: Path, repaired: dict[str, ComplaintSubmission]
) -> None:
    sent, codes, one = _import(name, "comcast_raw", tmp_path)

    assert sent == repaired
    assert codes == {"odd_value": 1, "dates_swapped_repaired": 572}
    assert [(entry.what, entry.code) for entry in report_of(one)] == [
        ("note", "odd_value"), ("file", "dates_swapped_repaired"),
    ]  # fmt: skip


def test_a_file_with_merge_conflicts_is_sent_once_and_every_bad_line_named(
    tmp_path: Path, repaired: dict[str, ComplaintSubmission]
) -> None:
    sent, codes, one = _import("comcast_dirty_mergeconflict.csv", "comcast_raw", tmp_path)

    assert sent == repaired
    assert codes["repeated_row"] == 2_224
    lines = {entry.line: entry.code for entry in report_of(one) if entry.what == "refused"}
    assert lines[1] == lines[2_227] == lines[4_453] == "merge_marker"
    assert lines[2_228] == "header_repeated"
    assert lines.keys() == {1, *range(2_227, 4_454)}


def test_a_mapping_for_other_columns_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(CannotImport, match="opened_at_fixed"):
        _import("comcast_canonical.csv", "comcast", tmp_path)
