"""Conditions: CEL over the facts of a case. What is plain, names and comparisons of counts, is answered by looking at them."""

import operator
import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final, TypeAlias

import cel
from msgspec import Struct

from services.routing.policy.errors import PackError
from services.routing.policy.vocabulary import FACTS

Compare: TypeAlias = Callable[[int, int], bool]
Comparison: TypeAlias = tuple[Compare, tuple[tuple[str, int], ...], int]
"""`sum of (count x factor)`, compared with a number."""

_COMPARES: Final[Mapping[str, Compare]] = {
    ">=": operator.ge, "<=": operator.le, "==": operator.eq, "!=": operator.ne, ">": operator.gt, "<": operator.lt,
}  # fmt: skip
_TRUE_FROM_ONE: Final = frozenset({operator.ge, operator.gt, operator.eq})
_PLAIN: Final = re.compile(r"[a-z0-9_!<>=&|+*() ]+")
_WAYS_MAX: Final = 32
_NAME: Final = re.compile(r"(!?) *((?!true$|false$)[a-z][a-z0-9_]*)")
_COMPARED: Final = re.compile(r"([a-z0-9_+* ]+?)(>=|<=|==|!=|>|<)([a-z0-9_+* ]+)")
_TERM: Final = re.compile(r"(?:([0-9]{1,3}) *\* *)?([a-z][a-z0-9_]*)(?: *\* *([0-9]{1,3}))?|([0-9]{1,12})")


class Facts(Struct, frozen=True):
    """What the conditions of one case see: `values` of all flags and counts, `true` the names of those that are not 0.

    `said` are the signals, which conditions call `has_…`. `context` is all of it for CEL.
    """

    values: Mapping[str, bool | int]
    true: frozenset[str]
    said: AbstractSet[str]
    context: cel.Context


class Asked(Struct, frozen=True):
    """The signals that a pack's conditions ask for."""

    signals: tuple[str, ...]

    def bind(self, facts: Mapping[str, bool | int], said: AbstractSet[str]) -> Facts:
        """`facts` (all names of `vocabulary.FACTS`) and the signals `said`, ready for conditions."""

        def value(name: str) -> bool | int:
            return name[4:] in said if name.startswith("has_") else facts[name]

        context = cel.Context()  # it asks for what it needs: to bind everything costs more than all the rest
        context.set_variable_resolver(value)
        return Facts(facts, frozenset([name for name, found in facts.items() if found]), said, context)


class Way(Struct, frozen=True):
    """One way for a plain condition to hold: what must be said and true, what must not, and every comparison."""

    said: frozenset[str] = frozenset()
    true: frozenset[str] = frozenset()
    not_said: frozenset[str] = frozenset()
    not_true: frozenset[str] = frozenset()
    compared: tuple[Comparison, ...] = ()

    def holds(self, facts: Facts) -> bool:
        """Whether the case is so."""
        if not (self.said <= facts.said and self.true <= facts.true):
            return False
        if not (self.not_said.isdisjoint(facts.said) and self.not_true.isdisjoint(facts.true)):
            return False
        values = facts.values
        for compare, terms, number in self.compared:
            total = 0
            for name, factor in terms:
                total += values[name] * factor
            if not compare(total, number):
                return False
        return True

    def and_also(self, other: "Way") -> "Way":
        """The way in which both hold."""
        return Way(
            self.said | other.said,
            self.true | other.true,
            self.not_said | other.not_said,
            self.not_true | other.not_true,
            self.compared + other.compared,
        )


class Condition(Struct, frozen=True):
    """A row's condition, compiled. `ways`: all ways to hold, where it is plain; None: CEL evaluates it."""

    table: str
    row: str
    program: cel.Program
    ways: tuple[Way, ...] | None

    def holds(self, facts: Facts) -> bool:
        """Whether it holds; raises PackError naming the row where it has no value over these facts."""
        if self.ways is None:
            return self.evaluated(facts)
        for way in self.ways:  # noqa: SIM110 - a generator would cost as much again
            if way.holds(facts):
                return True
        return False

    def evaluated(self, facts: Facts) -> bool:
        """What CEL says; raises PackError as above."""
        try:
            return self.program.execute(facts.context) is True
        except Exception as error:  # the binding raises several builtin types
            raise _no_value(self.table, self.row, error) from error


