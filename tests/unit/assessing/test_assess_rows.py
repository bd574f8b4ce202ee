"""Every row has its line, in order: a judgement in the promised fields, or a code that says why there is none."""

import gzip
from pathlib import Path

import pytest

from kesu.importing.errors import CannotImport
from tests.unit.assessing.files import assessed, ndjson

FIELDS = (
    "id", "kind", "is_complaint", "cause", "causes", "cross_level", "cross_level_target", "emotion", "abuse", "repeat",
    "severity", "demands", "style", "motives", "unit", "tier", "strategy", "evidence",
)  # fmt: skip
CUT_OFF = "我家宽带断了三天，打了四次电话没人修，再不处理就去工信部投诉！"


def test_a_judgement_has_the_promised_fields_in_their_order(tmp_path: Path) -> None:
    (line,), summary = assessed(tmp_path, ndjson({"id": "k-1", "text": CUT_OFF}))

    assert FIELDS == tuple(line)
    assert ("k-1", "complaint", True, "product") == (line["id"], line["kind"], line["is_complaint"], line["cause"])
    assert ("threatened", "regulator", True) == (line["cross_level"], line["cross_level_target"], line["repeat"])
    assert "product" == line["causes"][0]
    assert "repair" in line["demands"]
    assert (1, 1, {}, {}) == (summary.rows, summary.judged, summary.faults, summary.notes)


def test_evidence_says_what_stands_where_in_the_normalised_text(tmp_path: Path) -> None:
    (line,), _ = assessed(tmp_path, ndjson({"id": 1, "text": "  网速太慢，　还投诉无门  "}))

    assert line["evidence"]
    for mark in line["evidence"]:
        assert mark["text"] == "网速太慢, 还投诉无门"[mark["start"] : mark["end"]]


def test_ids_come_back_as_they_were(tmp_path: Path) -> None:
    big = 98_765_432_109_876_543_210_123
    lines, _ = assessed(tmp_path, ndjson(*({"id": one, "text": "信号差"} for one in (7, "7", "客-7", big))))

    assert [7, "7", "客-7", big] == [line["id"] for line in lines]


def test_rows_that_cannot_be_judged_are_named_in_their_place(tmp_path: Path) -> None:
    content = (
        ndjson({"id": "a", "text": "信号差"}, {"id": "b", "text": " \n "}, {"id": "c"}, {"text": "信号差"})
        + "{broken\n\n[1]\n"
        + ndjson({"id": "d", "text": "网速慢", "stated": {"emotion": 11}}, {"id": "e", "text": "网速慢"})
    )

    lines, summary = assessed(tmp_path, content)

    assert ["a", "b", "c", None, None, None, "d", "e"] == [line["id"] for line in lines]
    faults = [(line["line"], line["error"]["code"], line["error"]["at"]) for line in lines if "error" in line]
    assert [
        (2, "text_empty", "text"), (3, "text_missing", "text"), (4, "id_missing", "id"), (5, "not_json", ""),
        (7, "not_json", ""), (8, "value_not_valid", "stated.emotion"),
    ] == faults  # fmt: skip
    assert all(line["error"]["zh"] and line["error"]["en"] for line in lines if "error" in line)
    assert (8, 2) == (summary.rows, summary.judged)
    assert 6 == sum(summary.faults.values())


def test_a_csv_file_is_read_with_its_quotes_and_its_bad_lines_named(tmp_path: Path) -> None:
    content = "\ufeffid,text,stated.emotion,note\r\n1,'网速慢\r\n天天掉线',9,x\r\n2,少一列\r\n3,信号差,,x\r\n4,信号差,hot,x\r\n"

    lines, _ = assessed(tmp_path, content.replace("'", '"'))

    assert ["1", None, "3", "4"] == [line["id"] for line in lines]
    assert (9, "product") == (lines[0]["emotion"], lines[0]["cause"])
    assert ("columns_differ", 4) == (lines[1]["error"]["code"], lines[1]["line"])
    assert ("value_not_valid", "stated.emotion") == (lines[3]["error"]["code"], lines[3]["error"]["at"])


def test_the_same_rows_in_any_wrapping_are_judged_alike(tmp_path: Path) -> None:
    texts = ("宽带三天没人修", "话费多扣了五十块")
    plain, _ = assessed(tmp_path, ndjson(*({"id": str(i), "text": text} for i, text in enumerate(texts))))
    table = "id;text\n" + "".join(f"{i};{text}\n" for i, text in enumerate(texts))

    assert plain == assessed(tmp_path, table)[0]
    assert plain == assessed(tmp_path, gzip.compress(table.encode()))[0]
    assert plain == assessed(tmp_path, table.encode("gb18030"), encoding="gb18030")[0]


@pytest.mark.parametrize(
    ("content", "code"), [("a,b\n1,2\n", "header_missing"), ("编,文\n".encode("utf-16"), "encoding_wrong")]
)
def test_a_file_that_is_none_is_refused_as_a_whole(tmp_path: Path, content: str | bytes, code: str) -> None:
    with pytest.raises(CannotImport) as refused:
        assessed(tmp_path, content)
    assert code == refused.value.code


def test_a_name_says_what_a_file_is_though_its_first_line_is_broken(tmp_path: Path) -> None:
    content = "oops\n" + ndjson({"id": 1, "text": "信号差"})

    lines, _ = assessed(tmp_path, content, name="rows.jsonl.gz")

    assert [None, 1] == [line["id"] for line in lines]
    with pytest.raises(CannotImport):
        assessed(tmp_path, content, name="rows.txt")


def test_a_file_without_rows_has_no_lines(tmp_path: Path) -> None:
    lines, summary = assessed(tmp_path, "")

    assert ([], 0) == (lines, summary.rows)
