"""Lexicons: the words of each signal, and the one automaton that finds them all in a single pass."""

import re
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Final, NamedTuple, TypeAlias

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind
from msgspec import Struct

from services.routing.policy.errors import PackError
from services.routing.policy.simplified import simplified

_CLAUSE_END: Final = "clause_end"  # single characters, and too many of them for the automaton: looked for on demand
_TAG: Final = "tag_"  # signals that count inside an @handle only
OWN_HANDLE: Final = "own_handle"
"""The tag that says a handle is the company's own."""


_SYNTAX: Final = re.compile(r"(?P<bare>[^*()]+)(?P<goes_on>\*)?(?:\(\?!(?P<unless>[^()]+)\))?")


class Mark(IntEnum):
    """Words that say nothing themselves but change what the words around them say."""

    NONE = 0
    NEGATOR = 1  # "不会", "never": what follows is not so
    AFFIRMER = 2  # "不得不", "not only": looks like a negator or reporter and is none
    SOFT_BREAK = 3  # "就", "then": a negation before it does not reach beyond it
    OWN_VOICE = 4  # "那我", "i will": neither a negation nor somebody else's words reach beyond it
    REPORTER = 5  # "客服说", "they said": what follows are somebody else's words
    QUOTE = 6  # opens and closes alike
    QUOTE_OPEN = 7
    QUOTE_CLOSE = 8


class Edge(IntEnum):
    """Where a word must stand alone: Latin words would otherwise be found inside others ("sue" in "issue")."""

    NONE = 0
    LEFT = 1
    BOTH = 2


Names: TypeAlias = tuple[str, ...]
Care: TypeAlias = tuple[Edge, Mark, Names, bool, Names]
"""How a word must stand, its mark, the tags it is a sign of inside a handle, whether it is Latin, what may not follow."""
Word: TypeAlias = tuple[Names, Names, Names, Care | None]
"""What a word stands for: its topics and signals, then each of them alone, and the care it needs; most need none.

Plain tuples are taken apart twice as fast as named ones.
"""


class Lexicon(Struct, frozen=True):
    """All words of a pack, the names of their signals and topics, and what ends a clause.

    `automaton` gives the number of each word it finds, with its place; `words` says what the word stands for.
    """

    automaton: AhoCorasick
    words: tuple[Word, ...]
    signals: frozenset[str]
    clause_end: re.Pattern[str]


def build_lexicon(
    *, signals: Mapping[str, Sequence[str]], topics: Mapping[str, Sequence[str]], marks: Mapping[str, Sequence[str]]
) -> Lexicon:
    """Build the automaton. `signals` can be negated, `topics` (what it is about, whom it tags) cannot; `marks` by name.

    A trailing * lets a Latin word go on ("charg*"); `垃圾(?!短信|电话)` is no sign where one of these follows.
    Raises PackError for an unknown mark, an empty word, or a name that is both signal and topic.
    """
    if both := sorted(set(signals) & set(topics)):
        raise PackError(table="lexicons", row=both[0], zh="既是信号又是主题", en="is both a signal and a topic")
    entries: dict[_Written, _Entry] = {}
    for name, words in sorted([*signals.items(), *topics.items()]):
        for word in words:
            _entry(entries, name, word).signals.add(name)
    ends = "".join(re.escape(char) for char in marks.get(_CLAUSE_END, ()))
    for name, words in sorted(marks.items()):
        for word in words if name != _CLAUSE_END else ():
            _entry(entries, name, word).mark = _mark(name)
    written = sorted(entries)
    alike: dict[Word, Word] = {}
    meanings = [_word(one, entries[one], frozenset(topics)) for one in written]
    return Lexicon(  # small is fast here: another automaton is quicker on its own, and loses its place in the cache
        automaton=AhoCorasick(
            [bare for bare, _, _ in written],
            MatchKind.Standard,
            store_patterns=False,
            implementation=Implementation.ContiguousNFA,
        ),
        words=tuple(alike.setdefault(one, one) for one in meanings),
        signals=frozenset({*signals, *topics}),
        clause_end=re.compile(f"[{ends}]" if ends else r"(?!)"),
    )


def _mark(name: str) -> Mark:
    try:
        return Mark[name.upper()]
    except KeyError:
        raise PackError(table="marks", row=name, zh="未知的标记", en="no such mark") from None


class _Written(NamedTuple):
    """How a list writes a word. Another list may write it in another way: then it is found once for each."""

    bare: str
    goes_on: bool
    unless: Names


class _Entry(Struct):
    """What a word stands for while the lexicon is built: several lists may name it."""

    signals: set[str]
    mark: Mark = Mark.NONE


def _entry(entries: dict[_Written, _Entry], name: str, word: str) -> _Entry:
    parts = _SYNTAX.fullmatch(simplified(word.lower()))
    if not parts:
        raise PackError(table="lexicons", row=name, zh=f"词条无效：{word!r}", en=f"not a word: {word!r}")
    unless = tuple(parts["unless"].split("|")) if parts["unless"] else ()
    return entries.setdefault(_Written(parts["bare"], bool(parts["goes_on"]), unless), _Entry(set()))


def _word(written: _Written, entry: _Entry, topics: frozenset[str]) -> Word:
    latin = written.bare.isascii() and any(c.isalnum() for c in written.bare)
    edge = Edge.NONE
    if latin and not all(map(_is_tag, entry.signals)):
        edge = Edge.LEFT if written.goes_on else Edge.BOTH
    names = sorted(entry.signals)
    signals = tuple(name for name in names if name not in topics)
    about = tuple(name for name in names if name in topics and not _is_tag(name))
    tags = tuple(filter(_is_tag, names))
    careful = bool(edge or entry.mark or tags or written.unless)
    return about + signals, about, signals, (edge, entry.mark, tags, latin, written.unless) if careful else None


def _is_tag(signal: str) -> bool:
    return signal.startswith(_TAG) or signal == OWN_HANDLE
