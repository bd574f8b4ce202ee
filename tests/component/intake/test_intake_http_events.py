"""The CloudEvents door in its three modes."""

from typing import Any

import httpx
import msgspec

from services.intake.settings import IntakeSettings
from shared.cloudevents import http as binding
from shared.cloudevents import structured
from shared.cloudevents.event import CloudEvent
from shared.events.submissions import SUBMISSIONS, Submission
from tests.builders import submissions as s
from tests.component.intake.door import Door

TYPES = {struct: type_ for type_, struct in SUBMISSIONS.items()}
BATCH = {"content-type": "application/cloudevents-batch+json"}


def event(submission: Submission, **given: Any) -> CloudEvent:
    fields: dict[str, Any] = {
        "id": submission.source_id,
        "source": f"/channels/{submission.source}",
        "type": TYPES[type(submission)],
        "data": msgspec.json.encode(submission),
    }
    return CloudEvent(**(fields | given))


async def test_binary(http: httpx.AsyncClient, door: Door) -> None:
    headers, body = binding.encode_binary(event(s.complaint()))
    answer = await http.post("/v1/events", content=body, headers=headers)

    assert (202, "accepted") == (answer.status_code, answer.json()["status"])
    assert 1 == len(door.log.events)


async def test_structured(http: httpx.AsyncClient, door: Door) -> None:
    headers = {"content-type": "application/cloudevents+json; charset=UTF-8"}
    answer = await http.post("/v1/events", content=structured.encode(event(s.complaint())), headers=headers)

    assert (202, "accepted") == (answer.status_code, answer.json()["status"])
    assert 1 == len(door.log.events)


async def test_both_modes_and_the_plain_door_are_one_complaint(http: httpx.AsyncClient, door: Door) -> None:
    headers, body = binding.encode_binary(event(s.complaint()))
    await http.post("/v1/events", content=body, headers=headers)
    plain = await http.post("/v1/complaints", content=body, headers={"Idempotency-Key": "k"})

    assert "duplicate" == plain.json()["status"]
    assert 1 == len({one.value for one in door.log.events})


async def test_each_event_of_a_batch_is_answered_for_itself(http: httpx.AsyncClient, door: Door) -> None:
    good = [event(s.complaint(source_id=f"n{n}")) for n in range(3)]
    bad = [
        b"17",
        structured.encode(event(s.complaint(source_id="x"), type="kesu.submission.complaint.v9")),
        structured.encode(event(s.override(role="agent"))),
        structured.encode(event(s.complaint(source_id="y"), datacontenttype="text/plain", data=b"hello")),
    ]
    documents = [structured.encode(good[0]), bad[0], structured.encode(good[1]), *bad[1:], structured.encode(good[2])]
    answer = await http.post("/v1/events", content=b"[" + b",".join(documents) + b"]", headers=BATCH)

    assert (200, 3, 4) == (answer.status_code, answer.json()["taken"], answer.json()["refused"])
    results = answer.json()["results"]
    assert [0, 1, 2, 3, 4, 5, 6] == [result["index"] for result in results]
    assert ["accepted"] * 3 == [r["answer"]["status"] for r in results if "answer" in r]
    codes = ["cloudevent_attribute_invalid", "submission_type_unknown", "role_not_allowed", "data_not_json"]
    assert codes == [r["problem"]["code"] for r in results if "problem" in r]
    assert 3 == len(door.log.events)


async def test_an_empty_batch_is_nothing(http: httpx.AsyncClient) -> None:
    answer = await http.post("/v1/events", content=b"[]", headers=BATCH)

    assert (200, []) == (answer.status_code, answer.json()["results"])


async def test_too_many_events_are_refused_as_a_whole(
    http: httpx.AsyncClient, door: Door, settings: IntakeSettings
) -> None:
    documents = [structured.encode(event(s.complaint(source_id=f"n{n}"))) for n in range(settings.batch_events_max + 1)]
    answer = await http.post("/v1/events", content=b"[" + b",".join(documents) + b"]", headers=BATCH)

    assert (413, "batch_too_large") == (answer.status_code, answer.json()["code"])
    assert [] == door.log.events


async def test_the_same_event_twice_in_a_batch(http: httpx.AsyncClient, door: Door) -> None:
    body = structured.encode_batch([event(s.complaint()), event(s.complaint())])
    answer = await http.post("/v1/events", content=body, headers=BATCH)

    assert ["accepted", "duplicate"] == [r["answer"]["status"] for r in answer.json()["results"]]
    assert 1 == len(door.log.events)


async def test_with_the_log_away_the_whole_batch_comes_again(http: httpx.AsyncClient, door: Door) -> None:
    door.log.away = True
    body = structured.encode_batch([event(s.complaint())])

    answer = await http.post("/v1/events", content=body, headers=BATCH)
    assert (503, "log_unavailable") == (answer.status_code, answer.json()["code"])

    door.log.away = False
    again = await http.post("/v1/events", content=body, headers=BATCH)
    assert ["duplicate"] == [r["answer"]["status"] for r in again.json()["results"]]
    assert 1 == len(door.log.events)
