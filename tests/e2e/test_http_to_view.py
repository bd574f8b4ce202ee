"""A complaint that a channel posts is what supervisors see, once, and `kesu verify` finds the stack and nothing wrong in it."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import msgspec
import pytest
import pytest_asyncio

from deploy.embedded.stack import EmbeddedStack
from kesu.demo.quiet import Quiet
from kesu.verify.run import Report
from services.routing.explaining.shown import Decisions
from shared.clock import SystemClock
from tests.builders import submissions
from tests.e2e.doors import get, kesu, post

pytestmark = pytest.mark.stack


@pytest.fixture
def own_temp() -> Iterator[Path]:
    """A temporary directory in which no other stack runs, open to the database's own user."""
    with tempfile.TemporaryDirectory(prefix="kesu-e2e-") as directory:
        Path(directory).chmod(0o711)
        yield Path(directory)


@pytest_asyncio.fixture(loop_scope="function")
async def stack(own_temp: Path) -> AsyncIterator[EmbeddedStack]:
    async with EmbeddedStack(fsync=False, parent_dir=own_temp) as started:
        await started.start_services()
        yield started


@pytest_asyncio.fixture(loop_scope="function")
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=30) as client:
        yield client


async def come_to_rest(stack: EmbeddedStack) -> None:
    quiet = Quiet(stack.urls, clock=SystemClock(), written={})
    try:
        await quiet.wait(timeout_s=30)
    finally:
        await quiet.close()


async def test_what_is_posted_is_seen_once(stack: EmbeddedStack, http: httpx.AsyncClient, own_temp: Path) -> None:
    complaint = submissions.complaint(source_id="only/one", occurred_at=None)

    first = await post(http, stack, "/v1/complaints", complaint, key="k1")
    await come_to_rest(stack)
    same_request = await post(http, stack, "/v1/complaints", complaint, key="k1")
    same_complaint = await post(http, stack, "/v1/complaints", complaint, key="k2")
    await come_to_rest(stack)

    assert [202, 202, 202] == [one.status_code for one in (first, same_request, same_complaint)]
    assert first.content == same_request.content
    assert ["accepted", "duplicate"] == [one.json()["status"] for one in (first, same_complaint)]
    id_ = first.json()["complaint_id"]
    assert id_ == same_complaint.json()["complaint_id"]

    detail = await get(http, stack, f"/v1/complaints/{id_}")
    listed = await get(http, stack, "/v1/complaints")
    timeline = await get(http, stack, f"/v1/complaints/{id_}/timeline")
    assert [detail["complaint"]] == listed["items"]
    assert ("only/one", "hotline", "open") == tuple(detail["complaint"][f] for f in ("source_id", "channel", "status"))
    assert detail["complaint"]["severity"]
    assert detail["complaint"]["next_promise_due_at"] == min(one["due_at"] for one in detail["promises"])
    assert ["kesu.complaint.received.v1", "kesu.complaint.routed.v1", "kesu.followup.planned.v1"] == [
        one["type"] for one in timeline["items"] if one["type"] != "kesu.callback.requested.v1"
    ]  # calls are asked for at once where it is the customer's usual hour, or where quiet hours are near

    standing = await http.get(stack.url("intake") + first.headers["location"])
    assert (id_, "open") == (standing.json()["complaint_id"], standing.json()["state"])
    assert detail["promises"] == standing.json()["current"]["promises"]

    status, out = await kesu("verify", "--json", TMPDIR=str(own_temp))
    report = msgspec.json.decode(out, type=Report)
    assert (0, ()) == (status, report.findings)
    assert (1, 0) == (report.complaints, report.dead_letters)
    assert report.events == report.archived >= len(timeline["items"])  # a window may open in between

    status, out = await kesu("explain", id_, "--json", TMPDIR=str(own_temp))
    explained = msgspec.json.decode(out, type=Decisions)
    severity = next(one.value for one in explained.revisions[0].conclusions if one.name == "severity")
    assert (0, "masked", detail["complaint"]["severity"]) == (status, explained.text_state, severity)
