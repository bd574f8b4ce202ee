"""The personal part: masked, revealed to who presents the key, and erased for everyone once the key is destroyed."""

from datetime import UTC, datetime
from typing import Any

import pytest
from httpx import AsyncClient

from services.reporting.store import Store
from shared.events.envelope import Personal
from shared.vault import Vault
from tests.builders.life import Life, records

PERSONAL = Personal(text="我家宽带断了三天", name="李小明", phone="+8613800138000")


async def sealed_life(conn: Any, vault_owner: Any, vault: Vault) -> Life:
    life = Life()
    ring = await vault.ring(vault_owner, [life.customer_id])
    event = life.received()
    life.facts = []
    life.received(id=event.id, sealed=ring.seal(customer_id=life.customer_id, event_id=event.id, personal=PERSONAL))
    await Store().save(conn, records(life.facts))
    return life


async def test_masked_unless_revealed(client: AsyncClient, conn: Any, vault_owner: Any, vault: Vault) -> None:
    life = await sealed_life(conn, vault_owner, vault)

    response = await client.get(f"/v1/complaints/{life.complaint_id}")

    assert ("masked", {"text": "***", "name": "***", "phone": "***"}) == (
        response.json()["personal_state"], response.json()["personal"],
    )  # fmt: skip
    assert "李小明" not in response.text


async def test_revealed_to_who_presents_the_key(
    client: AsyncClient, conn: Any, vault_owner: Any, vault: Vault, reveal_key: str
) -> None:
    life = await sealed_life(conn, vault_owner, vault)

    response = await client.get(
        f"/v1/complaints/{life.complaint_id}?reveal=true", headers={"x-kesu-reveal-key": reveal_key}
    )

    assert ("revealed", PERSONAL.name) == (response.json()["personal_state"], response.json()["personal"]["name"])
    assert "no-store" == response.headers["cache-control"]


@pytest.mark.parametrize(
    ("headers", "code"), [({}, "api_key_missing"), ({"x-kesu-reveal-key": "guess"}, "api_key_invalid")]
)
async def test_not_revealed_to_others(
    client: AsyncClient, conn: Any, vault_owner: Any, vault: Vault, headers: dict[str, str], code: str
) -> None:
    life = await sealed_life(conn, vault_owner, vault)

    response = await client.get(f"/v1/complaints/{life.complaint_id}?reveal=true", headers=headers)

    assert (401, code) == (response.status_code, response.json()["code"])
    assert "李小明" not in response.text


async def test_erased_for_everyone_and_the_old_tag_no_longer_holds(
    client: AsyncClient, conn: Any, vault_owner: Any, vault: Vault, reveal_key: str
) -> None:
    life = await sealed_life(conn, vault_owner, vault)
    path = f"/v1/complaints/{life.complaint_id}"
    before = await client.get(path)
    await vault.erase(vault_owner, life.customer_id, datetime(2026, 3, 3, tzinfo=UTC))

    masked = await client.get(path, headers={"if-none-match": before.headers["etag"]})
    revealed = await client.get(f"{path}?reveal=true", headers={"x-kesu-reveal-key": reveal_key})

    assert 200 == masked.status_code
    for response in (masked, revealed):
        assert "erased" == response.json()["personal_state"]
        assert {"[erased]"} == set(response.json()["personal"].values())
