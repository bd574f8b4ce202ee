"""Decision tables: rows with a CEL condition over the facts of a case, compiled and checked when a pack is loaded."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, Generic, TypeVar

import cel
from msgspec import Struct

from services.routing.policy.errors import PackError
from services.routing.policy.vocabulary import FACTS, LABELS
from shared.events.routing import RuleFired

_MEMO_MAX: Final = 4_096  # combinations of labels per table; products are free text
_SIGNAL: Final = re.compile(r"\bhas_([a-z0-9_]+)\b")
_CONJUNCTION: Final = re.compile(r"[a-z0-9_!<>=+*/% -]+(?:&&[a-z0-9_!<>=+*/% -]+)*")
_SIGNAL_ALONE: Final = re.compile(r"has_([a-z0-9_]+)")


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


class Condition(Struct, frozen=True):
    """A row's condition, compiled. Nothing is evaluated where one of `needs`, signals it cannot hold without, is not said."""

    table: str
    row: str
    program: cel.Program
    needs: frozenset[str]

    def holds(self, context: cel.Context) -> bool:
        """Whether it holds over the facts bound in `context`; raises PackError naming the row where it has no value."""
        try:
            return self.program.execute(context) is True
        except Exception as error:  # the binding raises several builtin types
            raise PackError(
                table=self.table, row=self.row, zh=f"条件无法求值：{error}", en=f"cannot be evaluated: {error}"
            ) from error


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


class Facts(Struct, frozen=True):
    """What the conditions of one case see: its signals, and every flag and count bound for CEL."""

    said: Collection[str]
    context: cel.Context


class Asked(Struct, frozen=True):
    """The signals that a pack's conditions ask for, each with the fact it is bound to (`has_…`)."""

    signals: tuple[str, ...]
    facts: tuple[str, ...]

    def bind(self, facts: Mapping[str, bool | int], said: Collection[str]) -> Facts:
        """`facts` (all names of `vocabulary.FACTS`) and the signals `said`, ready for conditions."""
        bound: dict[str, Any] = dict(zip(self.facts, map(said.__contains__, self.signals), strict=True))
        bound.update(facts)
        return Facts(said, cel.Context(variables=bound))


class Compiler:
    """Makes the tables of a pack ready while it is loaded, checking each condition by evaluating it once."""

    def __init__(self, signals: Collection[str]) -> None:
        self._signals = frozenset(signals)
        self._asked: set[str] = set()

    def table(self, name: str, rows: Sequence[R]) -> Table[R]:
        """`rows` as table `name`; raises PackError for a condition that fails, is no bool, or names no fact."""
        rules = tuple(self._rule(name, row) for row in rows)
        return Table(name, rules, labels=tuple(sorted({label for rule in rules for label, _ in rule.of})), memo={})

    def finish(self) -> Asked:
        """What all the tables ask for."""
        signals = tuple(sorted(self._asked))
        return Asked(signals, tuple("has_" + signal for signal in signals))

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
        return Condition(
            table, row.id, compiled(table=table, row=row.id, when=row.when, facts=sample), needed(row.when)
        )


def needed(when: str) -> frozenset[str]:
    """The signals without which `when` cannot hold: those that stand alone in a plain conjunction."""
    if not _CONJUNCTION.fullmatch(when):
        return frozenset()
    found = (_SIGNAL_ALONE.fullmatch(part.strip()) for part in when.split("&&"))
    return frozenset(match[1] for match in found if match)


def compiled(*, table: str, row: str, when: str, facts: Mapping[str, bool | int]) -> cel.Program:
    """The program of one condition; raises PackError naming the row where it fails over `facts` or gives no bool."""
    try:
        program = cel.compile(f"({when})")
        value = program.execute(cel.Context(variables=dict(facts)))
    except Exception as error:  # the binding raises several builtin types
        raise PackError(
            table=table, row=row, zh=f"条件无法求值：{error}", en=f"cannot be evaluated: {error}"
        ) from error
    if not isinstance(value, bool):
        raise PackError(table=table, row=row, zh="条件的结果不是布尔值", en=f"gives {type(value).__name__}, not a bool")
    return program
