"""Emotion: how heated the customer is, 1 calm to 10 out of control (domain 3.3)."""

import re
from typing import Final

from services.routing.model import Case
from services.routing.rules.reading import Reading
from shared.events.routing import History

_SHOUTED: Final = re.compile(r"\b[A-Z]{4,20}\b")
_EXCLAMATION_STEPS: Final = (1, 3, 7)  # marks in the whole text from which the temperature rises one more
_QUESTION_STEP: Final = 4
_SHOUT_WITHIN: Final = 2000  # characters


def read_emotion(*, base: int, points: int, case: Case, reading: Reading, history: History) -> int:
    """The agent's reading if given; else `base` and the points of the signals, marks, capitals and a broken promise."""
    if case.stated.emotion is not None:
        return case.stated.emotion
    exclamations, questions = reading.text.count("!"), reading.text.count("?")
    heat = base + points
    heat += sum(exclamations >= step for step in _EXCLAMATION_STEPS)
    heat += questions >= _QUESTION_STEP
    heat += case.lang == "en" and _is_shouted(case.text)
    heat += history.promises_broken_90d > 0
    return max(1, min(10, heat))


def _is_shouted(text: str) -> bool:
    """Whether at least three words of four or more letters, or the whole of a short text, are in capitals."""
    shouted = _SHOUTED.findall(text[:_SHOUT_WITHIN])
    return len(shouted) >= 3 or (bool(shouted) and text.isupper())
