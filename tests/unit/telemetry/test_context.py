"""Trace contexts: which are taken, where in a record they are looked for, and where they are put."""

import pytest

from shared.log.headers import event_headers, with_trace
from shared.telemetry.context import is_sampled, of_own_record, of_record, of_request

ONE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
KEY = b"traceparent"


def test_what_is_put_on_a_record_is_found_there() -> None:
    headers = with_trace(event_headers(type_="t", id_="i", source=b"/s", key="k"), ONE)

    assert ONE == of_own_record(tuple(headers))
    assert "ce_type" == headers[0][0]


def test_it_stands_before_the_mark_of_a_redriven_record() -> None:
    marked = [*event_headers(type_="t", id_="i", source=b"/s", key="k"), ("kesu_only_for", b"routing")]

    headers = with_trace(marked, ONE)

    assert "kesu_only_for" == headers[-1][0]
    assert ONE == of_own_record(tuple(headers))


def test_a_channels_record_may_have_it_anywhere() -> None:
    headers = ((KEY.decode(), ONE.encode()), ("baggage", b"x"))

    assert "" == of_own_record(headers)
    assert ONE == of_record(headers)


@pytest.mark.parametrize(
    "value",
    [
        b"", b"13764209518", ONE.encode() + b"-more", ONE.upper().encode(), b"ff" + ONE.encode()[2:],
        b"00-" + b"0" * 32 + b"-b7ad6b7169203331-01", b"00-0af7651916cd43dd8448eb211c80319c-" + b"0" * 16 + b"-01",
        "00-客诉".encode(),
    ],
)  # fmt: skip
def test_what_is_no_context_is_not_handed_on(value: bytes) -> None:
    assert "" == of_record(((KEY.decode(), value),))
    assert "" == of_request([(KEY, value)])


def test_a_record_with_an_empty_header_has_none() -> None:
    assert "" == of_record(((KEY.decode(), None),))  # type: ignore[arg-type]
    assert "" == of_own_record(())


def test_a_request_with_two_has_none() -> None:
    assert ONE == of_request([(b"accept", b"*/*"), (KEY, ONE.encode())])
    assert "" == of_request([(KEY, ONE.encode()), (KEY, ONE.encode())])


@pytest.mark.parametrize(("flags", "sampled"), [("00", False), ("01", True), ("02", False), ("03", True)])
def test_the_lowest_flag_says_whether_it_is_sampled(flags: str, sampled: bool) -> None:
    assert sampled is is_sampled(ONE[:-2] + flags)


def test_no_context_is_not_sampled() -> None:
    assert not is_sampled("")