def compiled(*, table: str, row: str, when: str, facts: Mapping[str, bool | int]) -> Condition:
    """The condition `when`; raises PackError naming the row where it fails over `facts` or gives no bool."""
    try:
        program = cel.compile(f"({when})")
        value = program.execute(cel.Context(variables=dict(facts)))
    except Exception as error:  # the binding raises several builtin types
        raise _no_value(table, row, error) from error
    if not isinstance(value, bool):
        raise PackError(table=table, row=row, zh="条件的结果不是布尔值", en=f"gives {type(value).__name__}, not a bool")
    return Condition(table, row, program, plain_ways(when))


def plain_ways(when: str) -> tuple[Way, ...] | None:
    """All ways for `when` to hold; None where it is more than names and comparisons of counts under &&, || and brackets."""
    ways = _ways(when) if _PLAIN.fullmatch(when) else None
    return tuple(ways) if ways is not None else None


def _ways(when: str) -> list[Way] | None:
    found: list[Way] = []
    for way in _split(when, "||"):
        together = [Way()]
        for part in _split(way, "&&"):
            bare = part.strip()
            inner = _ways(bare[1:-1]) if bare.startswith("(") and bare.endswith(")") else _one(bare)
            if inner is None or len(together) * len(inner) > _WAYS_MAX:
                return None
            together = [one.and_also(other) for one in together for other in inner]
        found += together
    return found


def _split(text: str, at: str) -> list[str]:
    """`text` at each `at` that stands in no brackets."""
    parts, depth, start = [], 0, 0
    for place, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0 and text.startswith(at, place):
            parts.append(text[start:place])
            start = place + len(at)
    return [*parts, text[start:]]


def _one(part: str) -> list[Way] | None:
    if name := _NAME.fullmatch(part):
        signal = name[2].startswith("has_")
        names = frozenset({name[2].removeprefix("has_")})
        if name[1]:
            return [Way(not_said=names) if signal else Way(not_true=names)]
        return [Way(said=names) if signal else Way(true=names)]
    comparison = _comparison(part)
    if comparison is None:
        return None
    compare, terms, number = comparison
    # no count is negative: with one of them at least 1, it is among those that are not 0
    positive = len(terms) == 1 and terms[0][1] > 0 and compare in _TRUE_FROM_ONE and number >= (compare != operator.gt)
    return [Way(true=frozenset({terms[0][0]}) if positive else frozenset(), compared=(comparison,))]


def _comparison(part: str) -> Comparison | None:
    """`part` with all counts on the left and one number on the right; None where it is something else."""
    match = _COMPARED.fullmatch(part)
    left, right = (_terms(match[1]), _terms(match[3])) if match else (None, None)
    if not match or left is None or right is None:
        return None
    factors: dict[str, int] = {}
    for sign, terms in ((1, left), (-1, right)):
        for name, factor in terms:
            factors[name] = factors.get(name, 0) + sign * factor
    number = -factors.pop("", 0)
    return _COMPARES[match[2]], tuple(factors.items()), number


def _terms(side: str) -> list[tuple[str, int]] | None:
    """The counts of a sum with their factors; a plain number stands under the name ""."""
    terms = []
    for term in side.split("+"):
        match = _TERM.fullmatch(term.strip())
        if not match or (match[1] and match[3]):
            return None
        if match[2] and type(FACTS.get(match[2])) is not int:
            return None
        terms.append((match[2] or "", int(match[1] or match[3] or match[4] or 1)))
    return terms


def _no_value(table: str, row: str, error: Exception) -> PackError:
    return PackError(table=table, row=row, zh=f"条件无法求值：{error}", en=f"cannot be evaluated: {error}")
