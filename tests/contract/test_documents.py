"""The committed documents are what the code says, valid, and cover every type and every door."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kesu.contract.documents import ASYNCAPI, CONTRACT, documents, refused, text_of
from shared.events.registry import EVENTS
from shared.events.submissions import SUBMISSIONS

VENDORED = Path(__file__).with_name("vendored")


@pytest.fixture(scope="module")
def generated() -> dict[str, Any]:
    """The documents as the code would write them now."""
    return documents()


def test_nothing_published_is_broken(generated: dict[str, Any]) -> None:
    assert [] == refused(CONTRACT, generated)


def test_what_is_committed_is_what_the_code_says(generated: dict[str, Any]) -> None:
    """When this fails, run `make contract` and look at what changed."""
    committed = {path.relative_to(CONTRACT).as_posix(): path.read_text() for path in CONTRACT.rglob("*.json")}
    written = {name: text_of(document) for name, document in generated.items()}
    assert sorted(written) == sorted(committed)
    assert [] == [name for name in written if written[name] != committed[name]]


def test_the_asyncapi_document_is_valid(generated: dict[str, Any]) -> None:
    schema = json.loads((VENDORED / "asyncapi-3.0.0.schema.json").read_text())
    validator = jsonschema.Draft7Validator(schema)
    assert [] == [error.message for error in validator.iter_errors(generated[ASYNCAPI])]
    assert list(validator.iter_errors(generated[ASYNCAPI] | {"operationz": {}}))


def test_every_type_travels_on_exactly_one_topic(generated: dict[str, Any]) -> None:
    channels = generated[ASYNCAPI]["channels"].values()
    travelling = [type_ for channel in channels for type_ in channel["messages"]]
    others = ["kesu.dead-letter.v1", "kesu.watermark.v1", "kesu.customer-key.v1"]
    assert sorted([*EVENTS, *SUBMISSIONS, *others]) == sorted(travelling)


def test_every_reference_leads_somewhere(generated: dict[str, Any]) -> None:
    for name, document in generated.items():
        for reference in references(document):
            found: Any = document
            for step in reference.removeprefix("#/").split("/"):
                assert step.replace("~1", "/") in found, f"{name}: {reference}"
                found = found[step.replace("~1", "/")]


def references(value: Any) -> list[str]:
    """Every `$ref` in `value`."""
    if isinstance(value, list):
        return [one for item in value for one in references(item)]
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [one for item in value.values() for one in references(item)]
    return []
