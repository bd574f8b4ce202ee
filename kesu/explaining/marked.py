"""A text with its evidence marked: coloured where colours are, numbered everywhere, so that it reads on paper too."""

from itertools import pairwise
from typing import Final

from rich.text import Text

from services.routing.explaining.shown import Group, ShownMark

STYLES: Final[dict[Group, str]] = {
    "above": "bold white on magenta", "heat": "bold white on red", "demand": "bold black on green",
    "cause": "bold black on yellow", "other": "black on cyan",
}  # fmt: skip
DENIED: Final = "strike dim"
_NUMERALS: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_WEIGHTIEST_FIRST: Final[tuple[Group, ...]] = ("above", "heat", "demand", "cause", "other")


def marked(text: str, marks: tuple[ShownMark, ...]) -> Text:
    """`text` with each mark in the style of its weightiest sign, its number behind it."""
    edges = {0, len(text)} | {mark.start for mark in marks} | {mark.end for mark in marks}
    borders = sorted(edge for edge in edges if edge <= len(text))
    shown = Text()
    for start, end in pairwise(borders):
        over = [mark for mark in marks if mark.start <= start and end <= mark.end]
        shown.append(text[start:end], style=_style(over))
        for number in dict.fromkeys(mark.number for mark in over if mark.end == end):
            shown.append(superscript(number), style="bold")
    return shown


def superscript(number: int) -> str:
    """The number of a mark as it stands in the text."""
    return str(number).translate(_NUMERALS)


def weight(group: Group) -> int:
    """How much a group of signs weighs when a place speaks to several: less is weightier."""
    return _WEIGHTIEST_FIRST.index(group)


def _style(over: list[ShownMark]) -> str:
    counting = [mark for mark in over if not mark.denied]
    if not counting:
        return DENIED if over else ""
    return STYLES[min((mark.group for mark in counting), key=weight)]
