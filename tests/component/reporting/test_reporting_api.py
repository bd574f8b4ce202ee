"""The read API over a real database: what it shows, of which moment, and what it refuses."""

from typing import Any

import pytest
from httpx import AsyncClient

from services.reporting.store import Store
from tests.builders.life import Life, records


async def test_the_latest_received_come_first(client: AsyncClient, lives: list[Life]) -> None:
    body = (await client.get("/v1/complaints")).json()

    assert [life.complaint_id for life in reversed(lives)] == [item["complaint_id"] for item in body["items"]]
    assert ({"kesu.complaints:0": 500}, None) == (body["as_of"], body["cursor"])


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
async def test_pages_show_every_complaint_once(client: AsyncClient, lives: list[Life], limit: int) -> None:
    shown, cursor = [], ""
    for _ in range(5):
        body = (
            await client.get("/v1/complaints", params={"limit": limit, **({"cursor": cursor} if cursor else {})})
        ).json()
        shown += [item["complaint_id"] for item in body["items"]]
        if not (cursor := body["cursor"]):
            break

    assert [life.complaint_id for life in reversed(lives)] == shown


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("severity=S1", [0]), ("severity=S1&severity=S2&channel=web", [3, 1]), ("status=closed", [4]),
        ("status=received", []), ("kind=complaint&channel=web", [3, 1]), ("tenant=other", []), ("cause=product&limit=1", [4]),
        ("received_from=2026-03-02T03:00:00Z&received_to=2026-03-02T05:00:00Z", [3, 2]),
        ("received_from=2026-03-02T11:00:00%2B08:00&received_to=2026-03-02T12:00:00%2B08:00", [2]),
        ("unit=network-js&cross_level=none&severity=S1", [0]),
    ],
)  # fmt: skip
async def test_filters(client: AsyncClient, lives: list[Life], query: str, numbers: list[int]) -> None:
    body = (await client.get(f"/v1/complaints?{query}")).json()

    assert [lives[number].complaint_id for number in numbers] == [item["complaint_id"] for item in body["items"]]


@pytest.mark.parametrize(
    "query",
    ["severity=S9", "severty=S1", "cursor=nonsense", "cursor=WzEsMl0", "limit=0", "limit=501", "received_from=2026-03-02T03:00:00", "received_from=yesterday"],
)  # fmt: skip
async def test_a_question_that_makes_no_sense_is_refused(client: AsyncClient, lives: list[Life], query: str) -> None:
    response = await client.get(f"/v1/complaints?{query}", headers={"accept-language": "zh"})

    assert (400, "application/problem+json") == (response.status_code, response.headers["content-type"])
    assert ("request_invalid", "请求不合法") == (response.json()["code"], response.json()["title"])


async def test_detail_has_both_ledgers(client: AsyncClient, lives: list[Life]) -> None:
    body = (await client.get(f"/v1/complaints/{lives[0].complaint_id}")).json()

    assert ("S1", "open") == (body["complaint"]["severity"], body["complaint"]["status"])
    assert ["first_response", "resolution"] == [promise["kind"] for promise in body["promises"]]
    assert ["planned"] == [callback["state"] for callback in body["callbacks"]]


async def test_a_personal_part_whose_key_is_lost_is_our_failure(client: AsyncClient, conn: Any) -> None:
    life = Life()
    life.received()
    await Store().save(conn, records(life.facts))

    response = await client.get(f"/v1/complaints/{life.complaint_id}")

    assert (500, "internal_error") == (response.status_code, response.json()["code"])


async def test_every_documented_parameter_is_taken_and_no_other(client: AsyncClient, lives: list[Life]) -> None:
    paths = (await client.get("/docs/openapi.json")).json()["paths"]
    usual = {"limit": "1", "cursor": "", "reveal": "false", "by": "unit", "status": "open", "kind": "complaint", "severity": "S1",
             "cause": "price", "channel": "web", "cross_level": "none", "state": "kept"}  # fmt: skip
    tried = 0
    for path, route in paths.items():
        named = [one["name"] for one in route["get"].get("parameters", []) if one["in"] == "query"]
        kinds = {"kind": "resolution"} if path == "/v1/promises" else {}
        for name in named:
            time = (
                "2026-03-02"
                if name.startswith("day")
                else "2026-03-02T00:00:00Z"
                if name.endswith(("_from", "_to"))
                else "x"
            )
            url = path.replace("{complaint_id}", lives[0].complaint_id)
            response = await client.get(url, params={name: (usual | kinds).get(name, time)})
            assert 200 == response.status_code, f"{path}?{name}: {response.text}"
            tried += 1
    assert tried > 30


async def test_by_source(client: AsyncClient, lives: list[Life]) -> None:
    body = (await client.get("/v1/complaints/by-source/default/crm/n2")).json()

    assert lives[2].complaint_id == body["complaint"]["complaint_id"]


async def test_the_timeline_is_in_the_order_of_the_log(client: AsyncClient, lives: list[Life]) -> None:
    body = (await client.get(f"/v1/complaints/{lives[4].complaint_id}/timeline")).json()

    assert [fact.id for fact in lives[4].facts] == [item["event_id"] for item in body["items"]]
    assert "web" not in str(body["items"][1]["facts"]) and "hotline" == body["items"][0]["facts"]["channel"]


@pytest.mark.parametrize("path", ["complaints/00000000-0000-8000-8000-000000000000", "complaints/00000000-0000-8000-8000-000000000000/timeline", "complaints/by-source/default/crm/none", "nothing"])  # fmt: skip
async def test_what_is_not_there_is_not_found(client: AsyncClient, lives: list[Life], path: str) -> None:
    response = await client.get(f"/v1/{path}")

    assert (404, "not_found") == (response.status_code, response.json()["code"])


async def test_open_promises_come_in_the_order_they_are_due(client: AsyncClient, lives: list[Life]) -> None:
    body = (await client.get("/v1/promises?state=open&kind=first_response&limit=4")).json()
    rest = (await client.get(f"/v1/promises?state=open&kind=first_response&cursor={body['cursor']}")).json()

    due = [item["due_at"] for item in body["items"] + rest["items"]]
    assert (5, None) == (len(due), rest["cursor"]) and due == sorted(due)


async def test_the_callers_tag_holds_until_the_position_moves(
    client: AsyncClient, position_at: Any, lives: list[Life]
) -> None:
    first = await client.get("/v1/summary")
    again = await client.get("/v1/summary", headers={"if-none-match": f'"other", {first.headers["etag"]}'})
    other = await client.get("/v1/summary?tenant=default", headers={"if-none-match": first.headers["etag"]})
    await position_at(501)
    moved = await client.get("/v1/summary", headers={"if-none-match": first.headers["etag"]})

    assert [200, 304, 200, 200] == [r.status_code for r in (first, again, other, moved)]
    assert b"" == again.content and first.headers["etag"] == again.headers["etag"] != moved.headers["etag"]
