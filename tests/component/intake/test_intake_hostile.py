"""Hostile requests get a clear code, never a 500, and leave nothing behind."""

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from services.intake.settings import IntakeSettings
from tests.builders import submissions as s
from tests.component.intake.desk import Desk
from tests.component.intake.door import Door

GOOD = msgspec.json.encode(s.complaint())
JSON = "application/json"


def with_text(text: bytes) -> bytes:
    return GOOD.replace(b'"text":"', b'"text":"' + text, 1)


CASES = {
    "empty": ("body_missing", 400, b"", JSON),
    "no json": ("json_malformed", 400, b"hello", JSON),
    "trailing": ("json_malformed", 400, GOOD + b"x", JSON),
    "byte order mark": ("json_malformed", 400, b"\xef\xbb\xbf" + GOOD, JSON),
    "utf-8": ("utf8_invalid", 400, with_text(b"\xff\xfe"), JSON),
    "surrogate bytes": ("utf8_invalid", 400, with_text(b"\xed\xa0\x80"), JSON),
    "lone surrogate": ("json_malformed", 400, with_text(b"\\ud800"), JSON),
    "nul": ("nul_character", 400, with_text(b"\\u0000"), JSON),
    "raw nul": ("json_malformed", 400, with_text(b"\x00"), JSON),
    "escaped backslash is no nul": (None, 202, with_text(b"\\\\u0000"), JSON),
    "deep": ("nested_too_deep", 400, b'{"x":' + b"[" * 50_000, JSON),
    "brackets in text are not deep": (None, 202, with_text(b"[{" * 500), JSON),
    "duplicate key": ("duplicate_key", 400, GOOD[:-1] + b',"source":"other"}', JSON),
    "duplicate inner key": ("duplicate_key", 400, GOOD.replace(b'"name":', b'"name":"x","name":', 1), JSON),
    "duplicate key, spaced": ("duplicate_key", 400, GOOD[:-1] + b',"source" :"other"}', JSON),
    "colons in text are no keys": (None, 202, with_text(b'a \\": b\\" :'), JSON),
    "unknown field": ("submission_invalid", 422, GOOD[:-1] + b',"admin":true}', JSON),
    "wrong type": ("submission_invalid", 422, GOOD.replace(b'"lang":"zh"', b'"lang":7'), JSON),
    "array": ("submission_invalid", 422, b"[" + GOOD + b"]", JSON),
    "long text": ("field_too_long", 422, with_text(b"x" * 20_001), JSON),
    "blank text": ("text_empty", 422, GOOD.replace(msgspec.json.encode(s.complaint().text), b'" \\u200b\\n"'), JSON),
    "year 1": ("time_out_of_range", 422, GOOD.replace(b"2026-03-02T01:00:00Z", b"0001-01-01T00:00:00+14:00"), JSON),
    "time zone": ("time_zone_unknown", 422, GOOD[:-1] + b',"time_zone":"../../etc/passwd"}', JSON),
    "huge number": ("number_out_of_range", 422, GOOD.replace(b'"region"', b'"amount_minor":1' + b"0" * 30 + b',"region"'), JSON),
    "tenant": ("submission_invalid", 422, GOOD[:-1] + b',"tenant":"a\'; DROP"}', JSON),
    "form": ("media_type_unsupported", 415, GOOD, "application/x-www-form-urlencoded"),
    "charset": ("media_type_unsupported", 415, GOOD, "application/json; charset=gbk"),
    "multipart without boundary": ("media_type_unsupported", 415, GOOD, "multipart/form-data"),
    "garbage content type": ("media_type_unsupported", 415, GOOD, ";;;=\"'"),
}  # fmt: skip


async def test_each_is_named_and_leaves_nothing(http: httpx.AsyncClient, desk: Desk) -> None:
    answered = {}
    for name, (_, _, body, content_type) in CASES.items():
        headers = {"Idempotency-Key": name.replace(" ", "-"), "content-type": content_type}
        answer = await http.post("/v1/complaints", content=body, headers=headers)
        answered[name] = (answer.json().get("code"), answer.status_code)

    assert {name: case[:2] for name, case in CASES.items()} == answered
    assert 1 == len(await desk.events())  # the three good ones are one submission


async def test_a_body_above_the_limit(http: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "k", "content-type": JSON}
    answer = await http.post("/v1/complaints", content=with_text(b"x" * 1_100_000), headers=headers)

    assert (413, "body_too_large") == (answer.status_code, answer.json()["code"])


async def test_compressed_bodies_are_not_taken(http: httpx.AsyncClient) -> None:
    headers = {"Idempotency-Key": "k", "content-type": JSON, "content-encoding": "gzip"}
    answer = await http.post("/v1/complaints", content=GOOD, headers=headers)

    assert (415, "encoding_unsupported") == (answer.status_code, answer.json()["code"])


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1/complaints/by-source/a%00b/c", "/v1/complaints/by-source/%ff/c"])
async def test_strange_paths(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)

    assert answer.status_code in (400, 404)
    assert answer.json()["code"] in ("not_found", "complaint_unknown", "nul_character", "request_invalid")


async def test_a_wrong_method(http: httpx.AsyncClient) -> None:
    answer = await http.put("/v1/complaints", content=GOOD)

    assert (405, "method_not_allowed") == (answer.status_code, answer.json()["code"])


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
async def test_whatever_bytes_come_it_is_never_a_500(desk: Desk, settings: IntakeSettings, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(GOOD)))
    body = GOOD[:cut] + data.draw(st.binary(max_size=20)) + GOOD[cut + data.draw(st.integers(0, 20)) :]
    kind = data.draw(st.sampled_from([JSON, "application/cloudevents+json", "application/cloudevents-batch+json"]))
    path = data.draw(st.sampled_from(["/v1/complaints", "/v1/events", "/v1/facts/contact", "/v1/facts/roster"]))
    async with Door(desk, desk.acceptance, settings).client() as client:
        answer = await client.post(path, content=body, headers={"Idempotency-Key": "k", "content-type": kind})

    assert answer.status_code < 500
    assert answer.status_code < 400 or answer.json()["titles"]["zh"]
