"""Rows read as submissions: values, times, amounts, and refusals that never repeat what the row said."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kesu.importing.findings import Refusal
from kesu.importing.mapping_files import load_mapping
from kesu.importing.reading import Reading, RowReader
from shared.events.intake import KeyFacts

FULL = """
about: {zh: 测试, en: test}
source: test
fields:
  source_id: {from: "{no}", expect: "[0-9]+"}
  channel: {from: "{via}", values: {phone: hotline, net: web}, default: net}
  text: "{words}"
  occurred_at: {from: "{when}", times: ["%d/%m/%Y %H:%M", iso], zone: Asia/Shanghai}
  customer.account: "{account}"
  customer.handle: "{handle}"
  key_facts.region: "{province}/{city}"
  key_facts.amount_minor: {from: "{amount}", as: minor_units}
  key_facts.purchased_on: {from: "{bought}", dates: ["%Y-%m-%d"], optional: true}
  stated.emotion: {from: "{temper}", as: whole}
  stated.demands: {from: "{demands}", as: list, separator: ";"}
  stated.vulnerable: {from: "{weak}", as: yes_no}
  stated.danger: true
"""
COLUMNS = ("no", "via", "words", "when", "account", "handle", "province", "city", "amount", "bought", "temper", "demands", "weak")  # fmt: skip
GOOD = {
    "no": "7", "via": "phone", "words": "没有信号", "when": "03/04/2025 08:15", "account": " KD1 ", "province": "浙江",
    "city": "杭州", "amount": "¥1,234.56", "bought": "2024-01-31", "temper": "8", "demands": "refund; apology",
    "weak": "是",
}  # fmt: skip


@pytest.fixture
def reader(tmp_path: Path) -> RowReader:
    path = tmp_path / "m.yaml"
    path.write_text(FULL, "utf-8")
    header = {column: place for place, column in enumerate(COLUMNS)}
    return RowReader(load_mapping(str(path)).mapping, header, name="m", source="", tenant="", swapped=False)


def _read(reader: RowReader, **changes: str) -> Reading | Refusal:
    return reader.read([(GOOD | changes).get(column, "") for column in COLUMNS])


def test_a_row_becomes_the_submission_it_says(reader: RowReader) -> None:
    read = _read(reader)

    assert isinstance(read, Reading)
    one = read.submission
    assert (one.source, one.source_id, one.channel, one.text) == ("test", "7", "hotline", "没有信号")
    assert one.occurred_at == datetime(2025, 4, 3, 0, 15, tzinfo=UTC)
    assert one.customer.account == "KD1"
    assert one.key_facts == KeyFacts(region="浙江/杭州", amount_minor=123_456, purchased_on=date(2024, 1, 31))
    assert (one.stated.emotion, one.stated.demands) == (8, ("refund", "apology"))
    assert one.stated.vulnerable and one.stated.danger
    assert read.notes == []


def test_empty_values_are_left_away_and_defaults_taken(reader: RowReader) -> None:
    read = _read(reader, via="", when="", amount="", temper="", demands="", weak="", city="")

    assert isinstance(read, Reading)
    assert read.submission.channel == "web"
    assert read.submission.occurred_at is None
    assert read.submission.key_facts.region == "浙江"
    assert read.submission.stated.emotion is None


@pytest.mark.parametrize(
    ("changes", "code", "columns"),
    [
        ({"no": " "}, "empty", ("no",)),
        ({"words": ""}, "empty", ("words",)),
        ({"account": "", "handle": ""}, "customer_missing", ("account", "handle")),
        ({"via": "pigeon"}, "value_unknown", ("via",)),
        ({"when": "31/31/2025 08:15"}, "not_a_time", ("when",)),
        ({"amount": "a lot"}, "not_a_number", ("amount",)),
        ({"amount": "1e99"}, "not_a_number", ("amount",)),
        ({"temper": "11"}, "not_valid", ("temper",)),
        ({"account": "K" * 201}, "not_valid", ("account",)),
        ({"words": "长" * 20_001}, "not_valid", ("words",)),
        ({"demands": "my-secret"}, "not_valid", ("demands",)),
    ],
)
def test_what_does_not_fit_is_refused_by_its_column(
    reader: RowReader, changes: dict[str, str], code: str, columns: tuple[str, ...]
) -> None:
    read = _read(reader, **changes)

    assert isinstance(read, Refusal)
    assert (read.code, read.columns) == (code, columns)
    assert "secret" not in read.detail and "K" * 9 not in read.detail


def test_oddities_are_noted_and_the_row_goes_in(reader: RowReader) -> None:
    read = _read(reader, no="word", bought="long ago")

    assert isinstance(read, Reading)
    assert [(note.code, note.columns) for note in read.notes] == [("odd_value", ("no",)), ("left_out", ("bought",))]
    assert read.submission.key_facts.purchased_on is None


@pytest.mark.parametrize(
    ("when", "utc"),
    [
        ("2025-04-03T08:15:00+02:00", datetime(2025, 4, 3, 6, 15, tzinfo=UTC)),
        ("2025-04-03 08:15", datetime(2025, 4, 3, 0, 15, tzinfo=UTC)),
        ("2025-04-03T08:15:00Z", datetime(2025, 4, 3, 8, 15, tzinfo=UTC)),
    ],
)
def test_a_written_zone_goes_before_the_mappings(reader: RowReader, when: str, utc: datetime) -> None:
    read = _read(reader, when=when)

    assert isinstance(read, Reading)
    assert read.submission.occurred_at == utc
