"""A running centre with two planted customers among others, and what is done with it to erase one of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final

import asyncpg
import httpx
import msgspec

from deploy.stack import Stack
from kesu.demo.session import Plan, Session, demo_session
from kesu.verify.run import Report, verify
from shared.ids import complaint_id
from shared.log.producer import LogProducer
from shared.pipeline.records import Outgoing, RawRecord
from shared.saved import COMPLAINTS
from tests.e2e.doors import get, kesu, post, read_by
from tests.e2e.holdings import records
from tests.e2e.planted import EN, ZH, Person

PLAN: Final = Plan(complaints=40, seed=5, arrivals=timedelta(hours=1), afterwards=timedelta(hours=3))
REVEAL_KEY: Final = "shown-to-supervisors-only"
FIGURES: Final = (
    "/v1/summary",
    "/v1/kpi/daily",
    "/v1/kpi/daily?by=cause&by=severity&by=channel",
    "/v1/promises?limit=200",
)
# Everything that reporting shows of every complaint.
_SHOWN: Final = "SELECT * FROM reporting.v_complaints ORDER BY complaint_id"
# What reporting keeps, its positions among it: without them it reads the log from the beginning.
_TABLES: Final = "SELECT string_agg('reporting.' || tablename, ', ') FROM pg_tables WHERE schemaname = 'reporting'"


class Office:
    """A running centre with two planted customers among others."""

    def __init__(self, session: Session, http: httpx.AsyncClient) -> None:
        self.session = session
        self.stack: Stack = session.stack
        self.http = http

    async def submit(self, person: Person, source_id: str) -> None:
        """The person complains by HTTP."""
        answer = await post(self.http, self.stack, "/v1/complaints", person.complaint(source_id), key=source_id)
        assert 202 == answer.status_code, answer.text

    async def complain(self, person: Person, source_id: str) -> None:
        """The person complains by HTTP, and what follows from it at once happens."""
        await self.submit(person, source_id)
        await self.session.run([])

    async def detail(self, source_id: str, *, reveal: bool) -> dict[str, Any]:
        """One complaint in detail, for who presents the key, or for everybody."""
        query, headers = ("?reveal=true", {"x-kesu-reveal-key": REVEAL_KEY}) if reveal else ("", {})
        return await get(self.http, self.stack, f"/v1/complaints/{id_of(source_id)}{query}", **headers)

    async def figures(self) -> dict[str, Any]:
        """All that is counted and shown, but for the personal part."""
        found: dict[str, Any] = {path: await get(self.http, self.stack, path) for path in FIGURES}
        conn = await asyncpg.connect(self.stack.database_url())
        try:
            found["v_complaints"] = [tuple(row) for row in await conn.fetch(_SHOWN)]
        finally:
            await conn.close()
        return found

    async def verified(self) -> Report:
        """What `kesu verify` finds."""
        at = self.stack
        return await verify(database_url=at.database_url(), brokers=at.brokers, clock=self.session.clock)

    async def erase(self, customer_id: str) -> tuple[int, bool]:
        """`kesu erase`: its exit status, and whether there was something to erase."""
        status, out = await kesu(
            "erase", customer_id, "--yes", "--json", KESU_DATABASE_URL=self.stack.database_url()
        )  # fmt: skip
        return status, msgspec.json.decode(out)["erased"]

    async def repeat(self, source_id: str) -> int:
        """Publish again whatever the log holds of a complaint, byte for byte; returns how many facts these are."""
        clock, key = self.session.clock, id_of(source_id)
        producer = LogProducer(brokers=self.stack.brokers, source="/again", clock=clock, idempotent=False)
        await producer.start()
        try:
            found = [raw for raw in (await records(self.stack, [COMPLAINTS]))[COMPLAINTS] if raw.key == key.encode()]
            await producer.publish([_again(raw, key) for raw in found])
            for name in ("routing", "followup", "reporting"):
                await read_by(self.http, self.stack, name, producer.ends)
        finally:
            await producer.stop()
        await self.session.run([])
        return len(found)

    async def rebuild(self) -> None:
        """Throw away all that reporting has, and let it read the log anew."""
        await self.stack.stop_service("reporting")
        conn = await asyncpg.connect(self.stack.database_url())
        try:
            await conn.execute(f"TRUNCATE {await conn.fetchval(_TABLES)}")
        finally:
            await conn.close()
        await self.stack.start_service("reporting")
        await self.session.run([])


@asynccontextmanager
async def office() -> AsyncIterator[Office]:
    """Complaints of an hour and what became of them by noon, and one each of ZH (`zh-1`) and EN (`en-1`)."""
    settings = {"KESU_REVEAL_KEY": REVEAL_KEY}
    async with demo_session(PLAN, settings=settings) as session, httpx.AsyncClient(timeout=30) as http:
        one = Office(session, http)
        await session.run()
        await one.submit(ZH, "zh-1")
        await one.complain(EN, "en-1")
        yield one


def id_of(source_id: str) -> str:
    """The id of the complaint that was sent as `source_id`."""
    return complaint_id(tenant="default", source="crm", source_id=source_id)


def _again(raw: RawRecord, key: str) -> Outgoing:
    return Outgoing(topic=raw.topic, key=key, id="", type="", value=raw.value or b"", headers=raw.headers)
