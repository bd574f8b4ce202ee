"""The rows of what a pack says to the people who handle complaints: tactics, articles, names, and words to avoid."""

from typing import Annotated, Final, Literal, get_args

from msgspec import Meta, Struct, field

from services.routing.policy.tables import Row
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
    """What one article says, in our words; `number` is how it is cited, where the source has numbers."""

    says: Said
    number: Said | None = None
    causes: tuple[str, ...] = ()


class ArticleRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A law, regulation or contract that causes refer to by `id`: its title, how it is cited, where its text is, and its articles.

    An article with `causes` is shown for these causes and sub-causes only. `clocks`: shown too while one of them runs.
    """

    id: str
    zh: Text
    en: Text
    cited: Said
    source: str = ""
    source_quality: Literal["primary", "secondary", "memory"]
    clocks: tuple[str, ...] = ()
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
