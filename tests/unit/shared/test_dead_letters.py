"""A dead letter says where, who and why; what the record held is sealed in it, byte for byte."""

from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidTag

from shared.log.headers import event_headers, header
from shared.pipeline.dead_letters import CONTENT_BYTES_MAX, Content, DeadLetters, open_letter, read_letter
from shared.pipeline.records import RawRecord
from shared.vault import Vault

NOW = datetime(2026, 3, 2, tzinfo=UTC)
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
VAULT = Vault(bytes(range(32)))
LETTERS = DeadLetters(consumer="routing", vault=VAULT)
SECRETS = (b"\xe5\xbc\xa0\xe4\xb8\x89", b"13800138000", b"\xff\x00binary")


def record(
    *, value: bytes | None = b"|".join(SECRETS), key: bytes | None = SECRETS[1], trace: bytes = TRACE.encode()
) -> RawRecord:
    """One that cannot be used."""
    return RawRecord("kesu.complaints", 1, 7, 99, key, value, (("ce_type", SECRETS[2]), ("traceparent", trace)))


def test_it_says_where_who_and_why() -> None:
    """And keeps the trace."""
    letter = read_letter(LETTERS.of(record(), code="not_this_event", detail="because", at=NOW).value)
    assert (letter.consumer, letter.topic, letter.partition, letter.offset) == ("routing", "kesu.complaints", 1, 7)
    assert (letter.code, letter.detail, letter.dead_at, letter.timestamp_ms) == ("not_this_event", "because", NOW, 99)
    assert (letter.trace, letter.size) == (TRACE, len(record().value or b""))


@pytest.mark.parametrize(("key", "value"), [(SECRETS[1], SECRETS[0]), (None, b""), (b"\xff", None)])
def test_what_it_held_comes_back_byte_for_byte(key: bytes | None, value: bytes | None) -> None:
    """Key, value and headers; None is not the same as empty."""
    raw = record(key=key, value=value)
    letter = read_letter(LETTERS.of(raw, code="c", detail="", at=NOW).value)
    assert open_letter(letter, VAULT) == Content(raw.key, raw.value, raw.headers)


def test_no_byte_of_it_is_readable() -> None:
    """Neither in the letter's value nor anywhere else of what is published."""
    published = LETTERS.of(record(), code="c", detail="", at=NOW)
    everything = published.value + published.key.encode() + repr(published.headers).encode()
    assert not any(secret in everything for secret in SECRETS)


def test_another_master_key_does_not_open_it() -> None:
    """Nor does it under another letter's id."""
    letter = read_letter(LETTERS.of(record(), code="c", detail="", at=NOW).value)
    with pytest.raises(InvalidTag):
        open_letter(letter, Vault(bytes(32)))


@pytest.mark.parametrize("trace", [b"13800138000", b"", b"x" * 900_000, TRACE.upper().encode(), b"\xff"])
def test_a_trace_that_is_none_is_left_out(trace: bytes) -> None:
    """The header is the sender's: it may hold anything, at any length."""
    published = LETTERS.of(record(trace=trace), code="c", detail="", at=NOW)
    assert read_letter(published.value).trace == ""
    assert len(published.value) < CONTENT_BYTES_MAX * 2


@pytest.mark.parametrize("where", ["key", "value", "trace"])
def test_what_is_too_large_keeps_its_place_only(where: str) -> None:
    """Large keys and headers too: the letter itself must fit on its topic."""
    large = {where: b"x" * (CONTENT_BYTES_MAX + 1)}
    published = LETTERS.of(record(**large), code="c", detail="d" * 10_000, at=NOW)
    letter = read_letter(published.value)
    assert open_letter(letter, VAULT) is None
    assert letter.offset == 7
    assert len(published.value) < 2_000


def test_the_same_record_is_the_same_letter() -> None:
    """Written twice (nothing moved on after the first time), it counts once; for another consumer it is another."""
    first, again = (LETTERS.of(record(), code="c", detail="", at=NOW) for _ in range(2))
    assert first == again
    other = DeadLetters(consumer="reporting", vault=VAULT).of(record(), code="c", detail="", at=NOW)
    assert other.id != first.id


def test_a_hole_says_from_where_to_where() -> None:
    """It holds nothing."""
    letter = read_letter(LETTERS.of_hole("kesu.complaints", 1, first=5, last=8, at=NOW).value)
    assert (letter.code, letter.offset, letter.hole_last) == ("hole_in_the_log", 5, 8)
    assert open_letter(letter, VAULT) is None


def test_headers_of_an_event_begin_with_its_type() -> None:
    """CloudEvents 1.0, Kafka binding, binary mode; events that belong to no complaint have no key."""
    headers = event_headers(type_="t.v1", id_="i", source=b"/kesu/x", key="k")
    assert headers[0] == ("ce_type", b"t.v1")
    assert dict(headers) == {
        "ce_type": b"t.v1", "ce_specversion": b"1.0", "ce_id": b"i", "ce_source": b"/kesu/x",
        "content-type": b"application/json", "ce_partitionkey": b"k",
    }  # fmt: skip
    assert header(tuple(event_headers(type_="t.v1", id_="i", source=b"/", key="")), "ce_partitionkey") is None
    assert header((("a", b"\xff"),), "a") is None
