"""The English side: which rows are measured, and what says more than a name."""

from pathlib import Path

import pytest

from kesu.judge.english import TEXTS, english_rows, measured_english, says_more
from tests.unit.assessing.files import pack


@pytest.mark.parametrize(("text", "more"), [("Comcast", False), ("comcast/XFINITY!!", False), ("Comcast's", False), ("Comcast bill", True), ("No TV", True), ("", False), ("2015", False)])  # fmt: skip
def test_what_says_more_than_the_company_s_name(text: str, more: bool) -> None:
    assert more == says_more(text)


def test_the_first_half_may_be_read_and_the_second_is_measured(tmp_path: Path) -> None:
    assert [] == english_rows(tmp_path, "unread")
    (tmp_path / TEXTS).write_text("Ticket #,Customer Complaint\n" + "".join(f"{n},text {n}\n" for n in range(5)))

    assert [["0", "1"], ["2", "3", "4"]] == [
        [row.id for row in english_rows(tmp_path, which)] for which in ("looked-at", "unread")
    ]


def test_causes_are_counted_where_a_text_says_something(tmp_path: Path) -> None:
    texts = ["Comcast", "my internet is slow", "internet down", "Comcast zzzz qqqq"]
    (tmp_path / TEXTS).write_text(
        "Ticket #,Customer Complaint\n" + "".join(f"{n},{text}\n" for n, text in enumerate(texts))
    )

    found = measured_english([*english_rows(tmp_path, "looked-at"), *english_rows(tmp_path, "unread")], pack())

    assert (4, 1.0, 3, ("3",)) == (found.count, found.judged, found.telling, found.other)
    assert 2 / 3 == pytest.approx(found.named)
    assert found.low <= found.named <= found.high
    assert not found.met
