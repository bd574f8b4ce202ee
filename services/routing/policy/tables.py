"""Decision tables: rows with a CEL condition over the facts of a case, all compiled into one list program."""

import re
from collections.abc import Collection, Sequence
from typing import Final, Generic, TypeVar

import cel
from msgspec import Struct

from services.routing.policy.errors import PackError
from services.routing.policy.vocabulary import FACTS, LABELS
from shared.events.routing import RuleFired

ALWAYS: Final = "true"  # the condition of a row that has none
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
    """A row made ready: what its labels must be, and how it stands on the trail."""

    row: R
    of: tuple[tuple[str, frozenset[str]], ...]
    won: RuleFired
    lost: RuleFired


class Table(Struct, Generic[R], frozen=True):
    """The rules of one decision, in the order of precedence. `first` is the slot of the first one's condition."""

    name: str
    first: int
    rules: tuple[Rule[R], ...]


class Conditions(Struct, frozen=True):
    """The one program of a pack. `places` names table, row and condition of each slot; `signals` those it asks for."""

    program: cel.Program
    places: tuple[tuple[str, str, str], ...]
    signals: tuple[str, ...]

    def results(self, facts: dict[str, bool | int]) -> list[bool]:
        """Which condition holds, by slot. Raises PackError naming the row that cannot be evaluated over `facts`."""
        context = cel.Context(variables=facts)
        try:
            return self.program.execute(context)  # type: ignore[no-any-return]
        except Exception:  # the binding raises several builtin types; the row decides which one it was
            for table, row, when in self.places:
                evaluate(table=table, row=row, when=when, context=context)
            raise


class Compiler:
    """Collects the conditions of all tables while a pack is loaded, checking each on its own first."""

    def __init__(self, signals: Collection[str]) -> None:
        self._signals = frozenset(signals)
        self._asked: set[str] = set()
        self._places: list[tuple[str, str, str]] = []

    def table(self, name: str, rows: Sequence[R]) -> Table[R]:
        """`rows` as table `name`; raises PackError for a condition that fails, is no bool, or names no fact."""
        first = len(self._places)
        return Table(name, first, tuple(self._rule(name, row) for row in rows))

    def finish(self) -> Conditions:
        """The list program over everything collected."""
        source = "[" + ",\n".join(f"({when})" for _, _, when in self._places) + "]"
        return Conditions(cel.compile(source), tuple(self._places), tuple(sorted(self._asked)))

    def _rule(self, table: str, row: R) -> Rule[R]:
        for name, values in row.of.items():
            known = LABELS.get(name, frozenset())
            if known is not None and not known.issuperset(values):
                raise PackError(
                    table=table, row=row.id, zh=f"of 中未知：{name} {values}", en=f"unknown under of: {name} {values}"
                )
        if row.when:
            self._check(table, row)
        self._places.append((table, row.id, row.when or ALWAYS))
        of = tuple((name, frozenset(values)) for name, values in sorted(row.of.items()))
        return Rule(row, of, RuleFired(table, row.id), RuleFired(table, row.id, won=False))

    def _check(self, table: str, row: Row) -> None:
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
        evaluate(table=table, row=row.id, when=row.when, context=cel.Context(variables=sample))


def evaluate(*, table: str, row: str, when: str, context: cel.Context) -> bool:
    """One condition on its own; raises PackError naming the row where it fails or gives no bool."""
    try:
        value = cel.compile(f"({when})").execute(context)
    except Exception as error:  # the binding raises several builtin types
        raise PackError(
            table=table, row=row, zh=f"条件无法求值：{error}", en=f"cannot be evaluated: {error}"
        ) from error
    if not isinstance(value, bool):
        raise PackError(table=table, row=row, zh="条件的结果不是布尔值", en=f"gives {type(value).__name__}, not a bool")
    return value
