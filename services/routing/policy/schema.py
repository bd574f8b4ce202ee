"""JSON Schemas of a pack's files, for editors: what may stand in them, with the values there are, and texts that explain."""

from typing import Any, Final, TypeAlias, get_args, get_type_hints

import msgspec

from services.routing.policy import rows
from services.routing.policy.advice import ArticleRow, NameRow, PhraseRow
from services.routing.policy.lexicon import Mark
from services.routing.policy.profile import DemandRow, MotiveRow, Risk, Typology
from services.routing.policy.vocabulary import FACTS, LABELS

Schema: TypeAlias = dict[str, Any]
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_PLACES: Final[Schema] = {
    "before": {"type": "string", "description": "排在继承的该行之前 | stands before this inherited row"},
    "after": {"type": "string", "description": "排在继承的该行之后 | stands after this inherited row"},
}
_REMOVAL: Final[Schema] = {
    "type": "object",
    "description": "去掉继承的一行 | takes an inherited row away",
    "properties": {"id": {"type": "string"}, "remove": {"const": True}},
    "required": ["id", "remove"],
    "additionalProperties": False,
}
_SAID: Final = {
    "id": "唯一编号，同号的行替换继承的行 | unique; a row of the same id takes the place of the inherited one",
    "zh": "给人看的中文理由 | the reason, in Chinese",
    "en": "给人看的英文理由 | the reason, in English",
    "when": "条件（CEL），可用："
    + "、".join(FACTS)
    + "，以及 has_信号名 | the condition over these facts, and has_<signal>",
    "of": "须满足的标签，任一取值即可 | labels it requires, any of the values",
    "otherwise": "其他行都不成立时由它决定 | decides when no other row does",
}


def schemas() -> dict[str, Schema]:
    """Schema by the file it is for, such as `tables/unit`."""
    found = {
        "pack": _settings(),
        "causes": _table(rows.CauseRow),
        "points": _document(rows.Points),
        "articles": _table(ArticleRow),
        "names": _table(NameRow),
        "language_check": _table(PhraseRow),
        "motives": _table(MotiveRow),
        "latent_demands": _table(DemandRow),
        "typologies": _table(Typology),
        "public_risk": _document(Risk),
        "examples": _examples(),
        "lexicons/signals": _lexicon("每个信号的词，被否定或转述时不算 | the words of each signal; negated or quoted they do not count"),
        "lexicons/topics": _lexicon("每个主题的词，总是算 | the words of each topic; they always count"),
        "lexicons/marks": _marks(),
    }  # fmt: skip
    for name, annotation in get_type_hints(rows.Tables).items():
        (row_type,) = get_args(annotation)
        found[f"tables/{name}"] = _table(row_type)
    return {name: {"$schema": DIALECT, "title": name, **schema} for name, schema in sorted(found.items())}


def _table(row_type: type[Any]) -> Schema:
    """A list of rows, or of what takes inherited ones away."""
    (reference,), definitions = msgspec.json.schema_components([row_type], ref_template="#/$defs/{name}")
    row = definitions[reference["$ref"].rpartition("/")[2]]
    row["properties"] = {name: _explained(name, schema) for name, schema in row["properties"].items()} | _PLACES
    return {"type": "array", "items": {"anyOf": [reference, _REMOVAL]}, "$defs": definitions}


def _explained(name: str, schema: Schema) -> Schema:
    if name == "of":
        schema = {"type": "object", "properties": {label: _label(label) for label in LABELS}, "additionalProperties": False}  # fmt: skip
    return {**schema, "description": _SAID[name]} if name in _SAID else schema


def _label(name: str) -> Schema:
    values = LABELS[name]
    return {"type": "array", "items": {"enum": sorted(values)} if values is not None else {"type": "string"}}


def _document(type_: type[Any]) -> Schema:
    """A whole file of one value; a pack that extends another says only what differs, and null takes a key away."""
    (reference,), definitions = msgspec.json.schema_components([type_], ref_template="#/$defs/{name}")
    document: Schema = definitions.pop(reference["$ref"].rpartition("/")[2])
    document.pop("required", None)
    document["properties"] = {name: _may_be_null(schema) for name, schema in document["properties"].items()}
    return document | {"$defs": definitions}


def _may_be_null(schema: Schema) -> Schema:
    """`schema` with keys of its mappings that can be taken away."""
    inner = schema.get("additionalProperties")
    if not isinstance(inner, dict):
        return schema
    return schema | {"additionalProperties": {"anyOf": [_may_be_null(inner), {"type": "null"}]}}


def _settings() -> Schema:
    document = _document(rows.Settings)
    document["required"] = ["name", "zh", "en"]
    document["properties"] |= {
        "extends": {"type": "string", "description": "继承的策略包：默认包的名字，或 ./ ../ 开头的文件夹 | the pack it extends: a default pack's name, or a folder that begins with ./ or ../"},
        "leave_out": {"type": "array", "items": {"type": "string"}, "description": "整个不继承的文件，* 可代任意字符 | whole files that are not inherited, * for anything"},
    }  # fmt: skip
    return document


def _lexicon(description: str) -> Schema:
    words: Schema = {"type": "array", "items": {"type": "string", "minLength": 1}}
    change = {"type": "object", "properties": {"add": words, "remove": words}, "additionalProperties": False}
    return {"type": "object", "description": description, "additionalProperties": {"anyOf": [words, change]}}


def _marks() -> Schema:
    document = _lexicon("改变周围词语意思的词 | words that change what the words around them say")
    each = document.pop("additionalProperties")
    names = ["clause_end", *(mark.name.lower() for mark in Mark if mark)]
    return document | {"properties": dict.fromkeys(names, each), "additionalProperties": False}


def _examples() -> Schema:
    expected: Schema = {"type": ["boolean", "integer", "string", "array", "null"], "items": {"type": "string"}}
    example: Schema = {
        "type": "object",
        "properties": {"id": {"type": "string"}, "text": {"type": "string"}, "expect": {"type": "object", "additionalProperties": expected}},
        "required": ["id", "text", "expect"],
    }  # fmt: skip
    return {"type": "array", "items": {"anyOf": [example, _REMOVAL]}}
