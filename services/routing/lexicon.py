"""Lexicons: the words of each signal, and the one automaton that finds them all in a single pass."""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Final, NamedTuple

import ahocorasick
from msgspec import Struct

from services.routing.errors import PackError

HANDLE_PREFIX: Final = "tag_"
OWN_HANDLE: Final = "own_handle"
"""Signals that count inside an @handle only, and the one that says the handle is the company's own."""


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
    """What the automaton holds per word; `signals` are indices into `Lexicon.signals`."""

    length: int
    edge: Edge
    mark: Mark
    signals: tuple[int, ...]
    latin: bool


class Lexicon(Struct, frozen=True):
    """All words of a pack. `negatable` and `handles` are indices of signals that negation reaches, or that tags name."""

    automaton: ahocorasick.Automaton
    signals: tuple[str, ...]
    negatable: frozenset[int]
    handles: frozenset[int]


def build_lexicon(
    *, signals: Mapping[str, Sequence[str]], topics: Mapping[str, Sequence[str]], marks: Mapping[str, Sequence[str]]
) -> Lexicon:
    """Build the automaton. `signals` can be negated, `topics` (what it is about, whom it tags) cannot; `marks` by name.

    A word is lower case; a trailing * lets a Latin word go on ("charg*"). Raises PackError for an unknown mark,
    an empty word, or a name that is both signal and topic.
    """
    if both := sorted(set(signals) & set(topics)):
        raise PackError(table="lexicons", row=both[0], zh="既是信号又是主题", en="is both a signal and a topic")
    names = tuple(sorted({*signals, *topics}))
    index = {name: i for i, name in enumerate(names)}
    meanings: dict[str, tuple[Mark, set[int]]] = {}
    for name, words in sorted([*signals.items(), *topics.items()]):
        for word in words:
            meanings.setdefault(_checked(name, word), (Mark.NONE, set()))[1].add(index[name])
    for name, words in sorted(marks.items()):
        mark = _mark(name)
        for word in words:
            _, meant = meanings.get(_checked(name, word), (Mark.NONE, set()))
            meanings[word.lower()] = (mark, meant)
    automaton = ahocorasick.Automaton()
    for word, (mark, meant) in sorted(meanings.items()):
        entry = _word(word, mark, tuple(sorted(meant)))
        automaton.add_word(word.rstrip("*"), entry)
    automaton.make_automaton()
    handles = frozenset(i for name, i in index.items() if name.startswith(HANDLE_PREFIX) or name == OWN_HANDLE)
    return Lexicon(automaton, names, frozenset(index[name] for name in signals), handles)


def _mark(name: str) -> Mark:
    try:
        return Mark[name.upper()]
    except KeyError:
        raise PackError(table="marks", row=name, zh="未知的标记", en="no such mark") from None


def _checked(name: str, word: str) -> str:
    if not isinstance(word, str) or not word.rstrip("*"):
        raise PackError(table="lexicons", row=name, zh=f"词条无效：{word!r}", en=f"not a word: {word!r}")
    return word.lower()


def _word(word: str, mark: Mark, signals: tuple[int, ...]) -> Word:
    bare = word.rstrip("*")
    latin = bare.isascii() and any(c.isalpha() for c in bare)
    edge = Edge.NONE
    if latin:
        edge = Edge.LEFT if word != bare else Edge.BOTH
    return Word(len(bare), edge, mark, signals, latin)
