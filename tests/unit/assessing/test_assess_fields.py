"""What a row may say beside its text: the channel, the time, the customer, and what the agent stated."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.assessing.files import assessed, ndjson


def _one(folder: Path, **row: Any) -> tuple[dict[str, Any], dict[str, int]]:
    lines, summary = assessed(folder, ndjson({"id": "x", **row}))
    return lines[0], summary.notes


def test_what_the_agent_stated_goes_before_what_was_read(tmp_path: Path) -> None:
    stated = {"emotion": 9, "cause": "price", "demands": ["apology"]}
    line, _ = _one(tmp_path, text="你们的网速太慢了", stated=stated)

    assert (9, "price", ["apology"]) == (line["emotion"], line["cause"], line["demands"])


def test_labels_beside_a_text_are_never_read(tmp_path: Path) -> None:
    bare, _ = _one(tmp_path, text="你们的网速太慢了")
    labelled, _ = _one(
        tmp_path,
        text="你们的网速太慢了",
        cause="price",
        emotion=10,
        severity="S1",
        abuse=True,
        repeat=True,
        is_complaint=False,
    )

    assert bare == labelled


@pytest.mark.parametrize(
    ("row", "cross_level"),
    [
        ({}, "actual"),  # who tags an account writes in public
        ({"channel": "social"}, "actual"),
        ({"channel": "hotline"}, "none"),
        ({"channel": None}, "actual"),
    ],
)
def test_a_channel_is_taken_from_the_row_else_from_what_is_written(
    tmp_path: Path, row: dict[str, Any], cross_level: str
) -> None:
    line, _ = _one(tmp_path, text="信号太差了，没人管 @人民日报", **row)

    assert cross_level == line["cross_level"]


def test_an_email_address_makes_no_public_post(tmp_path: Path) -> None:
    plain, _ = _one(tmp_path, text="信号太差了，回我 me@example.com")

    assert plain["evidence"] == _one(tmp_path, text="信号太差了，回我 me@example.com", channel="other")[0]["evidence"]


def test_the_command_may_name_the_channel_of_rows_that_name_none(tmp_path: Path) -> None:
    rows = ndjson({"id": 1, "text": "信号差"}, {"id": 2, "text": "信号差", "channel": "Web"})
    lines, _ = assessed(tmp_path, rows, channel="regulator")

    assert ["actual", "none"] == [line["cross_level"] for line in lines]


@pytest.mark.parametrize(
    ("field", "value", "note"),
    [
        ("channel", "pigeon", "channel_unknown"),
        ("created_at", "yesterday", "created_at_unreadable"),
        ("created_at", 1e300, "created_at_unreadable"),
        ("time_zone", "Mars/North", "time_zone_unknown"),
    ],
)
def test_what_cannot_be_read_beside_the_text_is_left_out_and_counted(
    tmp_path: Path, field: str, value: Any, note: str
) -> None:
    line, notes = _one(tmp_path, text="信号太差了", **{field: value})

    assert (True, {note: 1}) == (line["is_complaint"], notes)


def test_a_third_complaint_of_a_customer_in_30_days_is_major(tmp_path: Path) -> None:
    def of_days(*days: float) -> list[str]:
        rows = [
            {"id": f"d{day}", "text": "家里宽带很慢", "customer": "c-1", "created_at": 1_767_225_600 + day * 86_400}
            for day in days
        ]
        return [line["severity"] for line in assessed(tmp_path, ndjson(*rows))[0]]

    assert "S1" == of_days(1, 9, 20.5)[-1]
    assert "S1" != of_days(1, 9, 45)[-1]
    assert "S1" not in of_days(1, 9)


def test_others_rows_are_no_history(tmp_path: Path) -> None:
    rows = [
        {"id": i, "text": "家里宽带很慢", "customer": {"account": f"c-{i}"}, "created_at": f"2026-01-0{i} 10:00"}
        for i in range(1, 5)
    ]
    lines, _ = assessed(tmp_path, ndjson(*rows))

    assert {"S1"} != {line["severity"] for line in lines}
    assert 1 == len({line["severity"] for line in lines})


def test_a_key_account_is_known_by_its_tier(tmp_path: Path) -> None:
    line, _ = _one(tmp_path, text="家里宽带很慢", customer={"account": "c-1", "tier": "key_account"})

    assert "S1" == line["severity"]
