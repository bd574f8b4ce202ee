"""Negation and quotation: whose words the ones at hand are, and whether they are denied (domain 3.1)."""

import re
from typing import Final

from services.routing.policy.lexicon import Mark

_NEGATION_REACH_HAN: Final = 6  # characters between a negator and what it negates
_NEGATION_REACH_LATIN: Final = 28
_REPORT_REACH: Final = 40  # reported speech without quotes: within its clause, and at most this far
_QUOTE_AFTER_REPORTER: Final = 3  # `客服说:“`
_NOWHERE: Final = -1_000_000
# An attribute of an enumeration is looked up anew each time: these are compared for every mark.
_AFFIRMER: Final = Mark.AFFIRMER
_NEGATOR: Final = Mark.NEGATOR
_OWN_VOICE: Final = Mark.OWN_VOICE
_QUOTE: Final = Mark.QUOTE
_QUOTE_CLOSE: Final = Mark.QUOTE_CLOSE
_REPORTER: Final = Mark.REPORTER
_SOFT_BREAK: Final = Mark.SOFT_BREAK


class Speech:
    """Follows the marks of a text in their order; `denies` says whether a word there counts."""

    def __init__(self, text: str, clause_end: re.Pattern[str]) -> None:
        self._text = text
        self._clause_end = clause_end
        self._quoted = False
        self._negator_end = self._negated_to = _NOWHERE
        self._reporter_start = self._reporter_end = _NOWHERE
        self._affirmed_from = self._affirmed_to = _NOWHERE

    def note(self, mark: Mark, start: int, end: int, *, latin: bool) -> None:
        """Take in the mark at [start, end)."""
        if mark == _NEGATOR:
            if not self._affirmed_from <= start < self._affirmed_to:
                self._negator_end = end
                self._negated_to = end + (_NEGATION_REACH_LATIN if latin else _NEGATION_REACH_HAN)
        elif mark == _SOFT_BREAK:
            self._negated_to = _NOWHERE
        elif mark == _OWN_VOICE:
            if start >= self._reporter_end:  # not inside "让我去"
                self._negated_to = self._reporter_end = _NOWHERE
        elif mark == _AFFIRMER:  # the automaton gives the longest word first: what it covers comes after it
            self._affirmed_from, self._affirmed_to = start, end
            self._negated_to = _NOWHERE
            if self._reporter_end > start:
                self._reporter_end = _NOWHERE
        elif mark == _REPORTER:
            if not self._affirmed_from <= start < self._affirmed_to:
                self._reporter_start, self._reporter_end = start, end
        elif mark == _QUOTE_CLOSE or (mark == _QUOTE and self._quoted):
            self._quoted = False
        else:
            self._quoted = start - self._reporter_end <= _QUOTE_AFTER_REPORTER

    def denies(self, start: int) -> bool:
        """Whether a word that starts at `start` is negated, or somebody else's."""
        if self._quoted:
            return True
        if self._negator_end <= start <= self._negated_to and self._in_clause(self._negator_end, start):
            return True
        reported = self._reporter_end  # a sign may share its first character with the reporter: "让我去" and "去工信部"
        return self._reporter_start < start <= reported + _REPORT_REACH and self._in_clause(reported + 1, start)

    def _in_clause(self, start: int, end: int) -> bool:
        return not self._clause_end.search(self._text, start, end)
