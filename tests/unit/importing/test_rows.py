"""CSV as it comes: found headers, odd quotes, broken lines; the rows around a bad one are never lost."""

import csv
import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kesu.importing.csv_rows import CsvRows
from kesu.importing.errors import CannotImport
from kesu.importing.lines import LINE_BYTES_MAX, Lines, Source
from kesu.importing.ndjson_rows import NdjsonRows
from kesu.importing.rows import BadRow, Row
from tests.unit.importing.files import HEADER

COLUMNS = ("no", "via", "words", "phone")


def _read(path: Path, content: bytes) -> tuple[list[list[str]], list[tuple[int, str]]]:
    """The good rows, and line and code of the bad ones."""
    path.write_bytes(content)
    source = Source(path)
    try:
        rows = CsvRows(Lines(source), COLUMNS)
        found = [*rows.before, *rows]
    finally:
        source.close()
    good = [list(row.values) for row in found if isinstance(row, Row)]
    return good, [(row.line, row.refusal.code) for row in found if isinstance(row, BadRow)]


def _row(number: int) -> str:
    return f"{number},phone,words {number},154\n"


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("packed", [False, True])
def test_delimiters_line_ends_marks_and_gzip(
    tmp_path: Path, delimiter: str, ending: str, mark: bytes, packed: bool
) -> None:
    text = (HEADER + _row(1) + '2,net,"a, b; c|d\te",154\n').replace("\n", ending)
    if delimiter != ",":
        text = text.replace("a, b", "a b").replace(",", delimiter)
    content = mark + text.encode()

    good, bad = _read(tmp_path / "a.csv", gzip.compress(content) if packed else content)

    assert [row[0] for row in good] == ["1", "2"]
    assert good[1][2].startswith("a") and good[1][2].endswith("e")
    assert bad == []


def test_the_header_may_stand_behind_other_lines(tmp_path: Path) -> None:
    good, bad = _read(tmp_path / "a.csv", ("<<<<<<< HEAD\nexported 2025\n" + HEADER + _row(1)).encode())

    assert len(good) == 1
    assert bad == [(1, "merge_marker"), (2, "before_header")]


def test_columns_may_stand_in_any_order_with_others_between(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("phone,x,no,words,via\n154,-,1,hello,net\n", "utf-8")
    rows = CsvRows(Lines(Source(tmp_path / "a.csv")), COLUMNS)

    assert rows.header == {"phone": 0, "x": 1, "no": 2, "words": 3, "via": 4}


def test_missing_columns_are_named_and_content_is_not(tmp_path: Path) -> None:
    with pytest.raises(CannotImport) as caught:
        _read(tmp_path / "a.csv", b"no,via,secret\n1,net,me\n")

    assert caught.value.code == "header_missing"
    assert caught.value.en.endswith("missing: words, phone") and "secret" not in str(caught.value)


def test_bad_lines_are_named_and_good_ones_kept(tmp_path: Path) -> None:
    content = (
        HEADER + _row(1) + "2,phone\n" + _row(3) + "=======\n" + HEADER + _row(4) + "\n" + ">>>>>>> 1a2b\n" + _row(5)
    )

    good, bad = _read(tmp_path / "a.csv", content.encode())

    assert [row[0] for row in good] == ["1", "3", "4", "5"]
    assert bad == [(3, "columns_differ"), (5, "merge_marker"), (6, "header_repeated"), (9, "merge_marker")]


@pytest.mark.parametrize("after", [0, 1, 3, 5_000])
def test_a_quote_never_closed_costs_its_own_line_only(tmp_path: Path, after: int) -> None:
    content = HEADER + _row(1) + '2,phone,"never closed,154\n' + "".join(_row(3 + i) for i in range(after))

    good, bad = _read(tmp_path / "a.csv", content.encode())

    assert [row[0] for row in good] == ["1", *(str(3 + i) for i in range(after))]
    assert bad == [(3, "quote_open")]


def test_two_open_quotes_do_not_hide_what_is_between(tmp_path: Path) -> None:
    content = HEADER + '1,phone,"open,154\n' + _row(2) + _row(3) + '4,phone,"open,154\n' + _row(5)

    good, bad = _read(tmp_path / "a.csv", content.encode())

    assert [row[0] for row in good] == ["2", "3", "5"]
    assert bad == [(2, "quote_open"), (5, "quote_open")]


def test_bytes_that_are_no_text_and_endless_lines_are_refused(tmp_path: Path) -> None:
    head = HEADER + "".join(f"{i},phone,好,154\n" for i in range(3))
    content = head.encode() + b"x,phone,\xff\xfe,154\n" + b"y" * (LINE_BYTES_MAX * 2 + 5) + b"\n" + _row(9).encode()

    good, bad = _read(tmp_path / "a.csv", content)

    assert [row[0] for row in good] == ["0", "1", "2", "9"]
    assert bad == [(5, "not_decodable"), (6, "line_too_long")]


def test_another_encoding_is_said_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(CannotImport) as caught:
        _read(tmp_path / "a.csv", (HEADER + "1,phone,没有信号,154\n").encode("gb18030"))

    assert caught.value.code == "encoding_wrong"


def test_a_file_cut_off_in_gzip_is_said(tmp_path: Path) -> None:
    packed = gzip.compress((HEADER + "".join(map(_row, range(9_000)))).encode())
    with pytest.raises(CannotImport) as caught:
        _read(tmp_path / "a.csv.gz", packed[: len(packed) // 2])

    assert caught.value.code == "file_broken"


_cells = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), max_size=12)


@given(table=st.lists(st.tuples(_cells.map(lambda cell: f"n{cell}"), _cells, _cells, _cells), max_size=8))
def test_whatever_csv_was_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, table: list[tuple[str, ...]]
) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([COLUMNS, *table])

    good, bad = _read(tmp_path_factory.mktemp("csv") / "a.csv", out.getvalue().encode())

    assert good == [list(row) for row in table]
    assert bad == []


def test_ndjson_takes_keys_in_one_another_and_names_what_is_none(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_text('{"no": 7, "who": {"phone": "154"}}\n\n[1]\n{"no": null}\nnope\n', "utf-8")

    rows = list(NdjsonRows(Lines(Source(path)), ("no", "who.phone")))

    assert [row.values for row in rows if isinstance(row, Row)] == [["7", "154"], ["", ""]]
    assert [(row.line, row.refusal.code) for row in rows if isinstance(row, BadRow)] == [
        (3, "not_json"),
        (5, "not_json"),
    ]
