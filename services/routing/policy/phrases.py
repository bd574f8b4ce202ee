"""The pack's phrases made ready: by how they begin, so that a text is walked once."""

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from services.routing.policy.advice_rows import PhraseRow
from services.routing.policy.errors import PackError
from services.routing.policy.simplified import simplified

GAP: Final = "…"
_GAP_HAN: Final = 14  # characters between the two halves of a phrase, within its sentence
_GAP_LATIN: Final = 36
_SYNTAX: Final = re.compile(
    r"(?:\(\?<!(?P<before>[^()]+)\))?(?P<bare>[^()*]+)(?P<goes_on>\*)?(?:\(\?!(?P<after>[^()]+)\))?"
)
_SENTENCE_END: Final = frozenset("。！？!?；;\n")


class Phrase(Struct, frozen=True):
    """One phrase of row number `row`; `tail` follows `head` after a gap ("" where there is none)."""

    row: int
    head: str
    tail: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    goes_on: bool

    def end_at(self, text: str, start: int) -> int:
        """Where the phrase ends when it begins at `start` of `text` (lower case); 0 where it does not begin there."""
        if not text.startswith(self.head, start) or (_latin(self.head[0]) and start and _latin(text[start - 1])):
            return 0
        end = start + len(self.head)
        if self.before and text.endswith(self.before, 0, start):
            return 0
        if self.tail:
            end = self._tail_end(text, end)
        if not end or (self.after and text.startswith(self.after, end)):
            return 0
        goes_on = _latin(text[end - 1]) and end < len(text) and _latin(text[end])
        return 0 if goes_on and not self.goes_on else end

    def _tail_end(self, text: str, end: int) -> int:
        reach = _GAP_LATIN if _latin(self.tail[0]) else _GAP_HAN
        found = text.find(self.tail, end, end + reach + len(self.tail))
        if found < 0 or any(char in _SENTENCE_END for char in text[end:found]):
            return 0
        return found + len(self.tail)


class Phrases(Struct, frozen=True):
    """All phrases by the one or two characters they begin with, and the rows they belong to."""

    rows: tuple[PhraseRow, ...]
    by_start: dict[str, tuple[Phrase, ...]]


def folded(text: str) -> str:
    """`text` as phrases are compared: lower case, simplified, polite or not; every character at its place."""
    lowered = text.lower()
    if len(lowered) != len(text):  # some characters grow when lowered: they stay as they are
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return simplified(lowered).replace("你", "您").replace("’", "'")


def make_phrases(rows: Sequence[PhraseRow]) -> Phrases:
    """The phrases of `rows`; raises PackError naming the row of one that cannot be read."""
    by_start: dict[str, list[Phrase]] = {}
    for number, row in enumerate(rows):
        if not row.words_zh and not row.words_en:
            raise PackError(table="language_check", row=row.id, zh="没有任何词语", en="it has no words")
        for written in (*row.words_zh, *row.words_en):
            phrase = _phrase(number, row.id, folded(written))
            by_start.setdefault(phrase.head[:2], []).append(phrase)
    return Phrases(tuple(rows), {start: tuple(found) for start, found in by_start.items()})


def _phrase(number: int, row: str, written: str) -> Phrase:
    parts = _SYNTAX.fullmatch(written)
    head, _, tail = parts["bare"].partition(GAP) if parts else ("", "", "")
    if not parts or not head or GAP in tail or parts["bare"].endswith(GAP):
        raise PackError(table="language_check", row=row, zh=f"词语无效：{written!r}", en=f"not a phrase: {written!r}")
    before = tuple(parts["before"].split("|")) if parts["before"] else ()
    after = tuple(parts["after"].split("|")) if parts["after"] else ()
    return Phrase(number, head, tail, before, after, bool(parts["goes_on"]))


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
