"""Hostile JSON is found out before anything trusts it (the doors' tests show the codes; here are the near misses)."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.model import Refused
from services.intake.rules.reading import DEPTH_MAX, check_document


def code_of(document: bytes) -> str | None:
    try:
        check_document(document)
    except Refused as refused:
        return refused.code
    return None


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b'{"a":1,"a":2}', "duplicate_key"),
        (b'{"a" :1,"a" :2}', "duplicate_key"),
        (b'{"x":{"a":1},"y":[{"b":1,"b":1}]}', "duplicate_key"),
        (b'{"a":1,"\\u0061":2}', "duplicate_key"),
        (b'{"a\\\\":1,"a\\\\":2}', "duplicate_key"),
        (b'{"a\\"":1,"a\\"":2}', "duplicate_key"),
        (b'{"a":"b\\":","c":"\\\\"}', None),
        (b'{"a":"x\\\\","b":"\\": "}', None),
        (b'{"a":"\\\\u0000"}', None),
        (b'{"a":"\\\\\\u0000"}', "nul_character"),
        (b"[" * DEPTH_MAX + b"]" * DEPTH_MAX, None),
        (b"[" * (DEPTH_MAX + 1) + b"]" * (DEPTH_MAX + 1), "nested_too_deep"),
        (b'{"a":"' + b"[" * 1_000 + b'"}', None),
        (b'{"a":"\\"' + b"[" * 1_000 + b'"}', None),
        (b"[" + b"[]," * 1_000 + b"[]]", None),
    ],
)
def test_documents(document: bytes, code: str | None) -> None:
    assert code == code_of(document)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(JSON, st.sampled_from([None, 1]), st.booleans())
def test_honest_documents_pass(value: Any, indent: int | None, ascii_only: bool) -> None:
    document = json.dumps(value, indent=indent, ensure_ascii=ascii_only, separators=(", ", " : ") if indent else None)
    if "\\u0000" in document:
        return
    assert code_of(document.encode("utf-8", "surrogatepass")) is None


@given(st.text(max_size=6), JSON, JSON)
def test_a_repeated_key_never_passes(key: str, one: Any, other: Any) -> None:
    name = json.dumps(key)
    document = f'{{{name}:{json.dumps(one)},"between":1,{name} :{json.dumps(other)}}}'

    assert code_of(document.encode()) in ("duplicate_key", "nul_character")
