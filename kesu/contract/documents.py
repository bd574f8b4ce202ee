"""The contract's documents as files: which there are, how they are written, and what a new one would break."""

import json
from pathlib import Path
from typing import Final

from kesu.contract.asyncapi import Document, asyncapi
from kesu.contract.compatibility import asyncapi_breaks, openapi_breaks
from kesu.contract.openapi import openapi

CONTRACT: Final = Path(__file__).resolve().parents[2] / "docs" / "contract"
ASYNCAPI: Final = "asyncapi.json"


def documents() -> dict[str, Document]:
    """File name under docs/contract → document, from the code as it is now."""
    built = {ASYNCAPI: asyncapi()} | {f"openapi/{service}.json": document for service, document in openapi().items()}
    return {name: json.loads(text_of(document)) for name, document in built.items()}


def text_of(document: Document) -> str:
    """The document as it is committed."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def refused(folder: Path, new: dict[str, Document]) -> list[str]:
    """What `new` breaks of the documents in `folder`, with the file it stands in."""
    found = []
    for path in sorted(folder.rglob("*.json")):
        name, old = path.relative_to(folder).as_posix(), json.loads(path.read_text())
        breaks = asyncapi_breaks if name == ASYNCAPI else openapi_breaks
        found += [f"{name}: {one}" for one in (breaks(old, new[name]) if name in new else ["gone"])]
    return found
