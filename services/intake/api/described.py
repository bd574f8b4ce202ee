"""OpenAPI for routes that read their own bodies: the schema comes from the contract's structs."""

from dataclasses import dataclass, field
from typing import Any

import msgspec
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, Operation, Parameter, RequestBody, Schema

from shared.problems import MEDIA_TYPE, ProblemBody


@dataclass
class ReadySchema(Schema):
    """A JSON Schema that is there already."""

    ready: dict[str, Any] = field(default_factory=dict)

    def to_schema(self) -> dict[str, Any]:
        return self.ready


def schema_of(type_: Any) -> ReadySchema:
    """The JSON Schema of `type_`, whole in itself."""
    schema = msgspec.json.schema(type_)
    definitions = schema.pop("$defs", {})
    inlined: dict[str, Any] = _inlined(schema, definitions)
    return ReadySchema(ready=inlined)


def operation(
    contents: dict[str, Any], *, parameters: list[Parameter] | None = None, optional: bool = False
) -> type[Operation]:
    """An operation class whose request body has these media types, each with the schema of a type (or a ready schema)."""
    media = {
        name: OpenAPIMediaType(schema=type_ if isinstance(type_, Schema) else schema_of(type_))
        for name, type_ in contents.items()
    }

    @dataclass
    class Described(Operation):
        def __post_init__(self) -> None:
            self.request_body = RequestBody(content=media, required=not optional)
            self.parameters = [*(self.parameters or []), *(parameters or [])]

    return Described


def header_parameter(name: str, description: str, *, required: bool) -> Parameter:
    """A header that a route reads itself."""
    schema = ReadySchema(ready={"type": "string", "minLength": 1, "maxLength": 200})
    return Parameter(name=name, param_in="header", schema=schema, description=description, required=required)


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """The problem responses of a route."""
    return {
        status: ResponseSpec(ProblemBody, generate_examples=False, description="problem+json", media_type=MEDIA_TYPE)
        for status in statuses
    }


def _inlined(node: Any, definitions: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_inlined(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _inlined(definitions[node["$ref"].rpartition("/")[2]], definitions)
    return {key: _inlined(value, definitions) for key, value in node.items()}
