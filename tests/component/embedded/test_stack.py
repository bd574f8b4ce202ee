"""The stack lives and dies as one, whatever ends it."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import psutil
import pytest
from aiokafka.admin import AIOKafkaAdminClient

from deploy.embedded.environment import SERVICES
from deploy.embedded.errors import CannotStart
from deploy.embedded.ports import free_port
from deploy.embedded.stack import EmbeddedStack

# Starts a stack, names its processes and its directory, and waits.
OWNER = """
import asyncio, psutil
from deploy.embedded.stack import EmbeddedStack
async def main():
    async with EmbeddedStack(fsync=False) as stack:
        pids = [one.pid for one in psutil.Process().children(recursive=True)]
        print(stack.run_dir.path, *pids, flush=True)
        await asyncio.sleep(60)
try:
    asyncio.run(main())
except KeyboardInterrupt:
    pass
"""


async def test_it_is_migrated_has_topics_and_each_service_its_own_role(stack: EmbeddedStack) -> None:
    for service in SERVICES:
        conn = await asyncpg.connect(stack.database_url(service), timeout=10)
        assert [] == await conn.fetch(f"SELECT * FROM {service}.positions")
        await conn.close()
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.bootstrap)
    await admin.start()
    assert [
        "kesu.complaints",
        "kesu.control",
        "kesu.customer-keys",
        "kesu.dead-letters",
        "kesu.submissions",
        "kesu.watermarks",
    ] == await admin.list_topics()
    await admin.close()
    assert 0o600 == stack.master_key_file.stat().st_mode & 0o777


async def test_a_service_is_told_all_and_no_secret_of_another(stack: EmbeddedStack) -> None:
    env = stack.service_env("routing")

    assert stack.database_url("routing") == env["KESU_DATABASE_URL"]
    assert stack.bootstrap == env["KESU_KAFKA_BOOTSTRAP"]
    assert str(stack.master_key_file) == env["KESU_MASTER_KEY_FILE"]
    assert "KESU_CLOCK_FILE" not in env
    assert not [name for name, value in env.items() if stack.postgres.password in value]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_nothing_outlives_its_owner(how: signal.Signals) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    path, *pids = owner.stdout.readline().split()
    processes = [psutil.Process(int(pid)) for pid in pids]
    assert {"postgres", "tansu"} <= {one.name() for one in processes}

    owner.send_signal(how)
    owner.wait(timeout=20)

    until = time.monotonic() + 15
    while any(map(_lives, processes)) and time.monotonic() < until:
        time.sleep(0.05)
    assert [] == [one for one in processes if _lives(one)]
    assert (how == signal.SIGKILL) == Path(path).exists()  # what it leaves then, the next start sweeps up


async def test_a_taken_port_is_said_before_anything_starts(stack: EmbeddedStack) -> None:
    second = EmbeddedStack(http_ports={"intake": free_port()}, postgres_port=stack.postgres.port)

    with pytest.raises(CannotStart) as refused:
        await second.__aenter__()

    assert "port_taken" == refused.value.code
    assert f"{stack.postgres.port} (postgres)" in refused.value.zh


async def test_a_service_that_ends_at_start_is_said_with_its_log(stack: EmbeddedStack) -> None:
    with pytest.raises(CannotStart) as refused:
        await stack.start_service("routing", settings={"KESU_HTTP_PORT": "no number"})

    assert "routing_ended" == refused.value.code
    assert "http_port" in refused.value.en
    assert {"routing": 1} == stack.ended()


def _lives(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
