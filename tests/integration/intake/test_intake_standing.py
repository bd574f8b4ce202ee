"""A channel that asks where its complaint stands hears what reporting knows."""

import asyncio
from typing import Any

import httpx
import msgspec

from deploy.embedded.stack import EmbeddedStack
from tests.builders import submissions as s

WAIT_S_MAX = 30.0


async def test_the_channel_hears_that_its_complaint_is_routed(stack: EmbeddedStack) -> None:
    await stack.start_services(["routing", "reporting"])
    await stack.start_service("intake", settings={"KESU_REPORTING_URL": stack.url("reporting")})
    async with httpx.AsyncClient(base_url=stack.url("intake")) as http, asyncio.timeout(WAIT_S_MAX):
        body = msgspec.json.encode(s.complaint())
        answer = await http.post("/v1/complaints", content=body, headers={"Idempotency-Key": "k"})
        standing: dict[str, Any] = {}
        while not (standing.get("current") or {}).get("complaint", {}).get("severity"):
            standing = (await http.get(answer.headers["location"])).json()
            await asyncio.sleep(0.05)

    assert answer.json()["complaint_id"] == standing["complaint_id"]
    assert standing["current"]["complaint"]["status"] == standing["state"]
    assert "personal" not in standing["current"]
