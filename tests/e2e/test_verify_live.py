"""`kesu verify` while services run and complaints come in: nothing is found that is only newer, and what is wrong is found."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count

import asyncpg
import httpx
import pytest

from deploy.embedded.stack import EmbeddedStack
from kesu.verify.report import Report
from kesu.verify.run import verify
from shared.clock import SystemClock
from shared.events.submissions import Reference
from tests.builders import submissions
from tests.e2e.doors import post

pytestmark = pytest.mark.stack
CHANNELS = 4
ROUNDS = 3


@contextlib.asynccontextmanager
async def under_load(stack: EmbeddedStack) -> AsyncIterator[list[int]]:
    """Complaints and contacts come in without a pause; the number of answers so far is told."""
    numbers, answers = count(), [0]
    async with httpx.AsyncClient(timeout=30) as http:

        async def channel() -> None:
            while True:
                id_ = f"n{next(numbers)}"
                one = submissions.complaint(source_id=id_, occurred_at=None)
                about = Reference(source="crm", source_id=id_)
                contact = submissions.contact(source_id=f"c-{id_}", about=about, occurred_at=None, promised=())
                for path, body in (("/v1/complaints", one), ("/v1/facts/contact", contact)):
                    answer = await post(http, stack, path, body, key=f"{path}{id_}")
                    assert answer.status_code in (200, 202), answer.text
                    answers[0] += 1

        channels = [asyncio.create_task(channel()) for _ in range(CHANNELS)]
        try:
            yield answers
        finally:
            for task in channels:
                task.cancel()
            ended = await asyncio.gather(*channels, return_exceptions=True)
            assert all(isinstance(one, asyncio.CancelledError) for one in ended), ended


async def verified(stack: EmbeddedStack) -> Report:
    return await verify(database_url=stack.database_url(), brokers=stack.brokers, clock=SystemClock())


async def test_what_is_only_newer_is_no_finding(running_stack: EmbeddedStack) -> None:
    """Verified again and again under load: all holds, although the log goes on meanwhile; a row that is lost is found."""
    stack = running_stack
    async with under_load(stack) as answers:
        reports = []
        for _ in range(ROUNDS):
            await asyncio.sleep(0.5)
            reports.append(await verified(stack))
        assert [report.findings for report in reports] == [()] * ROUNDS
        assert sum(report.left_out.newer_events for report in reports) > 0
        assert reports[0].complaints < reports[-1].complaints <= answers[0]
        conn = await asyncpg.connect(stack.database_url())
        lost = await conn.fetchval(
            "DELETE FROM reporting.archive WHERE event_id = (SELECT event_id FROM reporting.archive LIMIT 1) "
            "RETURNING event_id::text"
        )
        await conn.close()
        (finding,) = (await verified(stack)).findings
        assert (finding.code, finding.examples) == ("lost_from_archive", (lost,))
    assert timedelta(seconds=reports[-1].lapses.max_s or 0) < timedelta(minutes=1)
