"""What another pack would have decided, row by row, without a word of the texts."""

from pathlib import Path

import msgspec
import pytest
from typer.testing import CliRunner

from kesu.cli import app
from tests.builders.packs import company_folder

ROWS = [
    {"id": "a", "text": "家里宽带断网三天了,一直没人来修"},
    {"id": "b", "text": "营业员态度恶劣"},
    {"id": "c"},
]


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    file = tmp_path / "rows.ndjson"
    file.write_bytes(b"\n".join(map(msgspec.json.encode, ROWS)))
    return file


def test_rows_that_come_out_otherwise_are_told(tmp_path: Path, rows: Path) -> None:
    harbour = company_folder(tmp_path / "harbour")
    run = CliRunner().invoke(app, ["policy", "compare", "telecom_cn", str(harbour), str(rows), "--json"])
    assert 0 == run.exit_code
    (changed,) = [msgspec.json.decode(line) for line in run.stdout.splitlines()]
    assert "a" == changed["id"] and "宽带" not in run.stdout
    assert {"field": "unit", "before": "fixed_network", "after": "harbour_desk"} in changed["changes"]
    assert "3 rows, 1 change, 1 could not be judged" in run.stderr


def test_a_pack_changes_nothing_against_itself(rows: Path) -> None:
    run = CliRunner().invoke(app, ["policy", "compare", "general", "general", str(rows)])
    assert 0 == run.exit_code and "3 rows, 0 change" in run.stdout


@pytest.mark.parametrize(
    ("pack", "file", "code"), [("nowhere", "rows", "pack_not_usable"), ("general", "gone", "file")]
)
def test_what_cannot_be_read_is_said(rows: Path, pack: str, file: str, code: str) -> None:
    run = CliRunner().invoke(app, ["policy", "compare", "general", pack, str(rows.with_stem(file))])
    assert 1 == run.exit_code and code in run.stderr
