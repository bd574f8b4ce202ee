"""Rows with labels, from a folder that holds them: nothing of it is part of the project."""

import csv
import gzip
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from kesu.judge.parts import is_unread, part_of
from shared.events.intake import Demand
from shared.events.routing import Cause, CrossLevel, Severity

TEXTS: Final = "telecom_zh.csv.gz"
ONCE: Final = "telecom_zh_train.jsonl"
TWICE: Final = "telecom_zh_labels.jsonl"


class Labels(Struct, frozen=True, kw_only=True):
    """What people say of a row; None where two of them disagreed."""

    id: str
    is_complaint: bool | None
    cause: Cause | None
    cross_level: CrossLevel | None
    abuse: bool | None
    repeat: bool | None
    severity: Severity | None
    emotion: float | None
    also: tuple[Cause, ...] = ()
    demands: tuple[Demand, ...] = ()


class LabelledRow(Struct, frozen=True, kw_only=True):
    """A text with its labels. `part` is by `parts.part_of`; `unread`: nobody reads it."""

    text: str
    labels: Labels
    part: int
    unread: bool


class Labelled(Struct, frozen=True):
    """All rows there are: labelled once, and labelled twice by two who did not know of each other."""

    once: tuple[LabelledRow, ...]
    twice: tuple[LabelledRow, ...]


class NoLabels(Exception):
    """The folder does not hold what is needed: `zh` and `en` say what is missing."""

    def __init__(self, *, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


def load_labelled(folder: Path) -> Labelled:
    """The rows in `folder`; raises NoLabels."""
    missing = [name for name in (TEXTS, ONCE, TWICE) if not (folder / name).is_file()]
    if missing:
        names = ", ".join(missing)
        raise NoLabels(zh=f"{folder} 中没有 {names}", en=f"{folder} does not hold {names}")
    with gzip.open(folder / TEXTS, "rt", encoding="utf-8-sig", newline="") as file:
        texts = {row["id"]: row["text"] for row in csv.DictReader(file)}
    return Labelled(_rows(folder / ONCE, texts, twice=False), _rows(folder / TWICE, texts, twice=True))


def _rows(path: Path, texts: dict[str, str], *, twice: bool) -> tuple[LabelledRow, ...]:
    try:
        labels = msgspec.json.Decoder(Labels).decode_lines(path.read_bytes())
        return tuple(
            LabelledRow(text=texts[one.id], labels=one, part=part_of(one.id), unread=twice or is_unread(one.id))
            for one in labels
        )
    except msgspec.DecodeError as error:
        raise NoLabels(zh=f"{path.name} 读不懂：{error}", en=f"{path.name} cannot be read: {error}") from None
    except KeyError as error:
        raise NoLabels(zh=f"{TEXTS} 中没有 {error}", en=f"{TEXTS} has no {error}") from None
