"""`kesu lag` and `kesu verify` on Apache Kafka and PostgreSQL: groups say who holds what, and all holds."""

import asyncio

import httpx
import msgspec
import pytest

from deploy.containers.stack import ContainerStack
from kesu.lag.report import LagReport
from kesu.verify.report import Report
from shared.saved import COMPLAINTS
from tests.builders import submissions
from tests.e2e.doors import kesu, post

pytestmark = pytest.mark.stack
COUNT = 20
LOOKS_MAX = 60


async def looked(stack: ContainerStack, *command: str) -> tuple[int, bytes]:
    where = {"KESU_DATABASE_URL": stack.database_url(), "KESU_KAFKA_BOOTSTRAP": stack.bootstrap}
    return await kesu(*command, "--json", "--http", f"routing={stack.url('routing')}", **where)


async def lag(stack: ContainerStack, *limits: str) -> tuple[int, LagReport]:
    status, out = await looked(stack, "lag", *limits)
    return status, msgspec.json.decode(out, type=LagReport)


async def test_who_holds_what_and_how_far_it_is(container_stack: ContainerStack) -> None:
    """All services read; then routing is stopped, and what it leaves behind is told in records, seconds and members."""
    stack = container_stack
    await stack.start_services()
    async with httpx.AsyncClient(timeout=30) as http:
        for n in range(COUNT):
            await post(http, stack, "/v1/complaints", submissions.complaint(source_id=f"a{n}", occurred_at=None), key=f"a{n}")  # fmt: skip
        status, report = await lag(stack, "--max", "0")
        for _ in range(LOOKS_MAX):  # committed offsets follow every few seconds
            if status == 0 and all(one.committed == one.position for one in report.partitions):
                break
            await asyncio.sleep(0.5)
            status, report = await lag(stack, "--max", "0")
        assert (status, report.behind_max) == (0, 0)
        assert [(one.committed, one.held_by != "") for one in report.partitions] == [
            (one.position, True) for one in report.partitions
        ]
        assert {one.members for one in report.services.values()} == {1}
        assert report.services["routing"].ready == "ready"
        await stack.stop_service("routing")
        for n in range(COUNT, 2 * COUNT):
            await post(http, stack, "/v1/complaints", submissions.complaint(source_id=f"a{n}", occurred_at=None), key=f"a{n}")  # fmt: skip
    status, report = await lag(stack, "--max", "3")
    behind = [one for one in report.partitions if (one.service, one.topic) == ("routing", COMPLAINTS)]
    assert (status, sum(one.behind for one in behind)) == (2, COUNT)
    assert {one.held_by for one in behind} == {""}
    assert (report.services["routing"].members, report.services["routing"].ready) == (0, "no_answer")
    await stack.start_service("routing")
    where = {"KESU_DATABASE_URL": stack.database_url(), "KESU_KAFKA_BOOTSTRAP": stack.bootstrap}
    status, out = await kesu("verify", "--json", **where)
    verified = msgspec.json.decode(out, type=Report)
    assert (status, verified.findings, verified.complaints) == (0, (), 2 * COUNT)
