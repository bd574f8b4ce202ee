"""The customer behind the complaint: motives, latent demands, types, and what the case may do in public (domain 3.1 to 3.5)."""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import compress
from operator import ge
from typing import Final

from msgspec import Struct

from services.routing.model import Case
from services.routing.policy.profile import (
    CASE,
    PACE_FROM,
    WAITED_HOURS,
    MotiveRow,
    Profile,
    TypeRow,
    Weighed,
)
from services.routing.rules.facts import Read
from services.routing.rules.style import mix_styles
from shared.events.intake import Demand
from shared.events.routing import CrossLevel, CrossTarget, History, PublicRisk, RuleFired

_MEMO_MAX: Final = 4_096  # mixtures per typology
_RAISED: Final = 6
_HIGH: Final = 8
_STYLE_SHARE: Final = 34  # percent from which a style counts
_CONSIDERABLE: Final = 10  # an amount from a tenth of the limit on
_MOTIVES_MAX: Final = 3
_LATENT_MAX: Final = 3


class Seen(Struct, frozen=True, kw_only=True):
    """What was already decided about the case when its profile is read."""

    is_complaint: bool
    cross_level: CrossLevel
    cross_target: CrossTarget
    cause: str
    demands: tuple[Demand, ...]
    style: tuple[tuple[str, int], ...]


class CaseProfile(Struct, frozen=True):
    """Motives and latent demands, strongest first; types as (typology, type, percent); risk in public and its reasons."""

    motives: tuple[str, ...] = ()
    latent_demands: tuple[Demand, ...] = ()
    types: tuple[tuple[str, str, int], ...] = ()
    public_risk: PublicRisk = "none"
    public_reasons: tuple[str, ...] = ()
    rules: tuple[RuleFired, ...] = ()


NOTHING: Final = CaseProfile()


def read_profile(case: Case, found: Read, seen: Seen, history: History, profile: Profile) -> CaseProfile:
    """Weigh everything the case shows, once. What is no complaint has no profile."""
    if not seen.is_complaint:
        return NOTHING
    points = profile.points(found.reading.said, _shown(case, found, seen, history))
    held = list(compress(profile.numbers, map(ge, points, profile.least)))
    rows, fired = profile.all, profile.fired
    motives = _strongest(profile.motives, held, points)[:_MOTIVES_MAX]
    first, demanded = profile.demands.first, profile.demanded
    latent = [n for n in _strongest(profile.demands, held, points) if demanded[n - first] not in seen.demands]
    del latent[_LATENT_MAX:]
    reasons = _strongest(profile.reasons, held, points)
    risk = _level(profile, sum([points[n] for n in reasons]))
    if risk == "none":
        reasons = []
    return CaseProfile(
        motives=tuple([_motive(rows[n]) for n in motives]),
        latent_demands=tuple([demanded[n - first] for n in latent]),
        types=tuple(_types(profile, points)),
        public_risk=risk,
        public_reasons=tuple([rows[n].id for n in reasons]),
        rules=tuple([fired[n] for n in (*motives, *latent, *reasons)]),
    )


def _shown(case: Case, found: Read, seen: Seen, history: History) -> list[str]:
    """What the case shows beside its words, under the names of `policy.profile.SHOWN`."""
    shown = ["channel." + case.channel, "customer." + case.customer_tier, "cause." + seen.cause]
    if seen.cross_level != "none":
        shown += ("cross." + seen.cross_level, "target." + seen.cross_target)
    shown += ["demand." + demand for demand in seen.demands]
    shown += ["style." + style for style, share in seen.style if share >= _STYLE_SHARE]
    if found.emotion >= _RAISED:
        shown.append("emotion.high" if found.emotion >= _HIGH else "emotion.raised")
    shown += compress(
        CASE,
        (
            found.abuse, found.danger, found.vulnerable, found.outage, found.group, found.repeat, case.is_public_post,
            found.cross.tagged, history.promises_broken_90d, history.complaints_30d, found.times.deadline_hours,
            found.amount and found.amount.minor * _CONSIDERABLE >= found.amount_limit,
        ),
    )  # fmt: skip
    if found.reading.tagged:
        shown += found.reading.tagged
    if found.times.waited_hours:
        shown += _reached(WAITED_HOURS, found.times.waited_hours)
    if history.similar_24h:
        shown += _reached(PACE_FROM, history.similar_24h)
    return shown


def _reached(steps: dict[str, int], number: int) -> list[str]:
    return [name for name, least in steps.items() if number >= least]


def _strongest(group: Weighed, held: list[int], points: bytes) -> list[int]:
    """The rows of `group` that hold, most points first; the pack's order where they are equal."""
    mine = held[bisect_left(held, group.first) : bisect_left(held, group.end)]
    if len(mine) > 1:
        mine.sort(key=points.__getitem__, reverse=True)  # stable: equals stay in the pack's order
    return mine


def _motive(row: TypeRow) -> str:
    assert isinstance(row, MotiveRow)
    return row.motive


def _level(profile: Profile, total: int) -> PublicRisk:
    reached: PublicRisk = "none"
    for level, least in profile.levels:
        if total >= least:
            reached = level
    return reached


def _types(profile: Profile, points: bytes) -> Iterator[tuple[str, str, int]]:
    """Per typology the types that show, in percent of each other, heaviest first; remembered, as few mixtures occur."""
    for typology in profile.typologies:
        key = points[typology.first : typology.end]
        found = typology.memo.get(key)
        if found is None:
            rows = zip(typology.rows, key, strict=True)
            shares = mix_styles({row.id: has for row, has in rows if has >= row.least})
            if len(typology.memo) >= _MEMO_MAX:
                typology.memo.clear()
            found = typology.memo[key] = tuple((typology.name, *share) for share in shares)
        yield from found
