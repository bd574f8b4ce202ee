"""Which rows can decide at all: never true, always behind another, or overlapping where order decides."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from msgspec.structs import asdict

from services.routing.examining.findings import Finding, error, note, warning
from services.routing.examining.worlds import (
    Rules,
    World,
    backgrounds,
    fulfilling,
    holds,
    labellings,
    no_value,
    rules_of,
)
from services.routing.policy.errors import PackError
from services.routing.policy.rows import Tables
from services.routing.policy.tables import Row, Rule, Table

BY_FIRST_ROW: Final = (
    "kind", "cross_level", "cross_reason", "severity", "responsibility", "unit", "strategy", "promises",
)  # fmt: skip
_OF_EVERY_ROW: Final = frozenset({"id", "zh", "en", "when", "of", "otherwise"})
_LOW: Final = -1_000


def find_unreachable(tables: Tables) -> Iterator[Finding]:
    """Findings about the rows of all tables, in their order."""
    for name in Tables.__struct_fields__:
        table = getattr(tables, name)
        rules = rules_of(table)
        own: list[list[World]] = []
        for number, rule in enumerate(rules.rules):
            try:
                own.append(fulfilling(rules, number))
            except PackError as problem:
                zh, en = no_value(problem)
                yield error("no_value", table=name, row=rule.row.id, zh=f"条件可能无法求值：{zh}", en=en)
                own.append([])
                continue
            if not own[number]:
                yield warning(
                    "never_holds", table=name, row=rule.row.id, zh="条件永远不成立", en="its condition never holds"
                )
        if name in BY_FIRST_ROW:
            yield from _shadowed(table, rules, own)
            yield from _overlapping(table, own)


def _shadowed(table: Table[Any], rules: Rules, own: Sequence[Sequence[World]]) -> Iterator[Finding]:
    for number, rule in enumerate(rules.rules):
        if rule.row.otherwise:
            continue  # a net below the others may well be more than is needed
        if own[number] and not _decides(number, table, rules, own[number]):
            yield warning(
                "never_decides", table=table.name, row=rule.row.id,
                zh="前面的行总是先成立，本行从不起作用", en="a row before it always holds too: this one never decides",
            )  # fmt: skip


def _decides(number: int, table: Table[Any], rules: Rules, own: Sequence[World]) -> bool:
    """Whether a case is found in which row `number` holds and none before it does."""
    row, before = rules.rules[number].row, rules.rules[:number]
    if not before:
        return True
    score = getattr(row, "score_from", None)
    reached = _LOW if score is None else score
    labels = labellings(row, table)
    for around in backgrounds(rules):
        for world in own:
            holding = [rule for rule in before if _reached(rule, reached) and holds(rule, {**around, **world})]
            if any(not any(_allows(rule, given) for rule in holding) for given in labels):
                return True
    return False


def _reached(rule: Rule[Any], score: int) -> bool:
    least = getattr(rule.row, "score_from", None)
    return least is None or score >= least


def _allows(rule: Rule[Any], labels: dict[str, str]) -> bool:
    return all(labels[name] in allowed for name, allowed in rule.of)


def _overlapping(table: Table[Any], own: Sequence[Sequence[World]]) -> Iterator[Finding]:
    """Pairs that can hold together and decide differently: order decides between them, so it had better be meant."""
    plain = [(rule, own[n]) for n, rule in enumerate(table.rules) if not rule.row.otherwise]
    for number, (later, worlds) in enumerate(plain):
        behind = [
            rule.row.id
            for rule, others in plain[:number]
            if _outcome(rule.row) != _outcome(later.row) and _agree(rule, later) and _together(others, worlds)
        ]
        if behind:
            named = ", ".join(behind[:6]) + (" …" if len(behind) > 6 else "")
            yield note(
                "order_decides", table=table.name, row=later.row.id,
                zh=f"可与前面的行同时成立，以先出现者为准：{named}", en=f"can hold together with rows before it, which win: {named}",
            )  # fmt: skip


def _outcome(row: Row) -> object:
    return {name: value for name, value in asdict(row).items() if name not in _OF_EVERY_ROW}


def _agree(one: Rule[Any], other: Rule[Any]) -> bool:
    mine = dict(one.of)
    return all(allowed & mine.get(name, allowed) for name, allowed in other.of)


def _together(one: Sequence[World], other: Sequence[World]) -> bool:
    return any(all(b.get(name, value) == value for name, value in a.items()) for a in one for b in other)
