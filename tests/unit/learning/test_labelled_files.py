"""The file that is learned from: labels beside the rows of `kesu assess`, in JSON or in columns."""

from collections import Counter
from pathlib import Path

import pytest

from kesu.assessing.cases import Cases
from kesu.learning.examples import Labels
from kesu.learning.reading import Found, LabelledFile, reason
from services.intake.key_table import key_table
from tests.unit.learning.models import NOW


def _found(folder: Path, content: str) -> Found:
    path = folder / "cases"
    path.write_text(content)
    file = LabelledFile(str(path), encoding="utf-8")
    try:
        return file.find(Cases(table=key_table(), now=NOW, notes=Counter()))
    finally:
        file.source.close()


def test_labels_stand_in_the_fields_of_a_row(tmp_path: Path) -> None:
    (one,) = _found(
        tmp_path,
        '{"id": 1, "text": "宽带断了", "channel": "app", "is_complaint": true, "cause": "product", "also": ["price"],'
        ' "emotion": 5, "severity": "S3", "cross_level": "none", "demands": ["repair"], "note": "x"}\n',
    ).examples

    assert ("宽带断了", "app") == (one.case.text, one.case.channel)
    assert one.labels == Labels(
        is_complaint=True, cause="product", also=("price",), emotion=5.0, severity="S3", cross_level="none",
        demands=("repair",),
    )  # fmt: skip


def test_labels_stand_in_the_columns_of_a_table(tmp_path: Path) -> None:
    found = _found(
        tmp_path,
        "id,text,cause,also,emotion,repeat,is_complaint\n1,宽带断了,product,price|tariff,6.5,是,\n2,好,,,,no,0\n",
    )

    assert [
        Labels(cause="product", also=("price", "tariff"), emotion=6.5, repeat=True),
        Labels(repeat=False, is_complaint=False),
    ] == [one.labels for one in found.examples]


def test_labels_are_never_taken_for_what_an_agent_stated(tmp_path: Path) -> None:
    (one,) = _found(tmp_path, '{"id": 1, "text": "宽带断了", "emotion": 9, "cause": "price"}\n').examples

    assert (None, "") == (one.case.stated.emotion, one.case.stated.cause)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ('{"id": 1, "text": "宽带断了"}', "labels_missing"),
        ('{"id": 1, "text": "宽带断了", "demands": ["repair"]}', "labels_missing"),
        ('{"id": 1, "text": "宽带断了", "cause": "weather"}', "label_not_valid"),
        ('{"id": 1, "text": "宽带断了", "emotion": 11}', "label_not_valid"),
        ('{"id": 1, "cause": "price"}', "text_missing"),
        ('{"id": 1, "text": " ", "cause": "price"}', "text_empty"),
        ('{"id": 1, ', "not_json"),
    ],
)
def test_a_row_that_teaches_nothing_is_counted_by_what_is_wrong(tmp_path: Path, row: str, code: str) -> None:
    found = _found(tmp_path, f'{row}\n{{"id": 2, "text": "好", "emotion": 1}}\n')

    assert {code: 1} == found.left_out
    assert 1 == len(found.examples)
    assert all(reason(code))
