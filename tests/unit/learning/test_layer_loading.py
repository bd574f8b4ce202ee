"""A learned layer is checked as a whole when its pack is loaded: what could not be applied is refused by name."""

from typing import Any

import msgspec
import pytest

from services.routing.policy.errors import PackError
from services.routing.policy.learned import HEADS, MEMBER, load_layer
from tests.unit.learning.models import body, layer


def test_a_pack_without_a_model_has_no_layer() -> None:
    assert None is load_layer({})


def test_sums_of_all_heads_are_taken_apart_again() -> None:
    found = layer(
        heads=list(HEADS),
        grams={"a": [3, *range(-6, 6)], "b": [4, *([-(2**20)] * 12)]},
        signs={"always": [0] * 12},
    )

    assert [9 + 16, *(number - 2**20 for number in range(-6, 6))] == found.lanes(found.grams["a"] + found.grams["b"])


@pytest.mark.parametrize(
    ("changed", "row"),
    [
        ({"heads": ["emotion", "complaint"]}, "heads"),
        ({"heads": []}, "heads"),
        ({"grams": {"蓝鲸出没": [64, 1, 1]}}, "蓝鲸出没"),
        ({"grams": {"": [64, 1, 1]}}, "row "),
        ({"grams": {"蓝": [0, 1, 1]}}, "蓝"),
        ({"grams": {"蓝": []}}, "蓝"),
        ({"grams": {"蓝": [64, 1]}}, "蓝"),
        ({"grams": {"蓝": [64, 1, 2**21]}}, "蓝"),
        ({"signs": {"always": [1, 2, 3]}}, "always"),
        ({"severity": {"serious": {"of": {"emotion": 1}, "added": 0}}}, "severity"),
        ({"severity": {"serious": {"of": {"abuse": 1}, "added": 0}, "ordinary": {"of": {}, "added": 0}}}, "serious"),
        ({"grams": {chr(0x4E00 + number): [64, 1, 1] for number in range(20_001)}}, "grams"),
    ],
)
def test_a_model_that_cannot_be_applied_names_its_fault(changed: dict[str, Any], row: str) -> None:
    with pytest.raises(PackError) as refused:
        load_layer({MEMBER: body(**changed)})

    assert MEMBER == refused.value.table
    assert row in str(refused.value)
    assert {"zh", "en"} == set(refused.value.texts)


@pytest.mark.parametrize(
    "damaged", [b"", b"{}", b"\xff\xfe", body()[:-9], body(format="kesu.learned.v9"), body(more=1), b"[" * 100_000]
)
def test_bytes_that_are_no_model_are_refused(damaged: bytes) -> None:
    with pytest.raises(PackError):
        load_layer({MEMBER: damaged})


def test_a_model_too_large_is_not_even_read() -> None:
    with pytest.raises(PackError, match="larger than"):
        load_layer({MEMBER: b" " * 2_000_001})


def test_a_strange_file_in_the_folder_is_named() -> None:
    with pytest.raises(PackError, match=r"learned/notes\.txt"):
        load_layer({MEMBER: body(), "learned/notes.txt": b""})


def test_figures_with_a_fraction_are_refused() -> None:
    """Whole numbers alone are the same sum on every machine."""
    with pytest.raises(PackError):
        load_layer({MEMBER: msgspec.json.encode(msgspec.json.decode(body()) | {"signs": {"always": [0.5, 1]}})})
