"""`kesu up`: everything with one command, gone with Ctrl-C, and loud when a part of it dies."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from deploy.embedded.environment import SERVICES
from deploy.embedded.ports import CANDIDATES, free_port, is_free

START_TIMEOUT_S = 90
KESU = [sys.executable, "-c", "from kesu.cli import app; app()"]


class Up:
    """A running `kesu up` and what it says."""

    def __init__(self, process: subprocess.Popen[str], said_file: Path) -> None:
        self.process = process
        self._said_file = said_file

    @property
    def said(self) -> str:
        return self._said_file.read_text()

    def wait_until_up(self) -> None:
        until = time.monotonic() + START_TIMEOUT_S
        while "Ctrl-C" not in self.said:
            assert self.process.poll() is None and time.monotonic() < until, self.said
            time.sleep(0.1)

    @property
    def run_dir(self) -> Path:
        found = re.search(r"^logs +(\S+)/logs$", self.said, re.MULTILINE)
        assert found, self.said
        return Path(found[1])


@pytest.fixture
def port() -> int:
    """The first of four free ports in a row."""
    while True:
        first = free_port()
        if first + 4 <= CANDIDATES.stop and all(is_free(first + number) for number in range(4)):
            return first


@pytest.fixture
def up(port: int, tmp_path: Path) -> Iterator[Up]:
    said_file = tmp_path / "said"
    with said_file.open("w") as out:
        process = subprocess.Popen(
            [*KESU, "up", "--port", str(port)],
            stdout=out,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"COLUMNS": "200"},
        )
    yield Up(process, said_file)
    process.kill()
    process.wait(timeout=10)


def test_all_services_are_ready_and_ctrl_c_leaves_nothing(up: Up, port: int) -> None:
    up.wait_until_up()
    for number, service in enumerate(SERVICES):
        assert f"http://127.0.0.1:{port + number}" in up.said, service
        assert 200 == httpx.get(f"http://127.0.0.1:{port + number}/health/ready", timeout=10).status_code
    family = psutil.Process(up.process.pid).children(recursive=True)
    run_dir = up.run_dir
    assert run_dir.is_dir()

    up.process.send_signal(signal.SIGINT)

    assert 0 == up.process.wait(timeout=60), up.said
    assert not run_dir.exists()
    assert [] == [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_a_service_that_dies_ends_it_and_is_named(up: Up) -> None:
    up.wait_until_up()
    [routing] = [one for one in psutil.Process(up.process.pid).children() if "services.routing" in one.cmdline()]

    routing.kill()

    assert 1 == up.process.wait(timeout=60)
    assert "routing_ended" in up.said
    assert "routing 意外退出（状态 -9）" in up.said


def test_a_taken_port_is_said_in_both_languages(port: int) -> None:
    with socket.create_server(("127.0.0.1", port + 2)):
        refused = subprocess.run(
            [*KESU, "up", "--port", str(port)], capture_output=True, text=True, timeout=60, check=False
        )

    assert 1 == refused.returncode
    assert "port_taken" in refused.stderr
    assert f"端口已被占用：{port + 2} (followup)" in refused.stderr
    assert f"ports already in use: {port + 2} (followup)" in refused.stderr
