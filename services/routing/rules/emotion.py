"""Emotion: how heated the customer is, 1 calm to 10 out of control (domain 3.3)."""

import re
from bisect import bisect_right
from typing import Final

from services.routing.model import Case
from services.routing.policy.rows import Heat
from services.routing.policy.weights import Tally
from services.routing.rules.reading import Reading
from shared.events.routing import History

_SHOUTED: Final = re.compile(r"\b[A-Z]{4,20}\b")
_SHOUT_WITHIN: Final = 2000  # characters


def read_emotion(heat: Heat, tally: Tally, *, case: Case, reading: Reading, history: History, repeat: int) -> int:
    """The agent's reading if given; else the degree that the points of everything that heats and cools reach."""
    if case.stated.emotion is not None:
        return case.stated.emotion
    points = heat.base + tally.emotion
    for name, steps in heat.steps.items():
        count = _count(name, tally, reading.text, repeat)
        for reached, added in steps.items():
            if count >= reached:
                points += added
    if case.lang == "en" and _is_shouted(case.text):
        points += heat.shouted
    if history.promises_broken_90d:
        points += heat.broken_promise
    return 1 + bisect_right(heat.degrees, points)


def _count(name: str, tally: Tally, text: str, repeat: int) -> int:
    """What the steps of `name` are asked of."""
    match name:
        case "exclamations":
            return text.count("!")
        case "questions":
            return text.count("?")
        case "length":
            return len(text)
        case "repeat":
            return repeat
        case _:
            return tally.kinds.get(name, 0)


def _is_shouted(text: str) -> bool:
    """Whether at least three words of four or more letters, or the whole of a short text, are in capitals."""
    shouted = _SHOUTED.findall(text[:_SHOUT_WITHIN])
    return len(shouted) >= 3 or (bool(shouted) and text.isupper())
