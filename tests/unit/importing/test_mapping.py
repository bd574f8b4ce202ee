"""Mappings: those that come with Kesu hold, and what is wrong in one is said clearly."""

from pathlib import Path

import pytest

from kesu.importing.errors import CannotImport
from kesu.importing.mapping_files import load_mapping, shipped
from tests.unit.importing.files import MAPPING


def _written(tmp_path: Path, text: str) -> str:
    path = tmp_path / "m.yaml"
    path.write_text(text, "utf-8")
    return str(path)


def test_every_shipped_mapping_loads_and_speaks_both_languages() -> None:
    assert {"telecom_zh", "comcast", "comcast_raw", "submission"} <= set(shipped())
    for name in shipped():
        assert load_mapping(name).mapping.about.keys() == {"zh", "en"}


def test_another_content_has_another_hash(tmp_path: Path) -> None:
    first = load_mapping(_written(tmp_path, MAPPING)).content_hash

    assert load_mapping(_written(tmp_path, MAPPING + "  lang: zh\n")).content_hash != first


@pytest.mark.parametrize(
    ("line", "code", "names"),
    [
        ("  colour: red", "field_unknown", "colour"),
        ("  customer.shoe_size: '{no}'", "field_unknown", "customer.shoe_size"),
        ("  lang: french", "word_wrong", "lang"),
        ("  order_number: {from: '{no}', otherwise: 7x, shape: round}", "field_wrong", "order_number"),
        ("  occurred_at: {from: '{no}', times: [iso], zone: Mars/Olympus}", "field_wrong", "occurred_at"),
        ("  occurred_at: {from: '{no}', times: [iso], zone: America}", "field_wrong", "occurred_at"),
        ("  occurred_at: {from: '{no}', times: ['%Q']}", "field_wrong", "occurred_at"),
        ("  order_number: {from: '{no}', expect: '(['}", "field_wrong", "order_number"),
        ("  order_number: {from: '{no}', as: whole, times: [iso]}", "field_ambiguous", "order_number"),
        ("  stated.emotion: 11", "word_wrong", "stated.emotion"),
        ("  customer.tier: {from: '{no}', values: {gold card: golden}}", "word_wrong", "customer.tier"),
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, line: str, code: str, names: str) -> None:
    with pytest.raises(CannotImport) as caught:
        load_mapping(_written(tmp_path, f"{MAPPING}{line}\n"))

    assert caught.value.code == code
    assert names in caught.value.zh and names in caught.value.en


@pytest.mark.parametrize("name", ["source_id", "channel", "text", "customer.phone"])
def test_what_every_complaint_needs_must_be_mapped(tmp_path: Path, name: str) -> None:
    without = "\n".join(line for line in MAPPING.splitlines() if not line.startswith(f"  {name}:"))

    with pytest.raises(CannotImport) as caught:
        load_mapping(_written(tmp_path, without))

    assert caught.value.code == "field_missing" and name in caught.value.en


@pytest.mark.parametrize("text", ["", "[]", "fields: 3", "a: {", "about: {zh: a, en: b}\nas_is: true", "\x00"])
def test_what_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(CannotImport) as caught:
        load_mapping(_written(tmp_path, text))

    assert caught.value.zh and caught.value.en


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(CannotImport) as caught:
        load_mapping("no-such-mapping")

    assert caught.value.code == "mapping_not_found" and "telecom_zh" in caught.value.en
