"""Intake's HTTP door as an ASGI application, with a log that a test can take away or hold up."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx
from litestar import Litestar

from services.intake.acceptance import Acceptance
from services.intake.api.errors import EXCEPTION_HANDLERS
from services.intake.app import create_doors, routes
from services.intake.group_commit import GroupCommit
from services.intake.settings import IntakeSettings
from shared.errors import NotNow
from shared.log.customer_keys import TOPIC as KEYS
from shared.pipeline.records import Outgoing
from tests.builders.common import T0
from tests.component.intake.desk import Desk, FixedClock


class Log:
    """The events published, and customers' keys beside them; `away` refuses, and while `open` is not set an acknowledgement does not come."""

    def __init__(self) -> None:
        self.events: list[Outgoing] = []
        self.keys: list[Outgoing] = []
        self.away = False
        self.open = asyncio.Event()
        self.open.set()

    async def publish(self, events: Sequence[Outgoing]) -> None:
        await self.open.wait()
        if self.away:
            raise NotNow("no broker")
        self.events.extend(one for one in events if one.topic != KEYS)
        self.keys.extend(one for one in events if one.topic == KEYS)


class NoReporting:
    """Reporting is away, or knows what a test gave it."""

    def __init__(self) -> None:
        self.views: dict[str, bytes] = {}

    async def complaint(self, complaint_id: str) -> bytes | None:
        return self.views.get(complaint_id)


class Door:
    """The application's parts that tests look at."""

    def __init__(self, desk: Desk, acceptance: Acceptance, settings: IntakeSettings) -> None:
        self.log = Log()
        self.reporting = NoReporting()
        self.clock = FixedClock(T0)
        self.group = GroupCommit(
            pool=lambda: desk.pool,
            publish=self.log.publish,
            acceptance=acceptance,
            clock=self.clock,
            gather_s=settings.gather_ms_max / 1_000,
            drafts_max=settings.gather_drafts_max,
            requests_max=settings.queue_requests_max,
            publish_timeout_s=settings.publish_timeout_s,
            retry_after_s=settings.retry_after_s,
        )
        doors = create_doors(settings, drafting=desk.drafting, group=self.group, clock=self.clock)
        self.app = Litestar(
            route_handlers=routes(doors, lambda: desk.pool, self.reporting),
            exception_handlers=EXCEPTION_HANDLERS,
            request_max_body_size=settings.body_bytes_max,
            logging_config=None,
        )

    @asynccontextmanager
    async def client(self, **options: Any) -> AsyncIterator[httpx.AsyncClient]:
        """A client of the running door."""
        await self.group.start()
        transport = httpx.ASGITransport(app=self.app)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://intake", **options) as client:
            yield client
        await self.group.stop()
