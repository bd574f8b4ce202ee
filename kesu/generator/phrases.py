"""Phrases with slots: read once from the phrasebook, spoken in a few microseconds."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

import yaml

from shared.events.envelope import Language

_SLOT = re.compile(r"\{(\w+)\}")
_BOOKS = ("words", "voices", "problems", "other_matters")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Slot(str):
    """The name of a particular (an amount, a date, a place) that each text fills in for itself."""

    __slots__ = ()


class Choices:
    """Phrases of which one is said at a time; each is literals, slots, and further choices."""

    __slots__ = ("options",)

    def __init__(self) -> None:
        self.options: tuple[Phrase, ...] = ()

    def say(self, random: Callable[[], float], particulars: Mapping[str, str]) -> str:
        """One of the phrases, its slots filled from `particulars`."""
        phrase = self.options[int(random() * len(self.options))]
        if len(phrase) == 1 and type(phrase[0]) is str:
            return phrase[0]
        said = []
        for part in phrase:
            kind = type(part)
            if kind is str:
                said.append(part)
            elif kind is Slot:
                said.append(particulars[part])  # type: ignore[index]
            else:
                said.append(part.say(random, particulars))  # type: ignore[union-attr]
        return "".join(said)  # type: ignore[arg-type]


Part: TypeAlias = str | Slot | Choices
Phrase: TypeAlias = tuple[Part, ...]


@cache
def phrasebook(lang: Language) -> Mapping[str, Choices]:
    """All phrases of a language by dotted name (`threat.media`, `broadband.problem`); read on first use."""
    texts = {name: text for book in _BOOKS for name, text in _flat(table(f"{lang}_{book}"))}
    choices = {name: Choices() for name in texts}
    for name, options in texts.items():
        choices[name].options = tuple(_parsed(option, choices) for option in options)
    return choices


@cache
def table(name: str) -> Any:
    """A YAML table of the phrasebook."""
    return yaml.load((files(__package__) / "phrasebook" / f"{name}.yaml").read_text("utf-8"), Loader=_Loader)


def _flat(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, list[str]]]:
    for name, below in tree.items():
        if isinstance(below, dict):
            yield from _flat(below, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", below


def _parsed(option: str, choices: Mapping[str, Choices]) -> Phrase:
    parts: list[Part] = []
    for index, piece in enumerate(_SLOT.split(option)):
        if index % 2:
            parts.append(choices[piece] if piece in choices else Slot(piece))
        elif piece:
            parts.append(piece)
    return tuple(parts) or ("",)
