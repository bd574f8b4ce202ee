"""Decisions explained over HTTP: why, in two languages, and the words only for who may read them."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr

from services.routing.app import create_app
from services.routing.handlers import RoutingHandler
from services.routing.policy.pack import load_pack
from services.routing.settings import RoutingSettings
from services.routing.shelf import Shelf
from shared.clock import SystemClock
from shared.database import open_pool
from shared.events.envelope import Personal
from shared.events.intake import ComplaintReceived
from shared.events.registry import encode
from shared.ids import derive
from shared.pipeline.records import Record
from shared.vault import Vault, open_vault
from tests.builders import received
from tests.fixtures.databases import Database

KEY = "a-key-of-some-length"
TEXT = "宽带断网三天了，报修两次没人来，请尽快修好。"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    (tmp_path / "master.key").write_text("5a" * 32)
    return open_vault(tmp_path / "master.key")


@pytest_asyncio.fixture(loop_scope="function")
async def client(database: Database, tmp_path: Path, vault: Vault) -> AsyncIterator[AsyncClient]:
    url = database.url("routing")
    settings = RoutingSettings(database_url=url, master_key_file=tmp_path / "master.key", reveal_key=SecretStr(KEY))
    service = create_app(settings)
    assert service.http is not None
    transport = ASGITransport(service.http)  # type: ignore[arg-type]  # Litestar types ASGI more narrowly
    async with (
        await open_pool(url, name="test", connections_max=2) as service.pool,
        AsyncClient(transport=transport, base_url="http://routing") as one,
    ):
        yield one


@pytest_asyncio.fixture(loop_scope="function")
async def complaint(database: Database, vault: Vault) -> ComplaintReceived:
    """A complaint that routing has decided about."""
    ids = {name: derive(name, "explained") for name in ("id", "complaint_id", "customer_id")}
    async with database.connected("intake") as conn:
        ring = await vault.ring(conn, [ids["customer_id"]])
    sealed = ring.seal(customer_id=ids["customer_id"], event_id=ids["id"], personal=Personal(text=TEXT))
    event = received(**ids, causation_id=ids["id"], sealed=sealed)
    handler = RoutingHandler(shelf=Shelf(load_pack()), vault=vault, clock=SystemClock())
    async with database.connected("routing") as conn:
        for _ in range(2):  # read twice, kept once
            await handler.handle(conn, [Record("kesu.complaints", 0, 0, 0, event, encode(event))])
    return event


async def explained(client: AsyncClient, complaint: ComplaintReceived, query: str = "", **headers: str) -> Any:
    response = await client.get(f"/v1/decisions/{complaint.complaint_id}{query}", headers=headers)
    assert 200 == response.status_code, response.text
    return response


async def test_it_says_why_without_the_words(client: AsyncClient, complaint: ComplaintReceived) -> None:
    response = await explained(client, complaint)
    body = response.json()
    assert ("masked", "") == (body["text_state"], body["text"])
    assert "宽带断网" not in response.text
    (decision,) = body["revisions"]
    broken = next(mark for mark in decision["marks"] if mark["signal"] == "outage")
    assert TEXT[broken["start"] : broken["end"]] in TEXT and "words" not in broken
    assert load_pack().content_hash == decision["pack"]["content_hash"]
    assert {"kind", "severity", "unit"} <= {table["table"] for table in decision["tables"]}


async def test_the_words_for_who_presents_the_key(client: AsyncClient, complaint: ComplaintReceived) -> None:
    response = await explained(client, complaint, "?reveal=true", **{"X-Kesu-Reveal-Key": KEY})
    body = response.json()
    assert ("revealed", TEXT) == (body["text_state"], body["text"])
    assert all(TEXT[m["start"] : m["end"]] == m["words"] for m in body["revisions"][0]["marks"])
    assert "no-store" == response.headers["cache-control"]


@pytest.mark.parametrize(
    ("headers", "code"), [({}, "api_key_missing"), ({"X-Kesu-Reveal-Key": "guess"}, "api_key_invalid")]
)
async def test_not_for_others(
    client: AsyncClient, complaint: ComplaintReceived, headers: dict[str, str], code: str
) -> None:
    response = await client.get(f"/v1/decisions/{complaint.complaint_id}?reveal=true", headers=headers)
    assert (401, code) == (response.status_code, response.json()["code"])
    assert "application/problem+json" == response.headers["content-type"].partition(";")[0]


async def test_an_erased_customer_leaves_places_only(
    client: AsyncClient, complaint: ComplaintReceived, database: Database, vault: Vault
) -> None:
    before = (await explained(client, complaint)).json()
    async with database.connected("admin") as owner:
        await vault.erase(owner, complaint.customer_id, datetime(2026, 3, 3, tzinfo=UTC))
    after = (await explained(client, complaint, "?reveal=true", **{"X-Kesu-Reveal-Key": KEY})).json()
    assert ("erased", "") == (after["text_state"], after["text"])
    assert before["revisions"] == after["revisions"]


async def test_the_language_is_the_callers(client: AsyncClient, complaint: ComplaintReceived) -> None:
    english = await explained(client, complaint, **{"Accept-Language": "en-GB,en;q=0.9"})
    chinese = await explained(client, complaint, **{"Accept-Language": "zh-CN"})
    assert ("en", "zh") == (english.headers["content-language"], chinese.headers["content-language"])
    assert "complaint" in english.json()["revisions"][0]["summary"]
    assert not re.search("[一-鿿]", english.json()["revisions"][0]["summary"])
    assert "投诉" in chinese.json()["revisions"][0]["summary"]


async def test_an_unknown_complaint_is_said_to_be_one(client: AsyncClient) -> None:
    response = await client.get(f"/v1/decisions/{derive('complaint', 'nobody')}")
    assert (404, "complaint_unknown") == (response.status_code, response.json()["code"])


async def test_the_pack_in_force_is_named(client: AsyncClient) -> None:
    body = (await client.get("/v1/pack")).json()
    assert (load_pack().content_hash, None) == (body["content_hash"], body["control_offset"])
