"""Imports point one way: the contracts of import-linter in pyproject.toml hold."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_imports_point_one_way() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert (0, "") == (done.returncode, "" if done.returncode == 0 else done.stdout)


def test_importing_a_service_connects_to_nothing_and_leaves_the_other_services_alone() -> None:
    code = (
        "import importlib, socket, sys\n"
        "def refuse(*_): raise AssertionError('importing opened a connection')\n"
        "socket.socket.connect = refuse\n"
        "for name in ('intake', 'routing', 'followup', 'reporting'):\n"
        "    importlib.import_module(f'services.{name}.app')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert (0, "") == (done.returncode, done.stderr)
