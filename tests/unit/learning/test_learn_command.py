"""`kesu learn`: a file of labelled rows in, a pack that extends another out; what cannot be learned is said."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kesu.cli import app
from kesu.learning.folder import rules_of, write_folder
from services.routing.policy.learned import MEMBER, load_layer
from services.routing.policy.pack import load_pack
from tests.unit.learning.models import body, pack
from tests.unit.learning.taught import rows


def _learn(*args: str | Path) -> Result:
    return CliRunner().invoke(app, ["learn", *map(str, args)])


def _file(folder: Path, lines: list[dict[str, Any]]) -> Path:
    file = folder / "cases.ndjson"
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    return file


def test_a_pack_is_written_that_extends_the_default_one_and_is_the_same_each_time(tmp_path: Path) -> None:
    """In a pack that is there only the model is written anew, learned beside its own rules."""
    file, out = _file(tmp_path, rows()), tmp_path / "ours"

    first = _learn(file, "--out", out, "--json")

    assert 0 == first.exit_code, first.stderr
    said, written = json.loads(first.stdout), load_pack(out)
    assert written.content_hash == said["pack"]
    assert ("ours", pack().causes) == (written.name, written.causes)
    assert load_layer(written.documents.members)
    assert len(rows()) == said["examples"]
    assert {"complaint_f1", "cause_macro_f1", "emotion_r"} <= {figure["id"] for figure in said["figures"]}

    again = _learn(file, "--out", out)

    assert 0 == again.exit_code
    assert said["pack"] in again.stdout.replace("\n", "")


def test_too_few_rows_write_nothing(tmp_path: Path) -> None:
    result = _learn(_file(tmp_path, rows()[:20]), "--out", tmp_path / "ours")

    assert 1 == result.exit_code
    assert "examples_number" in result.stderr
    assert not (tmp_path / "ours").exists()


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    result = _learn(_file(tmp_path, rows()), "--out", tmp_path)

    assert 1 == result.exit_code
    assert "out_taken" in result.stderr
    assert not (tmp_path / MEMBER).exists()


def test_a_pack_of_ones_own_is_extended_by_the_way_to_it(tmp_path: Path) -> None:
    own, out = tmp_path / "own", tmp_path / "learned" / "by_us"
    own.mkdir()
    (own / "pack.yaml").write_text("extends: telecom_cn\nname: own\n")

    write_folder(out, rules_of(out, str(own)), body())

    assert 3 == len(load_pack(out).source.layers)
    assert rules_of(out, None).content_hash == rules_of(tmp_path / "other" / "by_us", str(own)).content_hash


@pytest.mark.parametrize("module", ["services.routing.app", "kesu.cli.learn"])
def test_what_runs_without_the_extra_never_imports_it(module: str) -> None:
    code = f"import {module}, sys; sys.exit(bool({{'numpy', 'scipy'}} & sys.modules.keys()))"

    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode
