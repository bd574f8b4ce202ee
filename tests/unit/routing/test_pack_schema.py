"""The schemas that editors use: committed as they are generated, true to the default packs, and strict about mistakes."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kesu.policies.schema_files import schema_files
from services.routing.policy.schema import schemas
from services.routing.policy.source import PACKS, default_packs
from services.routing.policy.yaml_files import parse_yaml

FOLDER = Path(__file__).parents[3] / "docs" / "policy-packs" / "schemas"
FILES = sorted(
    file for name in default_packs() for file in (PACKS / name).rglob("*.yaml")
)  # fmt: skip


def schema_of(file: Path) -> str:
    """The schema for a file of a pack: word lists share theirs by their kind."""
    pack = next(parent for parent in file.parents if parent.parent == PACKS)
    name = file.relative_to(pack).with_suffix("").as_posix()
    return name.split(".")[0] if name.startswith("lexicons/") else name


def as_json(tree: object) -> Any:
    return json.loads(json.dumps(tree, default=str))


def wrong(name: str, tree: object) -> list[str]:
    return [error.json_path for error in jsonschema.Draft202012Validator(schemas()[name]).iter_errors(as_json(tree))]


def test_they_are_committed_as_they_are_generated() -> None:
    committed = {path.relative_to(FOLDER).as_posix(): path.read_text() for path in FOLDER.rglob("*.json")}
    assert schema_files() == committed, "run: kesu policy schema"


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parents[0].name}/{file.name}")
def test_the_default_packs_are_as_they_say(file: Path) -> None:
    assert [] == wrong(schema_of(file), parse_yaml(file.name, file.read_bytes()))


@pytest.mark.parametrize("name", sorted(schemas()))
def test_each_is_a_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schemas()[name])


ROW = {"id": "x", "unit": "u", "zh": "一", "en": "one"}


@pytest.mark.parametrize(
    ("name", "tree"),
    [
        ("tables/unit", [ROW | {"colour": "red"}]),
        ("tables/unit", [{"id": "x", "zh": "一", "en": "one"}]),
        ("tables/unit", [ROW | {"of": {"cause": ["weather"]}}]),
        ("tables/unit", [ROW | {"of": {"mood": ["bad"]}}]),
        ("tables/unit", [{"id": "x", "remove": "yes"}]),
        ("tables/severity", [{"id": "x", "severity": "S9", "zh": "一", "en": "one"}]),
        ("pack", {"name": "x", "zh": "一"}),
        ("pack", {"name": "x", "zh": "一", "en": "one", "regionz": {}}),
        ("lexicons/signals", {"abuse": {"plus": ["a"]}}),
        ("lexicons/marks", {"shrug": ["a"]}),
        ("examples", [{"id": "x", "text": "t"}]),
    ],
)
def test_mistakes_are_found(name: str, tree: object) -> None:
    assert wrong(name, tree)


@pytest.mark.parametrize(
    ("name", "tree"),
    [
        ("tables/unit", [{"id": "x", "remove": True}, ROW | {"before": "desk_inquiry", "of": {"sub_cause": ["any"]}}]),
        ("pack", {"name": "x", "zh": "一", "en": "one", "extends": "telecom_cn", "amount_limits": {"AUD": None}}),
        ("points", {"kind": {"complaint": {"asks": None, "abuse": 5}}}),
        ("lexicons/signals", {"abuse": {"add": ["a"], "remove": ["b"]}, "law": ["c"]}),
    ],
)
def test_what_a_company_may_say_is_right(name: str, tree: object) -> None:
    assert [] == wrong(name, tree)
