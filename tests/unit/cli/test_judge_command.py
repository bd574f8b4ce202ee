"""`kesu judge` on a folder of our own making: what it measures, what it never shows, how it ends."""

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kesu.cli import app
from kesu.judge.labelled import ONCE, TEXTS, TWICE
from kesu.judge.parts import UNREAD_FROM, is_unread
from tests.unit.judge.rows import labels

SECRET = "这句原文不该出现"
SENTENCES = ("宽带断了三天没人修", "话费多扣了五十块，退钱", "请问怎么办理停机保号", "你们客服态度恶劣，骗子！")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Some rows that may be read, some that nobody reads, and some labelled twice."""
    ids = [str(UNREAD_FROM + n) for n in range(40)]
    with gzip.open(tmp_path / TEXTS, "wt", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "text"))
        writer.writerows((one, f"{SENTENCES[n % 4]} {SECRET}") for n, one in enumerate(ids))
    _write(tmp_path / ONCE, ids[:30])
    _write(tmp_path / TWICE, ids[30:], cause=None, severity=None)
    return tmp_path


def _write(path: Path, ids: list[str], **given: Any) -> None:
    names = labels().__struct_fields__
    said = [{name: getattr(labels(one, **given), name) for name in names} for one in ids]
    path.write_text("".join(json.dumps(one) + "\n" for one in said))


def _run(*args: str) -> Result:
    return CliRunner().invoke(app, ["judge", *args])


@pytest.mark.parametrize("parts", ["looked-at", "unread"])
def test_the_rows_of_the_parts_asked_for_are_measured(data: Path, parts: str) -> None:
    result = _run("--data", str(data), "--parts", parts, "--rules-only", "--json")

    report = json.loads(result.stdout)
    wanted = sum(is_unread(str(UNREAD_FROM + n)) == (parts == "unread") for n in range(30))
    assert (parts, "rules", parts, wanted) == (
        report["parts"], *(report["measured"][0][name] for name in ("system", "rows", "count"))
    )  # fmt: skip
    assert ["twice labelled"] * (parts == "unread") == [one["rows"] for one in report["measured"][1:]]
    assert 2 == result.exit_code  # all are labelled as complaints about the network


def test_neither_report_nor_screen_holds_a_text(data: Path) -> None:
    for options in ((), ("--json",)):
        result = _run("--data", str(data), "--rules-only", *options)
        assert SECRET not in result.output
        assert str(UNREAD_FROM)[:10] in result.output


@pytest.mark.parametrize(
    "options", [("--parts", "unread"), ("--parts", "looked-at"), ("--parts", "looked-at", "--json")]
)
def test_texts_are_shown_on_a_terminal_and_of_rows_that_may_be_read_only(data: Path, options: tuple[str, ...]) -> None:
    result = _run("--data", str(data), "--rules-only", "--show-texts", *options)

    assert 2 == result.exit_code
    assert SECRET not in result.output and "--show-texts" in result.output


def test_a_folder_without_labels_is_said_clearly(tmp_path: Path) -> None:
    result = _run("--data", str(tmp_path))

    assert (1, "") == (result.exit_code, result.stdout)
    assert "no_labels" in result.stderr
