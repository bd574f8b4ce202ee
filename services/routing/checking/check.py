"""The check itself: one walk over a text gives what to say otherwise, where it stands and why; linear in its length."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final, get_args

from msgspec import Struct

from services.routing.checking.dates import names_time
from services.routing.policy.advice_rows import Flaw, PhraseRow, Said
from services.routing.policy.phrases import Phrases, folded
from shared.events.routing import HandlerLevel

FINDINGS_MAX: Final = 200
_FOUND_MAX: Final = 5_000  # places looked at: a text of nothing but bad words says enough by then
_OPENING_REACH_HAN: Final = 12  # characters of greeting before what counts as the opening of a sentence
_OPENING_REACH_LATIN: Final = 16
_LEVELS: Final[tuple[HandlerLevel, ...]] = get_args(HandlerLevel)
_SENTENCE_END: Final = re.compile(r"[。！？!?；;\n]|\.(?=\s|$)")
_QUOTED: Final = re.compile(r"“[^”]{1,300}”|「[^」]{1,300}」|『[^』]{1,300}』|\"[^\"\n]{1,300}\"")

Span = tuple[int, int]


class Finding(Struct, frozen=True, kw_only=True):
    """One thing to say otherwise: characters [start, end) of the text as it was given, why, and a better wording."""

    rule: str
    flaw: Flaw
    start: int
    end: int
    words: str
    why: Said
    better: Said


class Checked(Struct, frozen=True, kw_only=True):
    """What was found, in the order of the text; `truncated` where there is more than is shown."""

    clean: bool
    findings: tuple[Finding, ...]
    truncated: bool = False


def check_text(text: str, phrases: Phrases, *, handler_level: HandlerLevel = "junior") -> Checked:
    """What a handler of `handler_level` should say otherwise in `text`, which is meant for a customer."""
    lowered = folded(text)
    sentences = _Sentences(lowered)
    kept: list[tuple[int, int, PhraseRow]] = []
    promised: set[tuple[str, int]] = set()
    quoted = [match.span() for match in _QUOTED.finditer(lowered) if match.end() - match.start() < len(lowered)]
    for start, end, row in _outside(_places(lowered, phrases), quoted):
        if kept and (end <= kept[-1][1] or (start < kept[-1][1] and row is kept[-1][2])):
            continue  # within the one before, or more of the same
        if not _wrong(row, start, sentences, handler_level):
            continue
        if row.needs_date:
            sentence = (row.flaw, sentences.number(start))
            if row.flaw == "promise_without_date" and sentence in promised:
                continue
            promised.add(sentence)
        kept.append((start, end, row))
        if len(kept) > FINDINGS_MAX:
            break
    found = tuple(_finding(text, *one) for one in kept[:FINDINGS_MAX])
    return Checked(clean=not found, findings=found, truncated=len(kept) > FINDINGS_MAX)


def _places(text: str, phrases: Phrases) -> Iterator[tuple[int, int, PhraseRow]]:
    """Where phrases stand, by their beginning, the longest first."""
    by_start, rows, number = phrases.by_start, phrases.rows, 0
    for start in range(len(text)):
        candidates = by_start.get(text[start], ()) + by_start.get(text[start : start + 2], ())
        if not candidates:
            continue
        here = [(end, phrase.row) for phrase in candidates if (end := phrase.end_at(text, start))]
        for end, row in sorted(here, key=lambda one: (-one[0], one[1])):
            number += 1
            if number > _FOUND_MAX:
                return
            yield start, end, rows[row]


def _outside(
    places: Iterator[tuple[int, int, PhraseRow]], quoted: Sequence[Span]
) -> Iterator[tuple[int, int, PhraseRow]]:
    """The places that are not somebody else's words."""
    number = 0
    for start, end, row in places:
        while number < len(quoted) and quoted[number][1] <= start:
            number += 1
        if number == len(quoted) or start < quoted[number][0]:
            yield start, end, row


def _wrong(row: PhraseRow, start: int, sentences: "_Sentences", level: HandlerLevel) -> bool:
    """Whether the phrase is wrong here, said by a handler of this level."""
    if row.authority and _LEVELS.index(level) >= _LEVELS.index(row.authority):
        return False
    if row.opening and not sentences.opens(start):
        return False
    return not (row.needs_date and sentences.names_time(start))


class _Sentences:
    """The sentences of a text, each looked into for a time at most once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in _SENTENCE_END.finditer(text))]
        self._timed: dict[int, bool] = {}

    def number(self, place: int) -> int:
        return bisect_right(self._starts, place) - 1

    def opens(self, place: int) -> bool:
        """Whether a sentence begins here, but for a greeting."""
        reach = _OPENING_REACH_LATIN if self._text[place].isascii() else _OPENING_REACH_HAN
        return place - self._starts[self.number(place)] <= reach

    def names_time(self, place: int) -> bool:
        number = self.number(place)
        known = self._timed.get(number)
        if known is None:
            end = self._starts[number + 1] if number + 1 < len(self._starts) else len(self._text)
            known = self._timed[number] = names_time(self._text[self._starts[number] : end])
        return known


def _finding(text: str, start: int, end: int, row: PhraseRow) -> Finding:
    why = Said(row.zh, row.en)
    return Finding(
        rule=row.id, flaw=row.flaw, start=start, end=end, words=text[start:end], why=why, better=row.better
    )  # fmt: skip
