"""Made-up facts for one table: every value at which a condition could turn, enough to see which row would decide."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from math import prod
from random import Random
from typing import Any, Final

from msgspec import Struct

from services.routing.policy.errors import PackError
from services.routing.policy.tables import Row, Rule, Table
from services.routing.policy.vocabulary import FACTS, LABELS

ROW_WORLDS_MAX: Final = 512
BACKGROUNDS: Final = 160
_KEPT: Final = 24
_WORD: Final = re.compile(r"[a-z_][a-z0-9_]*")
_NUMBER: Final = re.compile(r"\b\d+\b")
_SEED: Final = 20260101  # the same pack is found the same, always
_AMOUNTS: Final = (0, 1, 1_000, 10_000, 50_000, 500_000, 5_000_000)
_LIMIT: Final = 500_000


World = Mapping[str, bool | int]


class Rules(Struct, frozen=True):
    """The rules of a table with the facts each asks for, and the values worth trying of each of these."""

    rules: tuple[Rule[Any], ...]
    asked: tuple[tuple[str, ...], ...]
    values: Mapping[str, Sequence[bool | int]]


def rules_of(table: Table[Any]) -> Rules:
    """What is to be tried of `table`."""
    values: dict[str, set[int]] = {}
    asked = []
    for rule in table.rules:
        names = tuple(sorted({word for word in _WORD.findall(rule.row.when) if _is_fact(word)}))
        numbers = {int(number) for number in _NUMBER.findall(rule.row.when)} | {0}
        for name in names:
            values.setdefault(name, set()).update(n + step for n in numbers for step in (-1, 0, 1))
        asked.append(names)
    return Rules(table.rules, tuple(asked), {name: _worth_trying(name, found) for name, found in values.items()})


def _is_fact(word: str) -> bool:
    return word in FACTS or word.startswith("has_")


def _worth_trying(name: str, found: set[int]) -> Sequence[bool | int]:
    if isinstance(FACTS.get(name, False), bool):
        return (False, True)
    if name == "amount_limit":
        return (_LIMIT,)
    if name == "amount":
        return _AMOUNTS
    low, high = (1, 10) if name == "emotion" else (0, 10**9)
    return sorted({max(low, min(high, value)) for value in found})


def fulfilling(rules: Rules, number: int) -> list[World]:
    """Some of the worlds, over the facts it asks for, in which rule `number` holds; empty where there is none.

    Raises PackError where its condition has no value in one of them.
    """
    rule, names = rules.rules[number], rules.asked[number]
    values = [rules.values[name] for name in names]
    draw = Random(_SEED)
    tried: Iterable[Sequence[bool | int]]
    if prod(map(len, values)) <= ROW_WORLDS_MAX:
        tried = draw.sample(every := list(product(*values)), len(every))  # no one corner before the others
    else:
        tried = ([draw.choice(one) for one in values] for _ in range(ROW_WORLDS_MAX))
    worlds = (dict(zip(names, found, strict=True)) for found in tried)
    return list(islice((world for world in worlds if holds(rule, world)), _KEPT))


def holds(rule: Rule[Any], world: World) -> bool:
    """Whether the rule's condition holds in `world`; facts it does not name are as in a case of which nothing is known."""
    if rule.condition is None:
        return True
    facts = {**FACTS, "amount_limit": _LIMIT, **{name: value for name, value in world.items() if name in FACTS}}
    said = {name.removeprefix("has_") for name, value in world.items() if value and name not in FACTS}
    return rule.condition.holds(facts, said)


def backgrounds(rules: Rules) -> Iterator[World]:
    """What the facts that a row does not ask for may be: nothing known, then this and that of what other rows ask for."""
    yield {}
    names = sorted(rules.values)
    for name in names:
        for value in rules.values[name]:
            yield {name: value}
    draw = Random(_SEED)
    for _ in range(BACKGROUNDS):
        yield {name: draw.choice(rules.values[name]) for name in names}


def labellings(row: Row, table: Table[Any], *, limit: int = 200) -> list[dict[str, str]]:
    """Labels with which `row` may hold: its own values, and of all others that the table asks for some that it does not name."""
    choices: list[list[str]] = []
    for name in table.labels:
        named = {value for rule in table.rules for label, allowed in rule.of if label == name for value in allowed}
        others = sorted((LABELS.get(name) or frozenset({""})) - named)
        choices.append(sorted(row.of[name]) if name in row.of else [*others[:1], *sorted(named)])
    return [dict(zip(table.labels, values, strict=True)) for values in islice(product(*choices), limit)]


def no_value(error: PackError) -> tuple[str, str]:
    """The texts of a condition that has no value in a world that could be."""
    return error.reasons["zh"], error.reasons["en"]
