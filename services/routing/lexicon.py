"""Lexicons: the words of each signal, and the one automaton that finds them all in a single pass."""

import re
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Final, NamedTuple

import ahocorasick  # type: ignore[import-not-found]  # ships no types
from msgspec import Struct

from services.routing.errors import PackError

HANDLE_PREFIX: Final = "tag_"
OWN_HANDLE: Final = "own_handle"
"""Signals that count inside an @handle only, and the one that says the handle is the company's own."""


_SYNTAX: Final = re.compile(r"(?P<bare>[^*()]+)(?P<goes_on>\*)?(?:\(\?!(?P<unless>[^()]+)\))?")


class Mark(IntEnum):
    """Words that say nothing themselves but change what the words around them say."""

    NONE = 0
    NEGATOR = 1  # "不会", "never": what follows is not so
    AFFIRMER = 2  # "不得不", "not only": looks like a negator or reporter and is none
    SOFT_BREAK = 3  # "就", "then": a negation before it does not reach beyond it
    CLAUSE_END = 4  # punctuation
    REPORTER = 5  # "客服说", "they said": what follows are somebody else's words
    QUOTE = 6  # opens and closes alike
    QUOTE_OPEN = 7
    QUOTE_CLOSE = 8


class Edge(IntEnum):
    """Where a word must stand alone: Latin words would otherwise be found inside others ("sue" in "issue")."""

    NONE = 0
    LEFT = 1
    BOTH = 2


class Word(NamedTuple):
    """What the automaton holds per word: how long it is, how it must stand, and which signals it is a sign of."""

    length: int
    edge: Edge
    mark: Mark
    signals: tuple[str, ...]
    latin: bool
    unless: tuple[str, ...]


class Lexicon(Struct, frozen=True):
    """All words of a pack. `negatable`: signals that negation reaches; `handles`: those that count in handles only."""

    automaton: ahocorasick.Automaton
    signals: frozenset[str]
    negatable: frozenset[str]
    handles: frozenset[str]


def build_lexicon(
    *, signals: Mapping[str, Sequence[str]], topics: Mapping[str, Sequence[str]], marks: Mapping[str, Sequence[str]]
) -> Lexicon:
    """Build the automaton. `signals` can be negated, `topics` (what it is about, whom it tags) cannot; `marks` by name.

    A trailing * lets a Latin word go on ("charg*"); `垃圾(?!短信|电话)` is no sign where one of these follows.
    Raises PackError for an unknown mark, an empty word, or a name that is both signal and topic.
    """
    if both := sorted(set(signals) & set(topics)):
        raise PackError(table="lexicons", row=both[0], zh="既是信号又是主题", en="is both a signal and a topic")
    entries: dict[str, _Entry] = {}
    for name, words in sorted([*signals.items(), *topics.items()]):
        for word in words:
            _entry(entries, name, word).signals.add(name)
    for name, words in sorted(marks.items()):
        for word in words:
            _entry(entries, name, word).mark = _mark(name)
    automaton = ahocorasick.Automaton()
    for bare, entry in sorted(entries.items()):
        automaton.add_word(bare, _word(bare, entry))
    automaton.make_automaton()
    names = frozenset({*signals, *topics})
    handles = frozenset(name for name in names if name.startswith(HANDLE_PREFIX) or name == OWN_HANDLE)
    return Lexicon(automaton, names, frozenset(signals), handles)


def _mark(name: str) -> Mark:
    try:
        return Mark[name.upper()]
    except KeyError:
        raise PackError(table="marks", row=name, zh="未知的标记", en="no such mark") from None


class _Entry(Struct):
    """A word while the lexicon is built: files may name it several times."""

    signals: set[str]
    goes_on: bool
    unless: tuple[str, ...]
    mark: Mark = Mark.NONE


def _entry(entries: dict[str, _Entry], name: str, word: str) -> _Entry:
    parts = _SYNTAX.fullmatch(word.lower()) if isinstance(word, str) else None
    if not parts:
        raise PackError(table="lexicons", row=name, zh=f"词条无效：{word!r}", en=f"not a word: {word!r}")
    unless = tuple(parts["unless"].split("|")) if parts["unless"] else ()
    entry = entries.setdefault(parts["bare"], _Entry(set(), bool(parts["goes_on"]), unless))
    if (entry.goes_on, entry.unless) != (bool(parts["goes_on"]), unless):
        raise PackError(table="lexicons", row=name, zh=f"{word!r} 写法不一致", en=f"{word!r} is written in two ways")
    return entry


def _word(bare: str, entry: _Entry) -> Word:
    latin = bare.isascii() and any(c.isalnum() for c in bare)
    edge = Edge.NONE
    if latin:
        edge = Edge.LEFT if entry.goes_on else Edge.BOTH
    return Word(len(bare), edge, entry.mark, tuple(sorted(entry.signals)), latin, entry.unless)
