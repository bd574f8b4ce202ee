"""The plain JSON doors: what is accepted is on the log, what is not gets a problem in both languages."""

import httpx
import msgspec

from shared.events.intake import ComplaintReceived
from shared.events.registry import decode
from tests.builders import submissions as s
from tests.component.intake.door import Door

KEY = {"Idempotency-Key": "k-1"}


def body(submission: msgspec.Struct) -> bytes:
    return msgspec.json.encode(submission)


async def test_an_accepted_complaint_is_on_the_log_before_the_answer(http: httpx.AsyncClient, door: Door) -> None:
    answer = await http.post("/v1/complaints", content=body(s.complaint()), headers=KEY)

    assert 202 == answer.status_code
    event = decode(door.log.events[0].value)
    assert isinstance(event, ComplaintReceived)
    assert ("accepted", event.complaint_id) == (answer.json()["status"], answer.json()["complaint_id"])
    assert 200 == (await http.get(answer.headers["location"])).status_code


async def test_findings_are_told_in_both_languages(http: httpx.AsyncClient) -> None:
    answer = await http.post("/v1/complaints", content=body(s.complaint()), headers=KEY)

    finding = answer.json()["findings"][0]
    assert ("missing", "has_address") == (finding["code"], finding["field"])
    assert ("缺少必要信息：地址", "a required fact is missing: address") == (finding["zh"], finding["en"])


async def test_with_the_log_away_it_is_503_and_nothing_is_claimed(http: httpx.AsyncClient, door: Door) -> None:
    door.log.away = True
    answer = await http.post("/v1/complaints", content=body(s.complaint()), headers=KEY)

    assert (503, "log_unavailable") == (answer.status_code, answer.json()["code"])
    assert int(answer.headers["retry-after"]) >= 1
    where = "/v1/complaints/by-source/crm/n1"
    assert "receiving" == (await http.get(where)).json()["state"]

    door.log.away = False
    again = await http.post("/v1/complaints", content=body(s.complaint()), headers=KEY)
    assert 202 == again.status_code
    assert 1 == len(door.log.events)
    assert "accepted" == (await http.get(where)).json()["state"]


async def test_a_fact_finds_its_complaint(http: httpx.AsyncClient, door: Door) -> None:
    await http.post("/v1/complaints", content=body(s.complaint()), headers=KEY)
    answer = await http.post("/v1/facts/contact", content=body(s.contact()), headers={"Idempotency-Key": "k-2"})

    assert (202, "accepted") == (answer.status_code, answer.json()["status"])
    assert ["kesu.complaint.received.v1", "kesu.contact.recorded.v1"] == [one.type for one in door.log.events]


async def test_a_fact_of_an_unknown_complaint_waits(http: httpx.AsyncClient) -> None:
    answer = await http.post("/v1/facts/contact", content=body(s.contact()), headers=KEY)

    assert (202, "waiting") == (answer.status_code, answer.json()["status"])


async def test_a_wrong_role_is_refused(http: httpx.AsyncClient) -> None:
    answer = await http.post("/v1/facts/override", content=body(s.override(role="agent")), headers=KEY)

    assert (403, "role_not_allowed") == (answer.status_code, answer.json()["code"])


async def test_a_taken_id_is_a_conflict(http: httpx.AsyncClient) -> None:
    await http.post("/v1/complaints", content=body(s.complaint()), headers=KEY)
    taken = body(s.contact(source_id="n1"))
    answer = await http.post("/v1/facts/contact", content=taken, headers={"Idempotency-Key": "k-2"})

    assert (409, "source_id_taken") == (answer.status_code, answer.json()["code"])


async def test_a_problem_speaks_the_callers_language_and_keeps_both(http: httpx.AsyncClient) -> None:
    headers = KEY | {"Accept-Language": "en-GB,en;q=0.9"}
    answer = await http.post("/v1/complaints", content=b"{", headers=headers)

    problem = answer.json()
    assert (400, "application/problem+json") == (answer.status_code, answer.headers["content-type"])
    assert ("json_malformed", "This is not valid JSON") == (problem["code"], problem["title"])
    assert "不是合法的 JSON" == problem["titles"]["zh"]


async def test_control_facts_go_to_the_control_topic(http: httpx.AsyncClient, door: Door) -> None:
    answer = await http.post("/v1/facts/roster", content=body(s.roster()), headers=KEY)

    assert 202 == answer.status_code
    assert ("kesu.control", "kesu.roster.changed.v1") == (door.log.events[0].topic, door.log.events[0].type)


async def test_reportings_view_is_passed_on(http: httpx.AsyncClient, door: Door) -> None:
    answer = await http.post("/v1/complaints", content=body(s.complaint()), headers=KEY)
    door.reporting.views[answer.json()["complaint_id"]] = (
        b'{"complaint":{"status":"routed","unit":"network"},"promises":[],"personal":{"name":"x"},"as_of":{"p":7}}'
    )

    standing = (await http.get("/v1/complaints/by-source", params={"source": "crm", "source_id": "n1"})).json()
    assert ("routed", "network") == (standing["state"], standing["current"]["complaint"]["unit"])
    assert {"complaint", "promises", "as_of"} == standing["current"].keys()


async def test_an_unknown_complaint_is_not_found(http: httpx.AsyncClient) -> None:
    answer = await http.get("/v1/complaints/by-source/crm/never")

    assert (404, "complaint_unknown") == (answer.status_code, answer.json()["code"])
