"""Who may use the door: a key per channel, its tenant, its roles, and its rate."""

import json
from pathlib import Path

import httpx
import msgspec
import pytest

from services.intake.keys import load_keys, new_key
from services.intake.settings import IntakeSettings
from shared.errors import Stopped
from tests.builders import submissions as s
from tests.component.intake.desk import Desk
from tests.component.intake.door import Door
from tests.fixtures.databases import Database

KEY, HASH = new_key()
BODY = msgspec.json.encode(s.complaint())


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> IntakeSettings:
    """Open to the network, for one channel that may only speak for customers, at most three at once."""
    file = tmp_path / "keys.json"
    key = {"channel": "app", "tenant": "default", "sha256": HASH, "roles": ["customer", "channel"]}
    file.write_text(json.dumps({"keys": [key]}))
    return IntakeSettings(
        database_url=database.url("intake"), http_host="0.0.0.0", api_keys_file=file,
        requests_per_s_max=0.001, requests_burst_max=3,
    )  # fmt: skip


async def post(
    http: httpx.AsyncClient, content: bytes, *, path: str = "/v1/complaints", **headers: str
) -> httpx.Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return await http.post(path, content=content, headers={"Idempotency-Key": "k", **names})


async def test_without_a_key_nothing_is_said(http: httpx.AsyncClient) -> None:
    answers = [await post(http, BODY), await http.get("/v1/complaints/by-source/crm/n1")]

    assert [(401, "api_key_missing")] * 2 == [(a.status_code, a.json()["code"]) for a in answers]
    assert "Bearer" == answers[0].headers["www-authenticate"]


async def test_a_wrong_key(http: httpx.AsyncClient) -> None:
    answer = await post(http, BODY, x_api_key="wrong")

    assert (401, "api_key_invalid") == (answer.status_code, answer.json()["code"])


async def test_both_ways_of_giving_the_key(http: httpx.AsyncClient) -> None:
    assert 202 == (await post(http, BODY, x_api_key=KEY)).status_code
    assert 202 == (await post(http, BODY, authorization=f"Bearer {KEY}")).status_code


async def test_another_tenant_is_closed(http: httpx.AsyncClient) -> None:
    other = await post(http, msgspec.json.encode(s.complaint(tenant="other")), x_api_key=KEY)
    read = await http.get("/v1/complaints/by-source/crm/n1?tenant=other", headers={"X-API-Key": KEY})

    assert [(403, "tenant_not_allowed")] * 2 == [(a.status_code, a.json()["code"]) for a in (other, read)]


async def test_a_key_speaks_for_its_roles_only(http: httpx.AsyncClient) -> None:
    override = await post(http, msgspec.json.encode(s.override()), path="/v1/facts/override", x_api_key=KEY)
    survey = await post(http, msgspec.json.encode(s.survey()), path="/v1/facts/survey", x_api_key=KEY)

    assert (403, "role_not_allowed") == (override.status_code, override.json()["code"])
    assert 202 == survey.status_code


async def test_above_its_rate_a_channel_is_told_when_to_come_again(http: httpx.AsyncClient) -> None:
    answers = [await post(http, BODY, x_api_key=KEY) for _ in range(4)]

    assert [202, 202, 202, 429] == [answer.status_code for answer in answers]
    assert "rate_limited" == answers[3].json()["code"]
    assert 1 <= int(answers[3].headers["retry-after"]) <= 3_600


def test_open_to_the_network_without_keys_it_does_not_start(database: Database, desk: Desk) -> None:
    exposed = IntakeSettings(database_url=database.url("intake"), http_host="0.0.0.0")

    with pytest.raises(Stopped) as caught:
        Door(desk, desk.acceptance, exposed)
    assert "api_keys_needed" == caught.value.code


@pytest.mark.parametrize(
    "content", ["", "[]", '{"keys":[{"channel":"a","sha256":"ab"}]}', '{"keys":[{"channel":"a"}]}']
)
def test_a_broken_key_file_is_said_at_start(tmp_path: Path, content: str) -> None:
    file = tmp_path / "keys.json"
    file.write_text(content)

    with pytest.raises(Stopped) as caught:
        load_keys(file)
    assert "api_keys_unreadable" == caught.value.code
