"""The floor: four processes that move the same records through the same topics and write the same rows, and think nothing."""

import asyncio
import pickle
import sys
import time
from pathlib import Path
from typing import Final

import asyncpg

from deploy.embedded.processes import Child, spawn
from deploy.stack import Stack
from kesu.bench.floor_worker import Role
from kesu.bench.servers import MakeStack
from kesu.bench.throughput import TIMEOUT_S, Sample, Throughput, prefill
from shared.log.submissions import SUBMISSIONS_TOPIC
from shared.saved import COMPLAINTS

POLL_S: Final = 0.05
RECEIVED: Final = "kesu.complaint.received.v1"
ROUTED: Final = "kesu.complaint.routed.v1"
PLANNED: Final = "kesu.followup.planned.v1"


async def measure_floor(make_stack: MakeStack, complaints: int, sample: Sample, *, seed: int) -> Throughput:
    """One run of the floor on a fresh stack, with as many complaints; counted as `throughput.measure` counts."""
    async with make_stack() as stack:
        conn = await asyncpg.connect(stack.database_url())
        await conn.close()
        count, _ = await prefill(stack, complaints, seed=seed, repetitions=False)
        directory = stack.run_dir.path
        children = [_start(stack, role, directory) for role in _roles(stack, sample, count, directory)]
        while not all((directory / f"{child.name}.done.ready").exists() for child in children):
            _still_running(children)
            await asyncio.sleep(POLL_S)
        before = stack.cpu_s() | {child.name: child.cpu_s() for child in children}
        began = time.monotonic()
        while not all((directory / f"{child.name}.done").exists() for child in children):
            _still_running(children)
            if time.monotonic() - began > TIMEOUT_S:
                raise TimeoutError("the floor did not finish")
            await asyncio.sleep(POLL_S)
        seconds = time.monotonic() - began
        after = stack.cpu_s() | {child.name: child.cpu_s() for child in children}
        spent = {name: after[name] - before.get(name, 0.0) for name in after}
        await asyncio.gather(*(child.kill() for child in children))
        return Throughput(complaints=count, seconds=seconds, cpu_s=spent, pss_bytes={})


def _roles(stack: Stack, sample: Sample, count: int, directory: Path) -> list[Role]:
    def role(name: str, topic: str, takes: tuple[str, ...], gives: str, schemas: tuple[str, ...], records: int) -> Role:
        return Role(
            name=name, topic=topic, takes=tuple(t.encode() for t in takes), gives=gives,
            bodies=sample.bodies.get(gives, ()), database_url=stack.database_url(), brokers=stack.brokers,
            idempotent=stack.broker.idempotent,
            templates=tuple(t for t in sample.templates if t.schema in schemas), total=records,
            done_file=str(directory / f"floor-{name}.done"), per_record=count / records,
        )  # fmt: skip

    return [
        role("intake", SUBMISSIONS_TOPIC, (), RECEIVED, ("intake", "vault"), count),
        role("routing", COMPLAINTS, (RECEIVED,), ROUTED, ("routing",), count),
        role("followup", COMPLAINTS, (ROUTED,), PLANNED, ("followup",), count),
        role("reporting", COMPLAINTS, (RECEIVED, ROUTED, PLANNED), "", ("reporting",), count * 3),
    ]


def _start(stack: Stack, role: Role, directory: Path) -> Child:
    plan = directory / f"floor-{role.name}.role"
    plan.write_bytes(pickle.dumps(role))
    command = [sys.executable, "-m", "kesu.bench.floor_worker", str(plan)]
    return spawn(f"floor-{role.name}", command, log_file=stack.run_dir.log_file(f"floor-{role.name}"))


def _still_running(children: list[Child]) -> None:
    for child in children:
        if child.exit_status is not None:
            raise RuntimeError(f"{child.name} ended:\n{child.log_tail()}")
