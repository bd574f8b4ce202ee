"""What an explanation holds, as it is answered in JSON and drawn in a terminal."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from shared.events.envelope import Language

PersonalState = Literal["none", "masked", "revealed", "erased"]


Group = Literal["above", "demand", "heat", "cause", "other"]


class SeenFact(Struct, frozen=True, omit_defaults=True):
    """A fact as the rule saw it: its name in the pack's vocabulary, its value, and both in words."""

    name: str
    value: bool | int | str
    says: str


class ShownMark(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A piece of evidence: characters [start, end) of the text; `words` only for who may read them.

    `denied`: negated or somebody else's words, so that it counted for nothing. `group` says what it speaks to.
    """

    number: int
    signal: str
    group: Group
    says: str
    start: int
    end: int
    denied: bool = False
    words: str = ""


class ShownRule(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A rule whose condition held. `lost_to` is the rule that decided instead, "" where it won or counts beside others.

    `points` is what a row of the score adds.
    """

    rule: str
    says: str
    won: bool
    lost_to: str = ""
    points: int | None = None
    when: str = ""
    saw: tuple[SeenFact, ...] = ()


class ShownTable(Struct, frozen=True):
    """One question that was decided, the rules that held, the one that decided first."""

    table: str
    question: str
    rules: tuple[ShownRule, ...]


class Conclusion(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What was concluded: `value` as it is recorded, `says` in words, `why` the reasons of the rules that decided."""

    name: str
    label: str
    value: bool | int | str | tuple[str, ...]
    says: str
    why: tuple[str, ...] = ()
    marks: tuple[int, ...] = ()


class ShownTactic(Struct, frozen=True):
    """A way of talking with this customer."""

    id: str
    name: str
    step: str
    fit: str
    say: str
    avoid: str


class ShownArticle(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What an article says that the cause at hand touches; whatever is not `primary` carries `caution`."""

    id: str
    title: str
    number: str = ""
    says: str
    cited: str
    source: str = ""
    source_quality: Literal["primary", "secondary", "memory"]
    caution: str = ""


class ShownPack(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The pack that decided; `known` is false where its body is not at hand: then rules go by their ids alone."""

    content_hash: str
    name: str = ""
    title: str = ""
    known: bool = True


class Explanation(Struct, frozen=True, kw_only=True):
    """Why one decision was taken as it was. `event` is the decision itself, as it stands in the log."""

    revision: int
    because: str
    received_at: datetime
    decided_at: datetime | None
    pack: ShownPack
    control_offset: int | None
    summary: str
    conclusions: tuple[Conclusion, ...]
    marks: tuple[ShownMark, ...]
    history: tuple[SeenFact, ...]
    tables: tuple[ShownTable, ...]
    tactics: tuple[ShownTactic, ...]
    articles: tuple[ShownArticle, ...]
    event: Annotated[dict[str, object], Meta(description="kesu.complaint.routed.v1")]


class Decisions(Struct, frozen=True, kw_only=True):
    """Every decision about a complaint, the latest last. `text` is "" unless `text_state` is revealed."""

    complaint_id: str
    lang: Language
    text_state: PersonalState
    text: str
    revisions: tuple[Explanation, ...]
