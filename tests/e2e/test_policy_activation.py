"""A policy owner brings a pack into force while complaints flow: nothing restarts, each complaint keeps its pack, all can be repeated."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import msgspec
import pytest

from deploy.embedded.stack import EmbeddedStack
from services.routing.deciding import case_of
from services.routing.policy.body import unpacked
from services.routing.policy.pack import build_pack
from services.routing.rules import decide
from shared.events.intake import ComplaintReceived
from shared.events.registry import decode
from shared.events.routing import ComplaintRouted
from shared.events.submissions import Reference
from tests.builders import submissions
from tests.builders.packs import company_folder, company_source
from tests.e2e.doors import get, kesu, post
from tests.e2e.test_http_to_view import come_to_rest, own_temp, stack  # noqa: F401 - fixtures

pytestmark = pytest.mark.stack
TEXT = "家里宽带断网三天了,一直没人来修。"
_ROUTED = "SELECT body FROM routing.events WHERE type = 'kesu.complaint.routed.v1' ORDER BY number"
_RECEIVED = "SELECT body FROM intake.events WHERE type = 'kesu.complaint.received.v1'"
_PACKS = "SELECT content_hash, body FROM routing.packs"


@contextlib.asynccontextmanager
async def flowing(stack: EmbeddedStack) -> AsyncIterator[list[int]]:  # noqa: F811
    """Complaints come in one after the other; how many is told."""
    sent = [0]
    async with httpx.AsyncClient(timeout=30) as http:

        async def channel() -> None:
            for number in count():
                one = submissions.complaint(source_id=f"n{number}", text=TEXT, occurred_at=None)
                answer = await post(http, stack, "/v1/complaints", one, key=f"k{number}")
                assert 202 == answer.status_code, answer.text
                sent[0] += 1
                await asyncio.sleep(0.02)

        task = asyncio.create_task(channel())
        try:
            yield sent
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def more(sent: list[int], wanted: int = 20) -> None:
    """Wait for that many more complaints."""
    until = sent[0] + wanted
    async with asyncio.timeout(30):
        while sent[0] < until:
            await asyncio.sleep(0.02)


async def reads_complaints(stack: EmbeddedStack, name: str) -> bool:  # noqa: F811
    """Whether this instance holds partitions of the log; only one of them reads kesu.control."""
    async with httpx.AsyncClient(timeout=30) as http:
        progress = (await http.get(f"{stack.services[name].url}/internal/progress")).json()
    return any(place.startswith("kesu.complaints") for place in progress["read"])


async def decided(stack: EmbeddedStack) -> tuple[list[ComplaintRouted], dict[str, ComplaintReceived], dict[str, Any]]:  # noqa: F811
    """Decisions in the order they were taken, what they were about by complaint, and the packs that are kept."""
    conn = await asyncpg.connect(stack.database_url())
    try:
        routed = [decode(row["body"]) for row in await conn.fetch(_ROUTED)]
        received = [decode(row["body"]) for row in await conn.fetch(_RECEIVED)]
        packs = {row["content_hash"]: build_pack(unpacked(row["body"])) for row in await conn.fetch(_PACKS)}
    finally:
        await conn.close()
    known = {one.complaint_id: one for one in received if isinstance(one, ComplaintReceived)}
    return [one for one in routed if isinstance(one, ComplaintRouted)], known, packs


async def test_activated_while_complaints_flow(stack: EmbeddedStack, own_temp: Path, tmp_path: Path) -> None:  # noqa: F811
    here = {"TMPDIR": str(own_temp)}
    await stack.start_service("routing", instance=2)
    good = company_folder(tmp_path / "good")
    bad = company_folder(
        tmp_path / "bad", {"tables/unit.yaml": "- {id: ours, unit: u, when: has_nothing, zh: 错, en: no}\n"}
    )
    async with flowing(stack) as sent:
        await more(sent)
        refused, _ = await kesu("policy", "activate", str(bad), "--json", **here)
        status, out = await kesu("policy", "activate", str(good), "--json", **here)
        await more(sent)
        assert all([await reads_complaints(stack, name) for name in ("routing", "routing-2")])
        await stack.stop_service("routing")
        await stack.start_service("routing")
        await more(sent)
    await come_to_rest(stack)
    events, received, packs = await decided(stack)
    ours = company_source().content_hash

    assert (2, 0) == (refused, status)
    assert ours == msgspec.json.decode(out)["content_hash"]
    assert sent[0] <= len(events) == len({one.complaint_id for one in events}) == len(received)
    used = [one.pack for one in events]
    assert {ours} < set(used) <= packs.keys()
    units = {(one.pack == ours, one.decision.unit, one.control_offset is None) for one in events}
    assert {(False, "fixed_network.jiangsu", True), (True, "harbour_desk", False)} == units
    assert [ours] * 20 == used[-20:]
    for one in events:
        again = decide(case_of(received[one.complaint_id], TEXT), one.history, packs[one.pack or ""])
        assert msgspec.json.encode((one.assessment, one.decision, one.rules)) == msgspec.json.encode(
            (again.assessment, again.decision, again.rules)
        )
    await _repinned(stack, events[0].complaint_id, ours)
    verified, _ = await kesu("verify", "--json", **here)
    assert 0 == verified


async def _repinned(stack: EmbeddedStack, complaint_id: str, pack: str) -> None:  # noqa: F811
    """The first complaint is decided again, by the pack in force, and seen so."""
    about = Reference(complaint_id=complaint_id)
    async with httpx.AsyncClient(timeout=30) as http:
        answer = await post(
            http, stack, "/v1/facts/repin", submissions.repin(about=about, occurred_at=None), key="repin"
        )
        assert 202 == answer.status_code, answer.text
        await come_to_rest(stack)
        detail = await get(http, stack, f"/v1/complaints/{complaint_id}")
    events, _, _ = await decided(stack)
    assert [(1, False), (2, True)] == [
        (one.revision, one.pack == pack) for one in events if one.complaint_id == complaint_id
    ]
    assert "harbour_desk" == detail["complaint"]["unit"]
