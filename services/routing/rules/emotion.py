"""Emotion: how heated the customer is, 1 calm to 10 out of control (domain 3.3)."""

import re
from bisect import bisect_right
from typing import Final

from services.routing.model import Case
from services.routing.policy.rows import Heat, HeatCount
from services.routing.policy.weights import Tally
from services.routing.rules.reading import Reading
from shared.events.routing import History

_LETTERS_OF_A_HAN: Final = 3  # English takes about three times as many characters to say the same
_PLEASANT: Final = ("inquiry", "praise", "noise")
_SHOUTED: Final = re.compile(r"\b[A-Z]{4,20}\b")
_SHOUT_WITHIN: Final = 2000  # characters


def read_emotion(heat: Heat, tally: Tally, *, case: Case, reading: Reading, history: History, repeat: int) -> int:
    """The agent's reading if given; else the degree that the points of everything that heats and cools reach."""
    if case.stated.emotion is not None:
        return case.stated.emotion
    text, kinds = reading.text, tally.kinds
    counts: dict[HeatCount, int] = {
        "exclamations": text.count("!"),
        "questions": text.count("?"),
        "length": len(text) // _LETTERS_OF_A_HAN if case.lang == "en" else len(text),
        "insults": len(reading.said.get("abuse", ())),
        "repeat": repeat,
        "displeasure": kinds.get("complaint", 0) - sum(kinds.get(kind, 0) for kind in _PLEASANT),
    }
    points = heat.base + tally.emotion
    for name, steps in heat.steps.items():
        count = counts[name]
        for reached, added in steps.items():
            if count < reached:
                break
            points += added
    if case.lang == "en" and _is_shouted(case.text):
        points += heat.shouted
    if history.promises_broken_90d:
        points += heat.broken_promise
    return 1 + bisect_right(heat.degrees, points)


def _is_shouted(text: str) -> bool:
    """Whether at least three words of four or more letters, or the whole of a short text, are in capitals."""
    shouted = _SHOUTED.findall(text[:_SHOUT_WITHIN])
    return len(shouted) >= 3 or (bool(shouted) and text.isupper())
