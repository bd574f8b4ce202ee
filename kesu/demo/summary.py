"""The figures a demo ends with, from reporting's API and from a verification of the log."""

from typing import Any

import httpx
import msgspec
from msgspec import Struct

from kesu.demo.session import Session
from kesu.verify.run import Report, verify


class Summary(Struct, frozen=True, kw_only=True):
    """What happened: `figures` as reporting gives them (`GET /v1/summary`), `verification` of log against tables."""

    complaints_asked: int
    seed: int
    from_: str
    until: str
    submitted: int
    clock_stops: int
    seconds: float
    figures: dict[str, Any]
    verification: Report
    api: dict[str, str]


async def summarise(session: Session, *, seconds: float) -> Summary:
    """Collect the figures; the services must have come to rest."""
    plan, told, stack = session.plan, session.driver.told, session.stack
    async with httpx.AsyncClient(base_url=stack.url("reporting"), timeout=60) as client:
        answer = (await client.get("/v1/summary")).raise_for_status()
    report = await verify(database_url=stack.database_url(), brokers=stack.brokers, clock=session.clock)
    return Summary(
        complaints_asked=plan.complaints, seed=plan.seed, from_=plan.start.isoformat(), until=told.now.isoformat(),
        submitted=told.submitted, clock_stops=told.steps, seconds=round(seconds, 1),
        figures=msgspec.json.decode(answer.content), verification=report,
        api={name: stack.url(name) for name in stack.services},
    )  # fmt: skip
