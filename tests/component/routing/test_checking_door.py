"""Words meant for a customer, checked over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from httpx import ASGITransport, AsyncClient

from services.routing.api import BODY_BYTES_MAX, TEXT_CHARS_MAX
from services.routing.app import create_app
from services.routing.settings import RoutingSettings
from shared.database import open_pool
from tests.fixtures.databases import Database


@pytest_asyncio.fixture(loop_scope="function")
async def client(database: Database, tmp_path: Path) -> AsyncIterator[AsyncClient]:
    (tmp_path / "master.key").write_text("5a" * 32)
    url = database.url("routing")
    service = create_app(RoutingSettings(database_url=url, master_key_file=tmp_path / "master.key"))
    assert service.http is not None
    transport = ASGITransport(service.http)  # type: ignore[arg-type]  # Litestar types ASGI more narrowly
    async with (
        await open_pool(url, name="test", connections_max=2) as service.pool,
        AsyncClient(transport=transport, base_url="http://routing") as one,
    ):
        yield one


async def test_a_finding_has_its_place_its_reason_and_a_better_wording(client: AsyncClient) -> None:
    text = "您冷静一下，我们会给您答复。"
    body = (await client.post("/v1/check/text", json={"text": text})).json()
    first = body["checked"]["findings"][0]
    assert "talking_down" == first["flaw"] and first["words"] == text[first["start"] : first["end"]]
    assert all(first[part][lang] for part in ("why", "better") for lang in ("zh", "en"))


async def test_a_text_without_fault_is_clean(client: AsyncClient) -> None:
    response = await client.post("/v1/check/text", json={"text": "师傅11月26日18:00前上门修复，当天给您打电话。"})
    assert (200, True) == (response.status_code, response.json()["checked"]["clean"])


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"text": "  "}, 422, "text_empty"),
        ({"text": "好" * (TEXT_CHARS_MAX + 1)}, 422, "field_too_long"),
        ({"text": "a" * (BODY_BYTES_MAX + 1)}, 413, "body_too_large"),
        ({}, 400, "request_invalid"),
        ({"text": "好", "handler_level": "chief"}, 400, "request_invalid"),
        ({"text": "好", "colour": "red"}, 400, "request_invalid"),
    ],
)
async def test_what_cannot_be_checked_is_a_problem(client: AsyncClient, body: Any, status: int, code: str) -> None:
    response = await client.post("/v1/check/text", json=body, headers={"Accept-Language": "en"})
    assert (status, code) == (response.status_code, response.json()["code"])
    assert "application/problem+json" == response.headers["content-type"].partition(";")[0]
    assert response.json()["title"].isascii()


async def test_what_is_no_json_is_a_problem(client: AsyncClient) -> None:
    response = await client.post("/v1/check/text", content=b"{", headers={"Content-Type": "application/json"})
    assert (400, "request_invalid") == (response.status_code, response.json()["code"])
