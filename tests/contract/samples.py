"""Stored samples of every published version: `python -m tests.contract.samples` adds those of new types, and only those.

Of each type two are kept: one with everything its builder says, and one (`.least.json`) with only what is required.
A sample, once committed, is never written again: it stands for what is stored in somebody's log.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from shared.events.registry import type_of
from shared.events.submissions import SUBMISSIONS
from tests import builders

FOLDER: Final = Path(__file__).with_name("samples")
_LEAST: Final = ".least.json"


def built() -> Iterator[tuple[str, Struct]]:
    """Every event and submission type with a ready-made example."""
    yield from ((type_of(type(event)), event) for event in (build() for build in builders.EVENTS))
    types = {struct: type_ for type_, struct in SUBMISSIONS.items()}
    yield from ((types[type(submission)], submission) for submission in (build() for build in builders.SUBMISSIONS))


def least(value: Any) -> Any:
    """`value` as JSON, without whatever may be left out, at every level."""
    if isinstance(value, Struct):
        tag = value.__struct_config__.tag
        if value.__struct_config__.array_like:
            return [least(getattr(value, one.name)) for one in fields(value) if one.required]
        kept = {one.encode_name: least(getattr(value, one.name)) for one in fields(value) if one.required}
        return ({"type": tag} if tag else {}) | kept
    if isinstance(value, tuple):
        return [least(one) for one in value]
    return msgspec.to_builtins(value)


def files() -> dict[str, Any]:
    """File name → content, of all samples as they would be written today."""
    found: dict[str, Any] = {}
    for type_, example in built():
        found[f"{type_}.json"] = msgspec.to_builtins(example)
        found[f"{type_}{_LEAST}"] = least(example)
    return found


def type_in(path: Path) -> str:
    """The type whose sample is in `path`."""
    return path.name.removesuffix(_LEAST).removesuffix(".json")


def write_missing(folder: Path = FOLDER) -> list[str]:
    """Write the samples that are not there yet, and name them."""
    missing = {name: content for name, content in files().items() if not (folder / name).exists()}
    for name, content in missing.items():
        (folder / name).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    return list(missing)


if __name__ == "__main__":
    write_missing()
