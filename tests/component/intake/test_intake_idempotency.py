"""Idempotency-Key as in the IETF draft: missing, running, reused, repeated."""

import asyncio

import httpx
import msgspec

from services.intake.settings import IntakeSettings
from tests.builders import submissions as s
from tests.component.intake.desk import Desk
from tests.component.intake.door import Door

BODY = msgspec.json.encode(s.complaint())


async def post(http: httpx.AsyncClient, key: str | None, content: bytes = BODY) -> httpx.Response:
    headers = {"Idempotency-Key": key} if key is not None else {}
    return await http.post("/v1/complaints", content=content, headers=headers)


async def test_missing_it_is_400(http: httpx.AsyncClient) -> None:
    answer = await post(http, None)

    assert (400, "idempotency_key_missing") == (answer.status_code, answer.json()["code"])


async def test_what_is_no_key_is_400(http: httpx.AsyncClient) -> None:
    for key in ["", " ", '"', "a b", "x" * 201, '"' + "x" * 201 + '"']:
        answer = await post(http, key)
        assert (400, "idempotency_key_invalid") == (answer.status_code, answer.json()["code"]), key


async def test_repeated_it_is_answered_with_the_same_bytes(http: httpx.AsyncClient) -> None:
    first, again = await post(http, '"k-1"'), await post(http, "k-1")

    assert (202, 202) == (first.status_code, again.status_code)
    assert first.content == again.content
    assert first.headers["location"] == again.headers["location"]


async def test_another_spelling_of_the_same_payload_is_the_same_payload(http: httpx.AsyncClient) -> None:
    first = await post(http, "k-1")
    spaced = msgspec.json.format(BODY, indent=2)

    assert first.content == (await post(http, "k-1", spaced)).content


async def test_another_payload_is_422_and_not_taken(http: httpx.AsyncClient, desk: Desk) -> None:
    await post(http, "k-1")
    other = await post(http, "k-1", msgspec.json.encode(s.complaint(source_id="n2")))

    assert (422, "idempotency_key_reused") == (other.status_code, other.json()["code"])
    assert 1 == len(await desk.events())


async def test_while_running_it_is_409(http: httpx.AsyncClient, door: Door) -> None:
    door.log.open.clear()
    first = asyncio.create_task(post(http, "k-1"))
    while not door.group.is_busy:
        await asyncio.sleep(0)

    again = await post(http, "k-1")
    assert (409, "idempotency_key_running") == (again.status_code, again.json()["code"])

    door.log.open.set()
    assert 202 == (await first).status_code


async def test_another_key_for_the_same_submission_is_a_duplicate(http: httpx.AsyncClient, desk: Desk) -> None:
    first, other = await post(http, "k-1"), await post(http, "k-2")

    assert ("accepted", "duplicate") == (first.json()["status"], other.json()["status"])
    assert first.json()["complaint_id"] == other.json()["complaint_id"]
    assert 1 == len(await desk.events())


async def test_two_processes_with_one_key_agree(desk: Desk, settings: IntakeSettings) -> None:
    """Neither sees the other's running requests; the database settles it."""
    one, other = Door(desk, desk.acceptance, settings), Door(desk, desk.acceptance, settings)
    async with one.client() as a, other.client() as b:
        for number in range(10):
            answers = await asyncio.gather(post(a, f"p-{number}"), post(b, f"p-{number}"))
            assert {202} == {answer.status_code for answer in answers}
            assert answers[0].content == (await post(b, f"p-{number}")).content
    assert 1 == len(await desk.events())


async def test_what_was_refused_is_not_remembered(http: httpx.AsyncClient) -> None:
    wrong = await post(http, "k-1", b"{}")
    right = await post(http, "k-1")

    assert (422, 202) == (wrong.status_code, right.status_code)
