"""Signals: one pass over the words finds what is said, where, and whether it is denied."""

import re
from bisect import bisect_right
from operator import itemgetter
from typing import Final

from msgspec import Struct

from services.routing.policy.lexicon import OWN_HANDLE, Edge, Lexicon
from services.routing.policy.simplified import simplified
from services.routing.rules.speech import Speech
from shared.events.routing import Evidence

_PLACES_PER_SIGNAL: Final = 3
_PLACES_PER_VERB: Final = 12
_VERBS: Final = frozenset({"escalate", "filed"})  # the one that stands by a body above us may come late
_EVIDENCE_MAX: Final = 32
_WORDLESS_LENGTH_MAX: Final = 200  # nobody writes more than that of nothing but handles and links
_MENTION: Final = re.compile(r"(?<![a-z0-9_%+-])@[\w·-]{2,20}|@[一-鿿][\w·-]{1,19}")  # no mail address has Han letters
_LINK: Final = re.compile(r"https?://[!-~]{1,200}")
_LETTER: Final = re.compile(r"[^\W\d_]")
_LEFT: Final = Edge.LEFT

Span = tuple[int, int]


class Reading(Struct, frozen=True):
    """What stands in a text. `text` is lower case in simplified characters, position by position the normalised text it was read from.

    `said` maps each signal affirmed at least once to its first places, `denied` those that are only negated or
    somebody else's words; `tagged` maps the tags inside handles of others to these handles.
    """

    text: str
    said: dict[str, list[Span]]
    denied: dict[str, list[Span]]
    tagged: dict[str, Span]
    wordless: bool

    def evidence(self) -> tuple[Evidence, ...]:
        """Where each signal stands first, in the order of the text; at most `_EVIDENCE_MAX`."""
        spans = [(*places[0], name, False) for name, places in self.said.items()]
        spans += [(*places[0], name, True) for name, places in self.denied.items()]
        spans += [(start, end, name, False) for name, (start, end) in self.tagged.items()]
        spans.sort()
        return tuple([Evidence(name, start, end, denied) for start, end, name, denied in spans[:_EVIDENCE_MAX]])


def read(text: str, lexicon: Lexicon, *, public: bool) -> Reading:
    """Read `text` (NFKC) with the pack's words; `public`: an @handle in it names somebody it is addressed to."""
    lowered = simplified(lower(text))
    mentions = [m.span() for m in _MENTION.finditer(lowered)] if public and "@" in lowered else []
    said, denied, tagged = _find(lowered, lexicon, mentions)
    return Reading(lowered, said, denied, tagged, not said and _is_wordless(lowered, mentions))


def lower(text: str) -> str:
    """`text` in lower case with every character at its place (some grow when lowered: they stay as they are)."""
    lowered = text.lower().replace("’", "'")
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := c.lower()) == 1 else c for c in text).replace("’", "'")


def _find(
    text: str, lexicon: Lexicon, mentions: list[Span]
) -> tuple[dict[str, list[Span]], dict[str, list[Span]], dict[str, Span]]:
    """Every signal affirmed, denied and tagged; one pass, linear in the text."""
    speech, words = Speech(text, lexicon.clause_end), lexicon.words
    said: dict[str, list[Span]] = {}
    denied: dict[str, list[Span]] = {}
    handles: dict[int, set[str]] = {}
    heard = False  # nothing is denied before the first mark
    for word, start, end in lexicon.automaton.find_matches_as_indexes(text, overlapping=True):
        names, topics, signals, care = words[word]
        handle = _handle_at(mentions, start) if mentions else None
        if care:
            edge, mark, tags, latin, unless = care
            if edge and not _stands_alone(text, start, end, edge):
                continue
            followed = unless and text.startswith(unless, end)
            if handle is not None:
                if not followed:
                    handles.setdefault(handle, set()).update(tags)
                continue
            if mark:
                heard = True
                speech.note(mark, start, end, latin=latin)
            if followed:
                continue
        elif handle is not None:
            continue
        if heard and signals and speech.denies(start):
            _keep(said, topics, start, end)
            _keep(denied, signals, start, end)
        else:
            _keep(said, names, start, end)
    others = [(mentions[n], tags) for n, tags in sorted(handles.items(), reverse=True) if OWN_HANDLE not in tags]
    return said, denied, {tag: span for span, tags in others for tag in tags}


def _keep(into: dict[str, list[Span]], names: tuple[str, ...], start: int, end: int) -> None:
    """Keep a place of each of `names`: the first few show it."""
    for name in names:
        places = into.get(name)
        if places is None:
            into[name] = [(start, end)]
        elif len(places) < _PLACES_PER_SIGNAL or (len(places) < _PLACES_PER_VERB and name in _VERBS):
            places.append((start, end))


def _handle_at(mentions: list[Span], start: int) -> int | None:
    """The number of the mention in which `start` lies."""
    number = bisect_right(mentions, start, key=itemgetter(0)) - 1
    return number if number >= 0 and start < mentions[number][1] else None


def _is_wordless(text: str, mentions: list[Span]) -> bool:
    """Whether there is no letter outside handles and links."""
    if len(text) > _WORDLESS_LENGTH_MAX:
        return False
    for start, end in reversed(mentions):
        text = text[:start] + text[end:]
    return not _LETTER.search(_LINK.sub("", text))


def _stands_alone(text: str, start: int, end: int, edge: Edge) -> bool:
    if start and _is_latin(before := text[start - 1]) and not (before.isdigit() and text[start].isalpha()):
        return False  # "sue" in "issue"; but "mb" stands alone in "400mb"
    return edge == _LEFT or end >= len(text) or not _is_latin(text[end])


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
