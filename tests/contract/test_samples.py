"""What was stored once can be read for ever: every sample of every published version decodes, and nothing in it is lost."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from shared.events.registry import EVENTS, decode, encode
from shared.events.submissions import SUBMISSIONS
from tests.contract import samples

ALL = sorted(samples.FOLDER.glob("*.json"))
ASYNCAPI = json.loads((Path(__file__).resolve().parents[2] / "docs/contract/asyncapi.json").read_text())


def read_back(type_: str, value: bytes) -> Any:
    """`value` read by today's code and written again."""
    if type_ in EVENTS:
        return json.loads(encode(decode(value)))
    return json.loads(msgspec.json.encode(msgspec.json.decode(value, type=SUBMISSIONS[type_])))


def holds(whole: Any, part: Any) -> bool:
    """Whether everything in `part` is in `whole`."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and holds(whole[key], value) for key, value in part.items())
    if isinstance(part, list):
        return isinstance(whole, list) and len(whole) == len(part) and all(map(holds, whole, part))
    return bool(whole == part)


def test_every_type_has_its_samples() -> None:
    assert {f"{t}{end}" for t in [*EVENTS, *SUBMISSIONS] for end in (".json", ".least.json")} <= {p.name for p in ALL}


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_a_stored_sample_is_read_whole(path: Path) -> None:
    stored = path.read_bytes()
    read = read_back(samples.type_in(path), stored)
    assert holds(read, without_empty(json.loads(stored))), read


def without_empty(value: Any) -> Any:
    """`value` without the objects that say nothing: they are left out when written."""
    if not isinstance(value, dict):
        return value
    return {key: without_empty(one) for key, one in value.items() if one not in ({}, [])}


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_a_stored_sample_is_as_the_published_schema_says(path: Path) -> None:
    payload = ASYNCAPI["components"]["messages"][samples.type_in(path)]["payload"]
    schema = {"components": ASYNCAPI["components"], **payload}
    jsonschema.Draft7Validator(schema).validate(json.loads(path.read_text()))


@pytest.mark.parametrize("type_", EVENTS)
def test_a_field_of_the_future_does_not_stop_todays_reader(type_: str) -> None:
    stored = json.loads((samples.FOLDER / f"{type_}.json").read_text())
    assert read_back(type_, json.dumps(stored | {"field_of_the_future": 1}).encode()) == read_back(
        type_, json.dumps(stored).encode()
    )


def test_a_sample_that_is_there_is_never_written_again(tmp_path: Path) -> None:
    samples.write_missing(tmp_path)
    kept = tmp_path / "kesu.complaint.received.v1.json"
    kept.write_text("stored long ago")
    (tmp_path / "kesu.complaint.routed.v1.json").unlink()
    assert ["kesu.complaint.routed.v1.json"] == samples.write_missing(tmp_path)
    assert kept.read_text() == "stored long ago"
