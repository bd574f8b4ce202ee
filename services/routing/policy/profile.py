"""Profiles: what a case shows, weighed for motives, latent demands, risks in public and any typology a pack brings."""

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Final, Literal, TypeVar, get_args

from msgspec import Meta, Struct

from services.routing.policy.advice import Said, Text
from services.routing.policy.documents import Documents
from services.routing.policy.errors import PackError
from shared.events.intake import Channel, CustomerTier, Demand
from shared.events.routing import Cause, CrossLevel, CrossTarget, PublicRisk, RuleFired

WAITED_HOURS: Final = {"waited.day": 24, "waited.week": 7 * 24, "waited.month": 30 * 24}
PACE_FROM: Final = {"pace.5": 5, "pace.20": 20, "pace.100": 100}
"""Similar complaints in a day, from which they count."""
CASE: Final = (
    "case.abuse", "case.danger", "case.vulnerable", "case.outage", "case.group", "case.repeat", "case.public", "case.tagged",
    "case.promise_broken", "case.came_before", "case.deadline", "case.amount_high",
)  # fmt: skip
STYLES: Final = ("analytical", "dominant", "expressive", "steady")

_LANE_BITS: Final = 8
_LANE_MAX: Final = 255

SHOWN: Final[frozenset[str]] = frozenset(
    [
        *(f"channel.{name}" for name in get_args(Channel)),
        *(f"customer.{name}" for name in get_args(CustomerTier)),
        *(f"cause.{name}" for name in get_args(Cause)),
        *(f"demand.{name}" for name in get_args(Demand)),
        *(f"cross.{name}" for name in get_args(CrossLevel)),
        *(f"target.{name}" for name in get_args(CrossTarget) if name),
        *CASE,
        *(f"style.{name}" for name in STYLES),
        *("emotion.raised", "emotion.high"),
        *WAITED_HOURS,
        *PACE_FROM,
    ]
)
"""What a row may weigh beside the signals of the lexicons."""


T = TypeVar("T")
Points = Annotated[int, Meta(ge=1, le=100)]


class TypeRow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A motive, demand, reason or type: what it is called, and the points of each sign of it (`abuse: 2`, `cause.price: 1`).

    It is read from `least` points on. `meets`: what helps with it, for the people who handle the complaint.
    """

    id: str
    zh: Text
    en: Text
    least: Annotated[int, Meta(ge=1)] = 1
    signs: dict[str, Points]
    meets: Said | None = None


class MotiveRow(TypeRow, frozen=True, kw_only=True):
    """A motive (domain 2): what the customer is after behind what is asked for; `motive` is its name in figures."""

    motive: str
    side: Literal["emotional", "rational"]


class DemandRow(TypeRow, frozen=True, kw_only=True):
    """A demand that customers rarely say and usually have (domain 3.1)."""

    demand: Demand


class Risk(Struct, frozen=True, forbid_unknown_fields=True):
    """Public-opinion risk: its reasons, and the points from which it is low, medium and high."""

    levels: dict[PublicRisk, int]
    reasons: tuple[TypeRow, ...]

    def __post_init__(self) -> None:
        if list(self.levels) != ["low", "medium", "high"] or sorted(set(self.levels.values())) != list(
            self.levels.values()
        ):
            raise ValueError("levels: low, medium and high must be given, in rising order")


class Typology(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A way to sort customers, by types of which a mixture is allowed."""

    id: str
    zh: Text
    en: Text
    types: tuple[TypeRow, ...]


class Weighed(Struct, frozen=True):
    """Rows that are weighed together: they are [first, end) of all. `memo` keeps what a mixture of points comes to."""

    name: str
    first: int
    end: int
    rows: tuple[TypeRow, ...]
    memo: dict[bytes, tuple[tuple[str, str, int], ...]]


class Profile(Struct, frozen=True, kw_only=True):
    """All of them made ready for one pass. `demanded` are the demands of the latent ones, in their order. `all` are the rows in the order in which they are numbered, `fired` how each
    stands on the trail, `least` the points each needs, `by_sign` the points of every row as one number of 8-bit lanes.
    """

    by_sign: dict[str, int]
    all: tuple[TypeRow, ...]
    fired: tuple[RuleFired, ...]
    least: tuple[int, ...]
    numbers: range
    demanded: tuple[Demand, ...]
    motives: Weighed
    demands: Weighed
    reasons: Weighed
    typologies: tuple[Weighed, ...]
    levels: tuple[tuple[PublicRisk, int], ...]

    def points(self, said: Mapping[str, object], shown: Sequence[str]) -> bytes:
        """The points of every row for the signals `said` and what else is `shown`."""
        by_sign = self.by_sign
        total = sum(map(by_sign.__getitem__, by_sign.keys() & said.keys()))
        for sign in shown:
            total += by_sign.get(sign, 0)
        return total.to_bytes(len(self.all), "little")


def build_profile(files: Documents, signals: Collection[str]) -> Profile:
    """Read `motives`, `latent_demands`, `public_risk` and `typologies` (each may be missing); raises PackError."""
    risk = files.one("public_risk", Risk) if "public_risk" in files.trees else None
    typologies = _rows(files, "typologies", Typology)
    latent = _rows(files, "latent_demands", DemandRow)
    groups: list[tuple[str, Sequence[TypeRow]]] = [
        ("motives", _rows(files, "motives", MotiveRow)),
        ("latent_demands", latent),
        ("public_risk", risk.reasons if risk else ()),
        *[(typology.id, typology.types) for typology in typologies],
    ]
    by_sign: dict[str, int] = {}
    weighed: list[Weighed] = []
    all_rows: list[TypeRow] = []
    for table, rows in groups:
        weighed.append(Weighed(table, len(all_rows), len(all_rows) + len(rows), tuple(rows), {}))
        for row in rows:
            _add(by_sign, table, row, lane=len(all_rows), signals=signals)
            all_rows.append(row)
    return Profile(
        by_sign=by_sign,
        all=tuple(all_rows),
        fired=tuple(RuleFired(table, row.id) for table, rows in groups for row in rows),
        least=tuple(row.least for row in all_rows),
        numbers=range(len(all_rows)),
        demanded=tuple(row.demand for row in latent),
        motives=weighed[0],
        demands=weighed[1],
        reasons=weighed[2],
        typologies=tuple(weighed[3:]),
        levels=tuple(risk.levels.items()) if risk else (),
    )


def _rows(files: Documents, name: str, type_: type[T]) -> Sequence[T]:
    return files.many(name, type_) if name in files.trees else ()


def _add(by_sign: dict[str, int], table: str, row: TypeRow, *, lane: int, signals: Collection[str]) -> None:
    if sum(row.signs.values()) > _LANE_MAX:
        raise PackError(
            table=table, row=row.id, zh=f"分数合计超过 {_LANE_MAX}", en=f"more than {_LANE_MAX} points in all"
        )
    for sign, points in row.signs.items():
        if sign not in signals and sign not in SHOWN:
            raise PackError(table=table, row=row.id, zh=f"没有这样的信号或特征：{sign}", en=f"no such sign: {sign}")
        by_sign[sign] = by_sign.get(sign, 0) + (points << _LANE_BITS * lane)
