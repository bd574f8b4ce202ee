"""A promise kept while intake is away is kept: accepted on the topic counts, whoever is there to take it in."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

import asyncpg
import httpx

from kesu.demo.session import Plan, Session, demo_session
from shared.log.submissions import submitted
from tests.builders import submissions as s
from tests.e2e.doors import post

PLAN: Final = Plan(complaints=0, arrivals=timedelta(0), afterwards=timedelta(0))
CONTACT: Final = "kesu.submission.contact.v1"
WATCHED_S: Final = 3.0  # many times what follow-up needs to judge what is due
WAIT_S_MAX: Final = 60.0
_FIRST_RESPONSE: Final = (
    "SELECT state, due_at FROM followup.promises WHERE kind = 'first_response' ORDER BY due_at LIMIT 1"
)


async def _first_response(session: Session) -> tuple[str, datetime] | None:
    conn = await asyncpg.connect(session.stack.database_url("followup"))
    try:
        row = await conn.fetchrow(_FIRST_RESPONSE)
    finally:
        await conn.close()
    return (row[0], row[1]) if row else None


async def _opened(session: Session) -> datetime:
    async with asyncio.timeout(WAIT_S_MAX):
        while (promise := await _first_response(session)) is None:
            await asyncio.sleep(0.05)
    assert promise[0] == "open"
    return promise[1]


async def _ends_as(session: Session) -> str:
    async with asyncio.timeout(WAIT_S_MAX):
        while (promise := await _first_response(session)) is None or promise[0] == "open":
            await asyncio.sleep(0.05)
    return promise[0]


async def test_a_promise_kept_while_intake_is_away_is_kept() -> None:
    """The contact is accepted on the topic before the promise is due; intake takes it in long after."""
    async with demo_session(PLAN) as session, httpx.AsyncClient(timeout=30) as http:
        stack, clock, publish = session.stack, session.clock, session.driver._producer.publish
        answer = await post(http, stack, "/v1/complaints", s.complaint(occurred_at=clock.now()), key="k")
        assert answer.status_code == 202, answer.text
        due = await _opened(session)

        await stack.stop_service("intake")
        kept_at = due - timedelta(minutes=1)
        clock.jump(kept_at)
        contact = s.contact(occurred_at=kept_at, about=s.ABOUT, callback_id="", promised=())
        await publish([submitted(CONTACT, contact, at=kept_at)])
        clock.jump(due + timedelta(minutes=30))
        await asyncio.sleep(WATCHED_S)
        assert (await _first_response(session) or ("",))[0] == "open", "nobody knows yet whether it was kept"

        await stack.start_service("intake")
        assert await _ends_as(session) == "kept"


async def test_a_promise_nobody_kept_meanwhile_is_broken_once_intake_is_back() -> None:
    """The check of the test above can fail: without the contact the same promise ends as broken."""
    async with demo_session(PLAN) as session, httpx.AsyncClient(timeout=30) as http:
        stack, clock = session.stack, session.clock
        await post(http, stack, "/v1/complaints", s.complaint(occurred_at=clock.now()), key="k")
        due = await _opened(session)
        await stack.stop_service("intake")
        clock.jump(due + timedelta(minutes=30))
        await stack.start_service("intake")
        assert await _ends_as(session) == "broken"
