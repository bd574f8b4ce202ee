"""The run directory keeps secrets to itself, goes away with its stack, and sweeps up after killed ones."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from deploy.embedded.errors import CannotStart
from deploy.embedded.run_dir import RunDir


def test_secrets_are_readable_by_us_alone(tmp_path: Path) -> None:
    made = RunDir.create(tmp_path)

    key = made.make_master_key()

    assert 0o600 == key.stat().st_mode & 0o777
    assert 32 == len(bytes.fromhex(key.read_text()))
    assert 0o711 == made.path.stat().st_mode & 0o777
    made.remove()


def test_nothing_is_left_when_it_is_removed(tmp_path: Path) -> None:
    made = RunDir.create(tmp_path)
    made.make_master_key()

    made.remove()

    assert not made.path.exists()


def test_what_a_killed_process_left_is_swept_and_what_is_in_use_stays(tmp_path: Path) -> None:
    code = "import os, sys, pathlib; from deploy.embedded.run_dir import RunDir; "
    code += "print(RunDir.create(pathlib.Path(sys.argv[1])).path, flush=True); os.kill(os.getpid(), 9)"
    died = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=30, check=False
    )
    left = Path(died.stdout.strip())
    assert left.is_dir()
    in_use = RunDir.create(tmp_path)

    assert not left.exists()
    second = RunDir.create(tmp_path)
    assert in_use.path.exists()
    second.remove()
    in_use.remove()


def test_too_little_space_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=200_000_000))

    with pytest.raises(CannotStart) as refused:
        RunDir.create(tmp_path)

    assert "no_space" == refused.value.code
    assert "200 MB" in refused.value.en
    assert "200 MB" in refused.value.zh


def test_a_directory_somebody_else_put_there_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getuid", lambda: 4711)

    with pytest.raises(CannotStart) as refused:
        RunDir.create(tmp_path)

    assert "run_dir_not_ours" == refused.value.code
