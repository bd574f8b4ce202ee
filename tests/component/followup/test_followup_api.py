"""What follow-up shows over HTTP: open promises by what falls due next, whom to call, how a due time came about."""

from collections.abc import AsyncIterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest_asyncio
from httpx import ASGITransport, AsyncClient
from litestar import Litestar

from services.followup.api import routes
from shared.runtime.service import Service
from tests.builders.common import T0
from tests.component.followup.service import CALENDARS, Followup, complaint, contact, routed


@pytest_asyncio.fixture
async def client(followup: Followup) -> AsyncIterator[AsyncClient]:
    """The routes on the test's database."""
    service = cast(Service, SimpleNamespace(pool=followup.pool))
    app = Litestar(routes(service=service, calendars=CALENDARS, partitions=2), logging_config=None)
    transport = ASGITransport(cast(Any, app))  # in this event loop: the pool belongs to it
    async with AsyncClient(transport=transport, base_url="http://followup") as made:
        yield made


async def pages(client: AsyncClient, path: str, **params: Any) -> list[Any]:
    """The items of all pages."""
    items: list[Any] = []
    cursor = ""
    for _ in range(50):
        query: dict[str, Any] = {"limit": 3, "cursor": cursor} | params
        page = (await client.get(path, params=query)).json()
        items += page["items"]
        cursor = page["next"]
        if not cursor:
            break
    return items


async def test_open_promises_are_paged_completely_and_once(followup: Followup, client: AsyncClient) -> None:
    for n in range(10):
        await followup.handle(routed(n, accepted_at=T0 + timedelta(hours=n)), partition=n % 2)
    items = await pages(client, "/v1/promises")
    ids = [item["promise"]["promise_id"] for item in items]
    assert 20 == len(ids) == len(set(ids))
    first = [i["promise"]["due_at"] for i in items if i["promise"]["kind"] == "first_response"]
    assert sorted(first) == first


async def test_due_before_leaves_out_what_is_due_later(followup: Followup, client: AsyncClient) -> None:
    await followup.handle(*[routed(n) for n in range(4)])
    items = await pages(client, "/v1/promises", due_before="2026-03-02T02:30:00Z")
    assert ["first_response"] * 4 == [item["promise"]["kind"] for item in items]
    assert [] == await pages(client, "/v1/promises", due_before="2026-03-01T00:00:00Z")


async def test_callbacks_say_whether_their_window_is_open(followup: Followup, client: AsyncClient) -> None:
    await followup.handle(routed())
    assert [False] == [item["requested"] for item in await pages(client, "/v1/callbacks")]
    await followup.run_due(T0 + timedelta(minutes=30))
    assert [True] == [item["requested"] for item in await pages(client, "/v1/callbacks")]


async def test_the_ledger_explains_a_due_time(followup: Followup, client: AsyncClient) -> None:
    await followup.handle(routed(), contact())
    path = f"/v1/complaints/{complaint(0)['complaint_id']}/promises"
    ledger = (await client.get(path)).json()
    assert ["resolution"] == [p["kind"] for p in ledger["open"]]
    assert [("first_response", "kept")] == [(e["promise"]["kind"], e["how"]) for e in ledger["ended"]]
    explained = (await client.get(f"{path}/{ledger['open'][0]['promise_id']}/ledger")).json()
    assert 1440 == explained["minutes"] == sum(interval["minutes"] for interval in explained["counted"])
    assert "工作时间" in explained["zh"] and "working time" in explained["en"]


async def test_what_is_unknown_is_not_found_and_a_broken_cursor_is_refused(client: AsyncClient) -> None:
    nobody = UUID(int=1)
    assert 404 == (await client.get(f"/v1/complaints/{nobody}/promises")).status_code
    assert 404 == (await client.get(f"/v1/complaints/{nobody}/promises/{nobody}/ledger")).status_code
    for cursor in ("x", "eHh4", "2026"):
        assert 400 == (await client.get("/v1/promises", params={"cursor": cursor})).status_code
