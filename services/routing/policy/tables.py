"""Decision tables: rows with a CEL condition over the facts of a case, compiled and checked when a pack is loaded."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, Generic, TypeVar

import cel
from msgspec import Struct

from services.routing.policy.errors import PackError
from services.routing.policy.vocabulary import FACTS, LABELS
from shared.events.routing import RuleFired

_MEMO_MAX: Final = 4_096  # combinations of labels per table; products are free text
_SIGNAL: Final = re.compile(r"\bhas_([a-z0-9_]+)\b")
_PLAIN: Final = re.compile(r"[a-z0-9_!<>=&|+*/% -]+")
_NAME: Final = re.compile(r"(?!true$|false$)[a-z][a-z0-9_]*")
_AT_LEAST_ONE: Final = re.compile(rf"({_NAME.pattern})(?: *(?:>=|==) *0*[1-9][0-9]*| *> *[0-9]+)?")


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
    """A row's condition, compiled. It can only hold where all names of one of `needs` are true (no `needs`: anywhere).

    `exact`: it says no more than that, so the names answer it and nothing is evaluated.
    """

    table: str
    row: str
    program: cel.Program
    needs: tuple[frozenset[str], ...]
    exact: bool

    def holds(self, facts: "Facts") -> bool:
        """Whether it holds; raises PackError naming the row where it has no value over these facts."""
        if self.needs:
            true = facts.true
            for names in self.needs:
                if names <= true:
                    break
            else:
                return False
            if self.exact:
                return True
        try:
            return self.program.execute(facts.context) is True
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
    """What the conditions of one case see: the names of all that is true or not 0, and the values of all, for CEL."""

    true: frozenset[str]
    context: cel.Context


class Asked(Struct, frozen=True):
    """The signals that a pack's conditions ask for; a condition knows them as `has_…`."""

    signals: tuple[str, ...]

    def bind(self, facts: Mapping[str, bool | int], said: Iterable[str]) -> Facts:
        """`facts` (all names of `vocabulary.FACTS`) and the signals `said`, ready for conditions."""
        true = frozenset([*[name for name, value in facts.items() if value], *["has_" + signal for signal in said]])

        def value(name: str) -> bool | int:
            found = facts.get(name)
            return name in true if found is None else found

        context = (
            cel.Context()
        )  # asked for each value when it is needed: few are, and to bind all costs more than the rest
        context.set_variable_resolver(value)
        return Facts(true, context)


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
        return Asked(tuple(sorted(self._asked)))

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
        program = compiled(table=table, row=row.id, when=row.when, facts=sample)
        return Condition(table, row.id, program, *needed(row.when))


def needed(when: str) -> tuple[tuple[frozenset[str], ...], bool]:
    """The names of which one set must be true for `when` to hold, and whether that is all it says.

    A count is true from 1 on (no count is negative). Where the condition is more than names, sums, comparisons,
    && and ||, or where one way to hold asks for none, nothing is known: ().
    """
    if not _PLAIN.fullmatch(when):
        return (), False
    ways, exact = [], True
    for way in when.split("||"):
        parts = [part.strip() for part in way.split("&&")]
        exact = exact and all(map(_NAME.fullmatch, parts))
        ways.append(frozenset(match[1] for match in map(_AT_LEAST_ONE.fullmatch, parts) if match))
    return (tuple(ways), exact) if all(ways) else ((), False)


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
