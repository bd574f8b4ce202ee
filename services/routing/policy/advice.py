"""What a pack says to the people who handle complaints: tactics, articles, names of signals, and words to avoid."""

from collections.abc import Hashable
from typing import Annotated, Final, Literal, TypeVar, get_args

from msgspec import Meta, Struct, field

from services.routing.policy.documents import Documents
from services.routing.policy.errors import PackError
from services.routing.policy.tables import Row, Table
from shared.events.envelope import Language
from shared.events.intake import Demand
from shared.events.routing import Cause, CrossLevel, HandlerLevel, MatterKind, Responsibility, Severity, Strategy

Step = Literal["feeling", "matter", "expectation"]
Warmth = Literal["calm", "raised", "high"]
Flaw = Literal[
    "negative_opening", "jargon", "rhetorical", "absolute_promise", "promise_without_date", "beyond_authority",
    "blame", "internal_term", "hasty_justification", "perfunctory", "talking_down",
]  # fmt: skip
Text = Annotated[str, Meta(min_length=1, max_length=1000)]
Words = Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=80)], ...], Meta(max_length=200)]

# What a tactic may fit, with the values there are (None: the pack's own names).
FITS: Final[dict[str, frozenset[str] | None]] = {
    "style": None,
    "difficult": None,
    "emotion": frozenset(get_args(Warmth)),
    "cause": frozenset(get_args(Cause)),
    "sub_cause": None,
    "kind": frozenset(get_args(MatterKind)),
    "cross_level": frozenset(get_args(CrossLevel)),
    "severity": frozenset(get_args(Severity)),
    "responsibility": frozenset(get_args(Responsibility)),
    "strategy": frozenset(get_args(Strategy)),
    "demand": frozenset(get_args(Demand)),
    "case": frozenset({"abuse", "repeat", "group", "vulnerable", "outage"}),
}


class Said(Struct, frozen=True, forbid_unknown_fields=True):
    """A text in both languages."""

    zh: Text
    en: Text

    def of(self, lang: Language) -> str:
        """The text in `lang`."""
        return self.zh if lang == "zh" else self.en


class TacticRow(Row, frozen=True, kw_only=True):
    """A way of talking with the customer: the step it serves, what it fits (`style.dominant: 2`), what to say and avoid.

    `zh` and `en` are its name; `fit` says in one sentence when it fits.
    """

    step: Step
    fits: dict[str, int] = field(default_factory=dict)
    fit: Said
    say: Said
    avoid: Said

    def __post_init__(self) -> None:
        for name in self.fits:
            axis, _, value = name.partition(".")
            known = FITS.get(axis, frozenset())
            if not value or (known is not None and value not in known):
                raise ValueError(f"fits: {name!r} is nothing a tactic can fit")


class Article(Struct, frozen=True, forbid_unknown_fields=True):
    """What one article says, in our words; `number` is "" where the source has none."""

    says: Said
    number: str = ""
    causes: tuple[str, ...] = ()


class ArticleRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A law, regulation or contract that causes refer to by `id`: its title, where its text is, and its articles.

    An article with `causes` is shown for these causes and sub-causes only.
    """

    id: str
    zh: Text
    en: Text
    source: str
    source_quality: Literal["primary", "secondary", "memory"]
    articles: tuple[Article, ...]


class NameRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a signal, or a note of a table, is called in front of people."""

    id: str
    zh: Text
    en: Text


class PhraseRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words to avoid towards customers, by language: what is wrong with them, why, and what to say instead.

    A word may hold one gap ("难道…吗"), exceptions before and after it ("(?<!无法)保证", "不可以(?!吗)"), and a trailing * where
    a Latin word may go on. `needs_date`: wrong only in a sentence that names no time. `authority`: wrong for handlers below.
    """

    id: str
    flaw: Flaw
    zh: Text
    en: Text
    better: Said
    words_zh: Words = ()
    words_en: Words = ()
    opening: bool = False
    needs_date: bool = False
    authority: HandlerLevel | None = None


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
    phrases: tuple[PhraseRow, ...]


def build_advice(files: Documents, tactics: Table[TacticRow]) -> Advice:
    """Read `articles`, `names` and `language_check` of a pack (all may be missing), and index its tactics.

    Raises PackError for a row that does not fit, an id that stands twice, or a phrase without words.
    """
    fits: dict[str, list[tuple[int, int]]] = {}
    for number, rule in enumerate(tactics.rules):
        for name, points in rule.row.fits.items():
            fits.setdefault(name, []).append((number, points))
    phrases = _by_id(files, "language_check", PhraseRow)
    for row in phrases.values():
        if not row.words_zh and not row.words_en:
            raise PackError(table="language_check", row=row.id, zh="没有任何词语", en="it has no words")
    return Advice(
        ranked={},
        sub_causes=frozenset(name.partition(".")[2] for name in fits if name.startswith("sub_cause.")),
        fits={name: tuple(found) for name, found in fits.items()},
        articles=_by_id(files, "articles", ArticleRow),
        names=_by_id(files, "names", NameRow),
        phrases=tuple(phrases.values()),
    )


def _by_id(files: Documents, name: str, type_: type[Numbered]) -> dict[str, Numbered]:
    found: dict[str, Numbered] = {}
    for row in files.many(name, type_) if name in files.trees else ():
        if row.id in found:
            raise PackError(table=name, row=row.id, zh="编号已被使用", en="this id is already used")
        found[row.id] = row
    return found
