"""The JSON Schemas of a pack's files as they are written for editors."""

import json

from services.routing.policy.schema import schemas


def schema_files() -> dict[str, str]:
    """Text by the file's name: one schema per table, and one per kind of word list."""
    return {
        f"{name}.schema.json": json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        for name, schema in schemas().items()
    }
