"""Conditions: CEL over the facts of a case. What is plain, names and comparisons of counts, is put as a Python expression."""

import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final, TypeAlias

import cel
from msgspec import Struct

from services.routing.policy.errors import PackError
from services.routing.policy.vocabulary import FACTS

Values: TypeAlias = Mapping[str, bool | int]
"""Every flag and count, by the names of `vocabulary.FACTS`."""
Said: TypeAlias = AbstractSet[str]
"""The signals of a text; conditions call them `has_…`."""
Holds: TypeAlias = Callable[[Values, Said], bool]

_SIGNAL: Final = "has_"
_PLAIN: Final = re.compile(r"[a-z0-9_!<>=&|+*() ]+")
_NAME: Final = re.compile(r"(!?) *((?!true$|false$)[a-z][a-z0-9_]*)")
_COMPARED: Final = re.compile(r"([a-z0-9_+* ]+?)(>=|<=|==|!=|>|<)([a-z0-9_+* ]+)")
_TERM: Final = re.compile(r"(?:([0-9]{1,3}) *\* *)?([a-z][a-z0-9_]*)(?: *\* *([0-9]{1,3}))?|([0-9]{1,12})")


class Condition(Struct, frozen=True):
    """A row's condition, compiled. `holds` says whether it holds; it raises PackError naming the row where it has no value.

    `plain`: it is answered without CEL, which gives the same answer (`evaluated`).
    """

    table: str
    row: str
    program: cel.Program
    plain: bool
    holds: Holds


def compiled(*, table: str, row: str, when: str, facts: Values) -> Condition:
    """The condition `when`; raises PackError naming the row where it fails over `facts` or gives no bool."""
    try:
        program = cel.compile(f"({when})")
        value = program.execute(cel.Context(variables=dict(facts)))
    except Exception as error:  # the binding raises several builtin types
        raise _no_value(table, row, error) from error
    if not isinstance(value, bool):
        raise PackError(table=table, row=row, zh="条件的结果不是布尔值", en=f"gives {type(value).__name__}, not a bool")
    plain = plain_source(when)
    return Condition(table, row, program, plain is not None, _plain(plain) if plain else evaluated(table, row, program))


def evaluated(table: str, row: str, program: cel.Program) -> Holds:
    """What CEL says. It asks for the values it needs: to bind all of them costs more than to evaluate."""

    def holds(values: Values, said: Said) -> bool:
        def value(name: str) -> bool | int:
            found = values.get(name)
            return name.removeprefix(_SIGNAL) in said if found is None else found

        context = cel.Context()
        context.set_variable_resolver(value)
        try:
            return program.execute(context) is True
        except Exception as error:  # the binding raises several builtin types
            raise _no_value(table, row, error) from error

    return holds


def plain_source(when: str) -> str | None:
    """`when` as a Python expression over `v` (values) and `said`; None where it is more than names, comparisons and brackets.

    Made anew from the names and numbers that were understood: nothing of a pack is passed on as it stands.
    """
    return _any(when) if _PLAIN.fullmatch(when) else None


def _plain(source: str) -> Holds:
    return eval(f"lambda v, said: bool({source})", {"__builtins__": {"bool": bool}})  # type: ignore[no-any-return] # noqa: S307 - see `plain_source`


def _any(when: str) -> str | None:
    ways = [_all(way) for way in _split(when, "||")]
    known = [way for way in ways if way is not None]
    return f"({' or '.join(known)})" if len(known) == len(ways) else None


def _all(way: str) -> str | None:
    parts = [_one(part.strip()) for part in _split(way, "&&")]
    known = [part for part in parts if part is not None]
    return " and ".join(known) if len(known) == len(parts) else None


def _one(part: str) -> str | None:
    if part.startswith("(") and part.endswith(")"):
        return _any(part[1:-1])
    if name := _NAME.fullmatch(part):
        negated = "not " if name[1] else ""
        if name[2].startswith(_SIGNAL):
            return f"{name[2].removeprefix(_SIGNAL)!r} {negated}in said"
        return f"{negated}v[{name[2]!r}]"
    compared = _COMPARED.fullmatch(part)
    left, right = (_sum(compared[1]), _sum(compared[3])) if compared else (None, None)
    return f"{left} {compared[2]} {right}" if compared and left and right else None


def _sum(side: str) -> str | None:
    """A sum of counts, with factors, and numbers."""
    terms = []
    for term in side.split("+"):
        match = _TERM.fullmatch(term.strip())
        if not match or (match[1] and match[3]):
            return None
        if match[2] and type(FACTS.get(match[2])) is not int:
            return None
        factor = int(match[1] or match[3] or match[4] or 1)
        terms.append(
            f"v[{match[2]!r}] * {factor}"
            if match[2] and factor != 1
            else f"v[{match[2]!r}]"
            if match[2]
            else str(factor)
        )
    return " + ".join(terms)


def _split(text: str, at: str) -> list[str]:
    """`text` at each `at` that stands in no brackets."""
    parts, depth, start = [], 0, 0
    for place, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth == 0 and text.startswith(at, place):
            parts.append(text[start:place])
            start = place + len(at)
    return [*parts, text[start:]]


def _no_value(table: str, row: str, error: Exception) -> PackError:
    return PackError(table=table, row=row, zh=f"条件无法求值：{error}", en=f"cannot be evaluated: {error}")
