"""Signals: one pass over the words finds what is said, where, and whether it is negated or somebody else's words."""

import re
from typing import Final

from msgspec import Struct

from services.routing.lexicon import OWN_HANDLE, Edge, Lexicon, Mark, Word
from shared.events.routing import Evidence

_NEGATION_REACH_HAN: Final = 6  # characters between a negator and what it negates
_NEGATION_REACH_LATIN: Final = 28
_REPORT_REACH: Final = 40  # reported speech without quotes: within its clause, at most this far
_QUOTE_AFTER_REPORTER: Final = 3  # `客服说:“`
_PLACES_PER_SIGNAL: Final = 2
_EVIDENCE_MAX: Final = 32
_MENTION: Final = re.compile(r"(?<![a-z0-9._%+-])@[\w·-]{2,20}")
_NOT_WORDS: Final = re.compile(r"https?://\S{1,2000}|[^\w]+|[\d_]+")


class Reading(Struct, frozen=True):
    """What stands in a text. `text` is lower case, position by position the normalised text it was read from.

    `said` are the signals affirmed at least once; `clauses` the numbers of the clauses each of them stands in;
    `tagged` the tag signals inside handles of others.
    """

    text: str
    said: frozenset[str]
    clauses: dict[str, list[int]]
    tagged: frozenset[str]
    evidence: tuple[Evidence, ...]
    wordless: bool


def read(text: str, lexicon: Lexicon, *, public: bool) -> Reading:
    """Read `text` (NFKC) with the pack's words; `public`: an @handle in it names somebody it is addressed to."""
    lowered = lower(text)
    mentions = [m.span() for m in _MENTION.finditer(lowered)] if public and "@" in lowered else []
    pass_ = _Pass(lexicon, lowered, mentions)
    pass_.run()
    return Reading(
        lowered,
        frozenset(pass_.clauses),
        pass_.clauses,
        pass_.tagged(),
        pass_.evidence(),
        _is_wordless(lowered, mentions),
    )


def lower(text: str) -> str:
    """`text` in lower case with every character at its place (some grow when lowered: they stay as they are)."""
    lowered = text.lower().replace("’", "'")
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := c.lower()) == 1 else c for c in text).replace("’", "'")


def _is_wordless(text: str, mentions: list[tuple[int, int]]) -> bool:
    if len(text) > 200:
        return False  # nobody writes 200 characters of nothing but handles; and it keeps the pass short
    bare = text
    for start, end in reversed(mentions):
        bare = bare[:start] + bare[end:]
    return not _NOT_WORDS.sub("", bare)


class _Pass:
    """The state of one pass: the clause we are in, the last negator, who is speaking, and what was found."""

    def __init__(self, lexicon: Lexicon, text: str, mentions: list[tuple[int, int]]) -> None:
        self.clauses: dict[str, list[int]] = {}
        self._lexicon = lexicon
        self._text = text
        self._mentions = mentions
        self._handles: dict[int, set[str]] = {}
        self._places: dict[str, list[tuple[int, int, bool]]] = {}
        self._clause = 0
        self._negator = (-1, -1, 0)  # start, end, reach; end -1: none
        self._reporter = (-1, -1)  # end, clause
        self._quoted = False
        self._affirmed = (-1, -1)

    def run(self) -> None:
        """Find every word; linear in the text."""
        text, mentions = self._text, self._mentions
        negatable = self._lexicon.negatable
        handles = self._lexicon.handles
        clauses, places = self.clauses, self._places
        word: Word
        for last, word in self._lexicon.automaton.iter(text):
            length, edge, mark, signals, latin, unless = word
            end = last + 1
            start = end - length
            if edge and not _stands_alone(text, start, end, edge):
                continue
            if unless and text.startswith(unless, end):
                continue
            if mark:
                self._note_mark(mark, start, end, latin=latin)
            if not signals:
                continue
            mention = _mention_at(mentions, start) if mentions else -1
            if mention >= 0:
                self._handles.setdefault(mention, set()).update(s for s in signals if s in handles)
                continue
            negated: bool | None = None
            for signal in signals:
                if signal in handles:
                    continue
                if signal in negatable:
                    if negated is None:
                        negated = self._is_negated(start)
                    said_not = negated
                else:
                    said_not = False
                if not said_not:
                    clauses.setdefault(signal, []).append(self._clause)
                seen = places.get(signal)
                if seen is None:
                    places[signal] = [(start, end, said_not)]
                elif len(seen) < _PLACES_PER_SIGNAL:
                    seen.append((start, end, said_not))

    def _note_mark(self, mark: Mark, start: int, end: int, *, latin: bool) -> None:
        if mark is Mark.CLAUSE_END:
            self._clause += 1
            self._negator = (-1, -1, 0)
        elif mark is Mark.NEGATOR:
            if not self._covered(start, end):
                self._negator = (start, end, _NEGATION_REACH_LATIN if latin else _NEGATION_REACH_HAN)
        elif mark is Mark.SOFT_BREAK:
            self._negator = (-1, -1, 0)
        elif mark is Mark.AFFIRMER:
            self._affirmed = (start, end)
            self._negator = (-1, -1, 0)
            if self._reporter[0] > start:
                self._reporter = (-1, -1)
        elif mark is Mark.REPORTER:
            if not self._covered(start, end):
                self._reporter = (end, self._clause)
        elif mark is Mark.QUOTE_CLOSE or (mark is Mark.QUOTE and self._quoted):
            self._quoted = False
        else:
            self._quoted = self._reporter[0] >= 0 and start - self._reporter[0] <= _QUOTE_AFTER_REPORTER

    def _covered(self, start: int, end: int) -> bool:
        return self._affirmed[0] <= start and end <= self._affirmed[1]

    def _is_negated(self, start: int) -> bool:
        if self._quoted:
            return True
        negator_start, negator_end, reach = self._negator
        if negator_start >= 0 and 0 <= start - negator_end <= reach:
            return True
        reported_from, clause = self._reporter
        return clause == self._clause and 0 <= start - reported_from <= _REPORT_REACH

    def tagged(self) -> frozenset[str]:
        """Tag signals of handles that are not our own."""
        found = frozenset(s for signals in self._handles.values() if OWN_HANDLE not in signals for s in signals)
        for mention, signals in self._handles.items():
            for signal in signals & found:
                self._places.setdefault(signal, [(*self._mentions[mention], False)])
        return found

    def evidence(self) -> tuple[Evidence, ...]:
        """Where the signals stand, in the order of the text; at most `_EVIDENCE_MAX`."""
        spans = sorted(
            (start, end, name, negated) for name, found in self._places.items() for start, end, negated in found
        )
        return tuple(Evidence(name, start, end, negated) for start, end, name, negated in spans[:_EVIDENCE_MAX])


def _mention_at(mentions: list[tuple[int, int]], position: int) -> int:
    """Which mention `position` is in, or -1; a post tags a handful, so they are walked."""
    for number, (start, end) in enumerate(mentions):
        if start <= position < end:
            return number
    return -1


def _stands_alone(text: str, start: int, end: int, edge: Edge) -> bool:
    if start and _is_latin(text[start - 1]):
        return False
    return edge is Edge.LEFT or end >= len(text) or not _is_latin(text[end])


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
