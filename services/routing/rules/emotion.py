"""Emotion: how heated the customer is, 1 calm to 10 out of control (domain 3.3)."""

import re
from typing import Final

from services.routing.rules.reading import Reading
from shared.events.intake import Stated
from shared.events.routing import History

_SHOUTED: Final = re.compile(r"\b[A-Z]{4,20}\b")
_EXCLAMATION_STEPS: Final = (1, 3, 7)  # marks in the whole text from which the temperature rises one more
_QUESTION_STEP: Final = 4


def read_emotion(*, base: int, points: int, raw: str, reading: Reading, stated: Stated, history: History) -> int:
    """The agent's reading if given; else `base` and the points of the signals, marks, capitals and a broken promise."""
    if stated.emotion is not None:
        return stated.emotion
    exclamations = reading.text.count("!") + reading.text.count("！")
    questions = reading.text.count("?") + reading.text.count("？")
    heat = base + points
    heat += sum(exclamations >= step for step in _EXCLAMATION_STEPS)
    heat += questions >= _QUESTION_STEP
    heat += _is_shouted(raw)
    heat += history.promises_broken_90d > 0
    return max(1, min(10, heat))


def _is_shouted(raw: str) -> bool:
    """Whether at least three words of four or more letters, or the whole of a short text, are in capitals."""
    if raw.islower() or not raw:
        return False
    shouted = _SHOUTED.findall(raw[:2000])
    return len(shouted) >= 3 or (raw.isupper() and bool(shouted))
