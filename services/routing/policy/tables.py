"""Decision tables: rows with a CEL condition over the facts of a case, compiled and checked when a pack is loaded."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final, Generic, TypeVar

from msgspec import Struct

from services.routing.policy.conditions import Condition, compiled
from services.routing.policy.errors import PackError
from services.routing.policy.vocabulary import FACTS, LABELS
from shared.events.routing import RuleFired

_MEMO_MAX: Final = 4_096  # combinations of labels per table; products are free text
_SIGNAL: Final = re.compile(r"\bhas_([a-z0-9_]+)\b")


class Row(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every row of every table has: a unique id, a condition (none = always), and its reason in zh and en.

    `otherwise` marks the row that decides when no other does: it is not reported where it loses.
    """

    id: str
    zh: str
    en: str
    when: str = ""
    of: dict[str, tuple[str, ...]] = {}
    otherwise: bool = False


R = TypeVar("R", bound=Row)


class Rule(Struct, Generic[R], frozen=True):
    """A row made ready: what its labels must be, its condition, and how it stands on the trail."""

    row: R
    of: tuple[tuple[str, frozenset[str]], ...]
    condition: Condition | None
    won: RuleFired
    lost: RuleFired


class Table(Struct, Generic[R], frozen=True):
    """The rules of one decision, in the order in which they take precedence.

    `labels` are those that any of the rules asks for; `memo` keeps which rules they leave, as few combinations occur.
    """

    name: str
    rules: tuple[Rule[R], ...]
    labels: tuple[str, ...]
    memo: dict[tuple[str, ...], tuple[Rule[R], ...]]

    def fitting(self, labels: Mapping[str, str]) -> tuple[Rule[R], ...]:
        """The rules whose `of` allows these labels, in their order; their conditions are not asked yet."""
        key = tuple([labels.get(name, "") for name in self.labels])
        found = self.memo.get(key)
        if found is None:
            if len(self.memo) >= _MEMO_MAX:
                self.memo.clear()
            values = dict(zip(self.labels, key, strict=True))
            found = tuple(rule for rule in self.rules if all(values[name] in allowed for name, allowed in rule.of))
            self.memo[key] = found
        return found


class Compiler:
    """Makes the tables of a pack ready while it is loaded, checking each condition by evaluating it once."""

    def __init__(self, signals: Collection[str]) -> None:
        self._signals = frozenset(signals)
        self._asked: set[str] = set()

    def table(self, name: str, rows: Sequence[R]) -> Table[R]:
        """`rows` as table `name`; raises PackError for a condition that fails, is no bool, or names no fact."""
        rules = tuple(self._rule(name, row) for row in rows)
        return Table(name, rules, labels=tuple(sorted({label for rule in rules for label, _ in rule.of})), memo={})

    def finish(self) -> tuple[str, ...]:
        """The signals that all the tables ask for."""
        return tuple(sorted(self._asked))

    def _rule(self, table: str, row: R) -> Rule[R]:
        for name, values in row.of.items():
            known = LABELS.get(name, frozenset())
            if known is not None and not known.issuperset(values):
                raise PackError(
                    table=table, row=row.id, zh=f"of 中未知：{name} {values}", en=f"unknown under of: {name} {values}"
                )
        of = tuple((name, frozenset(values)) for name, values in sorted(row.of.items()))
        condition = self._condition(table, row) if row.when else None
        return Rule(row, of, condition, RuleFired(table, row.id), RuleFired(table, row.id, won=False))

    def _condition(self, table: str, row: Row) -> Condition:
        asked = set(_SIGNAL.findall(row.when))
        if unknown := sorted(asked - self._signals):
            raise PackError(
                table=table,
                row=row.id,
                zh=f"词库中没有信号 {unknown}",
                en=f"no such signals in the lexicons: {unknown}",
            )
        self._asked |= asked
        sample = FACTS | {f"has_{signal}": False for signal in asked}
        return compiled(table=table, row=row.id, when=row.when, facts=sample)
