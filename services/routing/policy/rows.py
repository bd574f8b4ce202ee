"""What the tables of a pack hold: one struct per table, so that a wrong value is found when the pack is loaded."""

from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import Struct

from services.routing.model import Currency
from services.routing.policy.advice_rows import TacticRow
from services.routing.policy.tables import Row, Table
from shared.events.envelope import Minutes
from shared.events.intake import Demand, PromiseKind
from shared.events.routing import (
    Cause,
    CrossLevel,
    CrossTarget,
    HandlerLevel,
    MatterKind,
    Responsibility,
    Severity,
    Strategy,
    Tier,
)

Matrix = Literal["product", "service", "process", "attitude"]


class CausePair(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A thing (one of `object`) to which something happened (one of `predicate`): what the two weigh together.

    `near` is how many characters may stand between the two; 0: anywhere in the text.
    """

    object: tuple[str, ...]
    predicate: tuple[str, ...]
    points: int
    near: int = 0


class CauseRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A sub-cause: the cause and matrix cell it belongs to, what its signs weigh, what its customers usually want.

    `rules` are the regulations and contracts it touches, as references.
    """

    id: str
    zh: str
    en: str
    cause: Cause
    matrix: Matrix
    signs: dict[str, int]
    pairs: tuple[CausePair, ...] = ()
    demands: tuple[Demand, ...] = ()
    rules: tuple[str, ...] = ()


class Points(Struct, frozen=True, forbid_unknown_fields=True):
    """What each signal weighs for the kind of matter, a repeat, the emotion and the customer's style."""

    kind: dict[MatterKind, dict[str, int]]
    repeat: dict[str, int]
    emotion: dict[str, int]
    style: dict[Literal["analytical", "dominant", "expressive", "steady"], dict[str, int]]


class KindRow(Row, frozen=True, kw_only=True):
    """What kind of matter it is."""

    kind: MatterKind


class CrossRow(Row, frozen=True, kw_only=True):
    """`target` is fixed by the row, or read from the fact `target_from`."""

    level: CrossLevel
    target: CrossTarget = ""
    target_from: Literal["", "tagged_target", "filed_target", "threatened_target", "case_number_of"] = ""


class NoteRow(Row, frozen=True, kw_only=True):
    """A row that notes something about the case, under a name of its own."""

    note: str


class ScoreRow(Row, frozen=True, kw_only=True):
    """What the row adds to the score of a complaint; may be negative."""

    points: int


class SeverityRow(Row, frozen=True, kw_only=True):
    """`score_from` is the least score with which the row holds; None: any."""

    severity: Severity
    score_from: int | None = None


class ResponsibilityRow(Row, frozen=True, kw_only=True):
    """Who has to solve it."""

    responsibility: Responsibility


class UnitRow(Row, frozen=True, kw_only=True):
    """`by_region`: the unit has one branch per region of the pack, written `unit.region`."""

    unit: str
    by_region: bool = False


class TierRow(Row, frozen=True, kw_only=True):
    """The tier the row asks for; the highest asked for counts."""

    tier: Tier


class LevelRow(Row, frozen=True, kw_only=True):
    """The level of handler the row asks for; the highest asked for counts."""

    level: HandlerLevel


class StrategyRow(Row, frozen=True, kw_only=True):
    """How the complaint is handled."""

    strategy: Strategy


class Granted(Struct, frozen=True, forbid_unknown_fields=True):
    """A time granted: minutes of working time, or of any time."""

    kind: PromiseKind
    minutes: Minutes
    working: bool = True


class PromiseRow(Row, frozen=True, kw_only=True):
    """The times granted, in the order in which they fall due."""

    promises: tuple[Granted, ...]


class ClockRow(Row, frozen=True, kw_only=True):
    """A regulator's clock, for complaints received from `effective_from` to `effective_to` (included, `time_zone`)."""

    days: int
    source: str
    source_quality: Literal["primary", "secondary", "memory"]
    time_zone: str
    working: bool = False
    effective_from: date | None = None
    effective_to: date | None = None
    enabled: bool = True

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.time_zone)
        except (ValueError, LookupError, OSError):
            raise ValueError(f"time_zone: {self.time_zone!r} is no time zone") from None


class Tables(Struct, frozen=True, kw_only=True):
    """The decision tables of a pack, in the order in which they are walked."""

    kind: Table[KindRow]
    cross_level: Table[CrossRow]
    cross_reason: Table[NoteRow]
    difficult: Table[NoteRow]
    score: Table[ScoreRow]
    severity: Table[SeverityRow]
    responsibility: Table[ResponsibilityRow]
    unit: Table[UnitRow]
    tier: Table[TierRow]
    handler_level: Table[LevelRow]
    strategy: Table[StrategyRow]
    promises: Table[PromiseRow]
    clocks: Table[ClockRow]
    tactics: Table[TacticRow]


HeatCount = Literal[
    "exclamations",  # marks in the whole text
    "questions",
    "length",  # characters; in English three count as one
    "insults",  # places of signal `abuse`, at most three
    "repeat",  # times before
    "displeasure",  # points of a complaint over those of a question, praise and talk
]


class Heat(Struct, frozen=True, forbid_unknown_fields=True):
    """How heated a customer is, in points of the pack's own scale, of which points.yaml says what each signal adds.

    Everybody starts at `base`. `steps` add points for each number that a count reaches, so that more of the same
    adds less and less. `degrees` are the points from which the emotion is 2, 3, … 10. Both must rise.
    """

    base: int
    steps: dict[HeatCount, dict[int, int]]
    shouted: int
    broken_promise: int
    degrees: tuple[int, int, int, int, int, int, int, int, int]

    def __post_init__(self) -> None:
        for numbers in (self.degrees, *map(tuple, self.steps.values())):
            if list(numbers) != sorted(set(numbers)):
                raise ValueError(f"the numbers must rise: {list(numbers)}")


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """A pack's own numbers: limits in minor units by currency, regions by the words that name them, what heats."""

    name: str
    zh: str
    en: str
    amount_limits: dict[Currency, int]
    regions: dict[str, tuple[str, ...]]
    heat: Heat
    priority: dict[Severity, int]
