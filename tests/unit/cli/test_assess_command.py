"""`kesu assess`: lines on standard output, what is told to people on standard error, and how it ends."""

import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kesu.cli import app

GOOD = '{"id": 1, "text": "信号差"}\n'


def _run(*args: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["assess", *args], input=given)


def test_standard_output_has_nothing_but_lines(tmp_path: Path) -> None:
    file = tmp_path / "rows.ndjson"
    file.write_text(GOOD * 3)

    result = _run(str(file))

    assert 0 == result.exit_code
    assert [1, 1, 1] == [json.loads(line)["id"] for line in result.stdout.splitlines()]
    assert "3 of 3" in result.stderr


def test_standard_input_is_judged_like_a_file(tmp_path: Path) -> None:
    file = tmp_path / "rows.ndjson"
    file.write_text(GOOD)

    assert _run(str(file)).stdout == _run("-", given=GOOD.encode()).stdout
    assert _run(str(file)).stdout == _run("-", given=gzip.compress(GOOD.encode())).stdout


def test_rows_without_judgement_have_their_lines_and_are_counted() -> None:
    result = _run("-", given=(GOOD + "oops\n").encode())

    assert 0 == result.exit_code
    assert [True, False] == ["kind" in json.loads(line) for line in result.stdout.splitlines()]
    assert "not_json" in result.stderr


@pytest.mark.parametrize("pack", [False, True])
def test_what_cannot_be_used_at_all_is_said_in_both_languages(tmp_path: Path, pack: bool) -> None:
    result = _run("-", "--pack", str(tmp_path), given=GOOD.encode()) if pack else _run(str(tmp_path / "nothing"))

    assert (1, "") == (result.exit_code, result.stdout)
    assert ("pack_invalid" if pack else "file_unreadable") in result.stderr
    assert ("文件夹" if pack else "打不开") in result.stderr and ("folder" if pack else "cannot open") in result.stderr
