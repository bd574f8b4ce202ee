"""YAML from outside: what could exhaust or deceive a reader is refused with its place, and nothing crashes."""

import pytest

from services.routing.policy.errors import PackError
from services.routing.policy.yaml_files import parse_yaml

LAUGHS = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))


@pytest.mark.parametrize(
    ("reason", "body"),
    [
        ("nest", "[" * 100_000),  # libyaml has a limit of its own here
        ("nested", "- " * 100_000 + "a"),
        ("nested", "? " * 100_000),
        ("nested", "\n".join(" " * depth + "a:" for depth in range(500))),
        ("anchors", LAUGHS),
        ("twice", "abuse: [a]\nlaw: [b]\nabuse: [c]\n"),
        ("twice", "- {id: a, id: b}"),
        ("not valid", "a: ["),
        ("not valid", "a: !!python/object:os.system x"),
        ("not valid", "day: 2026-02-31"),
        ("not valid", "? [a]\n: b"),
    ],
)
def test_what_is_refused(reason: str, body: str) -> None:
    with pytest.raises(PackError, match=reason) as caught:
        parse_yaml("tables/unit", body.encode())
    assert "tables/unit" == caught.value.table


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(PackError):
        parse_yaml("pack", b"\xff\xfe\x00a\xd8")


def test_the_place_is_told() -> None:
    with pytest.raises(PackError, match="line 3"):
        parse_yaml("lexicons/signals", b"abuse: [a]\nlaw: [b]\nabuse: [c]\n")


def test_what_packs_write_is_read() -> None:
    assert {"a": [1, "no"], "b": {"c": None}} == parse_yaml("pack", b'a: [1, "no"]\nb: {c: }\n')
    assert parse_yaml("pack", b"") is None
