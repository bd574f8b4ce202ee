"""Rates, idempotency keys, and problems."""

import pytest

from services.intake.keys import is_loopback
from services.intake.rules.idempotency import idempotency_key
from services.intake.rules.rates import Bucket, Rate, drawn
from shared.problems import PROBLEMS, Problem, body_of, language_of

RATE = Rate(per_s=10, burst=20)


def test_a_burst_is_let_through_and_then_the_rate_counts() -> None:
    bucket, wait_s = drawn(None, 20, rate=RATE, now_s=100)
    assert 0 == wait_s

    bucket, wait_s = drawn(bucket, 1, rate=RATE, now_s=100)
    assert pytest.approx(0.1) == wait_s
    bucket, wait_s = drawn(bucket, 1, rate=RATE, now_s=100.2)
    assert 0 == wait_s


def test_it_never_fills_above_the_burst() -> None:
    bucket, _ = drawn(Bucket(0, 0), 1, rate=RATE, now_s=1_000)

    assert 19 == bucket.tokens


def test_a_request_larger_than_the_burst_passes_a_full_bucket_and_leaves_a_debt() -> None:
    bucket, wait_s = drawn(None, 50, rate=RATE, now_s=0)
    assert (0, -30) == (wait_s, bucket.tokens)

    _, wait_s = drawn(bucket, 1, rate=RATE, now_s=0)
    assert pytest.approx(3.1) == wait_s


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ('"8e03978e-40d5-43dd-bc93-6894a57f9324"', "8e03978e-40d5-43dd-bc93-6894a57f9324"),
        ("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"),
        ('"with a space"', "with a space"),
        ("x", "x"),
    ],
)
def test_both_spellings_of_a_key(header: str, key: str) -> None:
    assert key == idempotency_key(header, required=True)


def test_where_it_is_not_required_it_may_be_missing() -> None:
    assert idempotency_key(None, required=False) is None
    with pytest.raises(Problem):
        idempotency_key(None, required=True)


@pytest.mark.parametrize("header", ["", '"', '""', "a b", "键", "a\x7f", "x" * 201])
def test_what_is_no_key(header: str) -> None:
    with pytest.raises(Problem) as caught:
        idempotency_key(header, required=False)
    assert "idempotency_key_invalid" == caught.value.code


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        (None, "zh"), ("", "zh"), ("en", "en"), ("EN-us", "en"), ("fr, en;q=0.5", "en"), ("en;q=0.3, zh-CN;q=0.9", "zh"),
        ("fr", "zh"), ("en;q=x", "zh"), ("en;q=0", "zh"), (",,;;q", "zh"),
    ],
)  # fmt: skip
def test_the_language_of_a_problem(header: str | None, lang: str) -> None:
    assert lang == language_of(header)


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_every_problem_has_both_texts_and_a_status(code: str) -> None:
    body = body_of(Problem(code), lang="en")

    assert body.titles.en == body.title and body.titles.zh != body.titles.en
    assert 400 <= body.status < 600
    assert f"urn:kesu:problem:{code}" == body.type


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False),
     ("192.168.1.2", False), ("kesu.example.com", False), ("", False)],
)  # fmt: skip
def test_which_addresses_other_machines_reach(host: str, loopback: bool) -> None:
    assert loopback == is_loopback(host)
