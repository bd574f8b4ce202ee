"""What a pack says to the people who handle complaints, made ready: tactics, articles, names, and words to avoid."""

from collections.abc import Hashable
from typing import TypeVar

from msgspec import Struct

from services.routing.policy.advice_rows import ArticleRow, NameRow, PhraseRow, Said, TacticRow, Text
from services.routing.policy.documents import Documents
from services.routing.policy.errors import PackError
from services.routing.policy.phrases import Phrases, make_phrases
from services.routing.policy.tables import Table

__all__ = ["Advice", "ArticleRow", "NameRow", "PhraseRow", "Said", "TacticRow", "Text", "build_advice"]

Numbered = TypeVar("Numbered", ArticleRow, NameRow, PhraseRow)


class Advice(Struct, frozen=True, kw_only=True):
    """All of it. `fits`: by what a case shows ("style.dominant"), the rows of table `tactics` it counts for, and points.

    `sub_causes` are those that any tactic fits; `ranked` remembers which rows fit a combination.
    """

    sub_causes: frozenset[str]
    ranked: dict[Hashable, tuple[int, ...]]
    fits: dict[str, tuple[tuple[int, int], ...]]
    articles: dict[str, ArticleRow]
    names: dict[str, NameRow]
    phrases: Phrases


def build_advice(files: Documents, tactics: Table[TacticRow]) -> Advice:
    """Read `articles`, `names` and `language_check` of a pack (all may be missing), and index its tactics.

    Raises PackError for a row that does not fit, an id that stands twice, or a phrase that cannot be read.
    """
    fits: dict[str, list[tuple[int, int]]] = {}
    for number, rule in enumerate(tactics.rules):
        for name, points in rule.row.fits.items():
            fits.setdefault(name, []).append((number, points))
    return Advice(
        ranked={},
        sub_causes=frozenset(name.partition(".")[2] for name in fits if name.startswith("sub_cause.")),
        fits={name: tuple(found) for name, found in fits.items()},
        articles=_by_id(files, "articles", ArticleRow),
        names=_by_id(files, "names", NameRow),
        phrases=make_phrases(tuple(_by_id(files, "language_check", PhraseRow).values())),
    )


def _by_id(files: Documents, name: str, type_: type[Numbered]) -> dict[str, Numbered]:
    found: dict[str, Numbered] = {}
    for row in files.many(name, type_) if name in files.trees else ():
        if row.id in found:
            raise PackError(table=name, row=row.id, zh="编号已被使用", en="this id is already used")
        found[row.id] = row
    return found
