"""What a changed document breaks for those who hold to the published one; nothing where it only grows."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, TypeAlias

Schema: TypeAlias = Mapping[str, Any]
# An event is read as it was stored years ago, and read by others; a submission we only take, an answer we only give.
Use: TypeAlias = Literal["event", "submission", "answer"]

# Limits may widen, never narrow: keyword → whether the new limit refuses what the old one took.
_FLOORS: Final = ("minimum", "minLength", "minItems", "exclusiveMinimum")
_CEILINGS: Final = ("maximum", "maxLength", "maxItems", "exclusiveMaximum")
# What must stay as it is; a default too, because events leave out what equals it.
_SAME: Final = ("type", "format", "pattern", "default", "const", "contentEncoding")
_METHODS: Final = ("get", "put", "post", "delete", "patch", "head", "options")


def asyncapi_breaks(old: Schema, new: Schema) -> list[str]:
    """What is broken between two AsyncAPI documents: messages gone, moved, or read differently."""
    found = []
    for name, channel in old["channels"].items():
        there = new["channels"].get(name, {"messages": {}})
        if channel["address"] != there.get("address"):
            found.append(f"{name}: another topic")
        found += [f"{type_}: no longer on {name}" for type_ in channel["messages"] if type_ not in there["messages"]]
    walks: dict[Use, _Walk] = {use: _Walk(old, new, use) for use in ("event", "submission")}
    taken = old["channels"].get("submissions", {"messages": ()})["messages"]
    for type_, message in old["components"]["messages"].items():
        if type_ not in new["components"]["messages"]:
            found.append(f"{type_}: gone")
            continue
        for part in ("payload", "headers"):
            walk = walks["submission" if type_ in taken else "event"]
            found += walk.breaks(message[part], new["components"]["messages"][type_][part], f"{type_} {part}")
    return found


def openapi_breaks(old: Schema, new: Schema) -> list[str]:
    """What is broken between two OpenAPI documents: doors gone, parameters asked for, bodies read differently."""
    found = []
    taken, given = _Walk(old, new, "submission"), _Walk(old, new, "answer")
    for path, item in old["paths"].items():
        for method in (name for name in _METHODS if name in item):
            door, there = f"{method.upper()} {path}", new["paths"].get(path, {}).get(method)
            if there is None:
                found.append(f"{door}: gone")
            else:
                found += _parameter_breaks(item[method], there, door)
                found += _body_breaks(taken, item[method].get("requestBody"), there.get("requestBody"), door)
                found += _answer_breaks(given, item[method]["responses"], there["responses"], door)
    return found


def _parameter_breaks(old: Schema, new: Schema, door: str) -> Iterator[str]:
    was = {(one["in"], one["name"]): one.get("required", False) for one in old.get("parameters", ())}
    now = {(one["in"], one["name"]): one.get("required", False) for one in new.get("parameters", ())}
    yield from (f"{door}: parameter {name} gone" for where, name in was if (where, name) not in now)
    yield from (f"{door}: parameter {key[1]} now required" for key in now if now[key] and not was.get(key, False))


def _body_breaks(walk: "_Walk", old: Schema | None, new: Schema | None, door: str) -> Iterator[str]:
    if new and new.get("required") and not (old or {}).get("required"):
        yield f"{door}: a body is now required"
    for media, content in (old or {}).get("content", {}).items():
        there = (new or {}).get("content", {}).get(media)
        if there is None:
            yield f"{door}: {media} no longer taken"
        else:
            yield from walk.breaks(content.get("schema", {}), there.get("schema", {}), f"{door} body")


def _answer_breaks(walk: "_Walk", old: Schema, new: Schema, door: str) -> Iterator[str]:
    for status, answer in old.items():
        if not status.startswith("2"):
            continue
        if status not in new:
            yield f"{door}: no longer answers {status}"
            continue
        for media, content in answer.get("content", {}).items():
            there = new[status].get("content", {}).get(media, {})
            yield from walk.breaks(content.get("schema", {}), there.get("schema", {}), f"{door} answer")


class _Walk:
    """Compares schemas of two documents, following references; each pair of references once."""

    def __init__(self, old: Schema, new: Schema, use: Use) -> None:
        self._old, self._new, self._use = old, new, use
        self._seen: set[tuple[str, str]] = set()

    def breaks(self, old: Schema, new: Schema, at: str) -> list[str]:
        """What `new` refuses, leaves out or reads differently of what `old` described."""
        pair = (str(old.get("$ref", "")), str(new.get("$ref", "")))
        if any(pair):
            if all(pair) and pair in self._seen:
                return []
            self._seen.add(pair)
            old, new = _resolved(self._old, old), _resolved(self._new, new)
        if any(keyword in schema for keyword in ("anyOf", "oneOf") for schema in (old, new)):
            return list(self._alternatives(old, new, at))
        rules = (_changed, _narrowed, _values_gone, self._properties, self._items)
        return [found for rule in rules for found in rule(old, new, at)]

    def _alternatives(self, old: Schema, new: Schema, at: str) -> Iterator[str]:
        """Each alternative there was must find one that takes it; the nearest says what is wrong."""
        others = _branches(new)
        for one in _branches(old):
            tried = [_Walk(self._old, self._new, self._use).breaks(one, other, at) for other in others]
            yield from min(tried, key=len)

    def _properties(self, old: Schema, new: Schema, at: str) -> Iterator[str]:
        was, now = old.get("properties", {}), new.get("properties", {})
        for name, schema in was.items():
            if name not in now:
                yield f"{at}.{name}: gone"
            else:
                yield from self.breaks(schema, now[name], f"{at}.{name}")
        required, asked = old.get("required", ()), new.get("required", ())
        if self._use != "answer":
            yield from (f"{at}.{name}: now required" for name in asked if name not in required)
        if self._use != "submission":
            yield from (
                f"{at}.{name}: no longer always there" for name in required if name in now and name not in asked
            )
        if new.get("additionalProperties") is False and old.get("additionalProperties", True) is not False:
            yield f"{at}: unknown fields are now refused"

    def _items(self, old: Schema, new: Schema, at: str) -> Iterator[str]:
        was, now = old.get("items"), new.get("items")
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            yield from self.breaks(was, now, f"{at}[]")
        elif isinstance(was, list) and isinstance(now, list):
            for number, (one, other) in enumerate(zip(was, now, strict=False)):
                yield from self.breaks(one, other, f"{at}[{number}]")
            yield from (f"{at}[{number}]: gone" for number in range(len(now), len(was)))
        elif was is not None and was != now:
            yield f"{at}[]: other items"


def _changed(old: Schema, new: Schema, at: str) -> Iterator[str]:
    for keyword in _SAME:
        if keyword in old and old[keyword] != new.get(keyword):
            yield f"{at}: {keyword} was {old[keyword]!r}, is {new.get(keyword)!r}"


def _narrowed(old: Schema, new: Schema, at: str) -> Iterator[str]:
    for keyword in (*_FLOORS, *_CEILINGS):
        if keyword not in new:
            continue
        narrower = keyword not in old or (
            new[keyword] > old[keyword] if keyword in _FLOORS else new[keyword] < old[keyword]
        )
        if narrower:
            yield f"{at}: {keyword} is now {new[keyword]}"


def _values_gone(old: Schema, new: Schema, at: str) -> Iterator[str]:
    if "enum" in new:
        yield from (f"{at}: {value!r} gone" for value in old.get("enum", ()) if value not in new["enum"])


def _resolved(document: Schema, schema: Schema) -> Schema:
    if "$ref" not in schema:
        return schema
    found: Any = document
    for step in schema["$ref"].removeprefix("#/").split("/"):
        found = found[step.replace("~1", "/").replace("~0", "~")]
    return _resolved(document, found)


def _branches(schema: Schema) -> list[Schema]:
    return list(schema.get("anyOf") or schema.get("oneOf") or [schema])
