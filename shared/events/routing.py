"""What routing publishes: one decision per complaint and revision, with everything it saw."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from shared.events.envelope import ComplaintFact, ControlFact, Minutes
from shared.events.intake import Demand, KeyFacts, KeyFinding, PromiseKind

MatterKind = Literal["complaint", "inquiry", "suggestion", "praise", "noise"]
Cause = Literal["tariff", "product", "efficiency", "price", "attitude", "other"]
CrossLevel = Literal["none", "threatened", "actual"]
CrossTarget = Literal[
    "", "headquarters", "regulator", "consumer_association", "government_hotline", "media", "court", "police"
]
Severity = Literal["S1", "S2", "S3", "S4"]
Tier = Literal["L1", "L2", "L3", "L4"]
HandlerLevel = Literal["junior", "middle", "senior"]
Responsibility = Literal["frontline", "specialist", "unit", "other_party", "not_solvable"]
Strategy = Literal["standard", "cold_handling", "long_haul", "roundabout"]
PublicRisk = Literal["none", "low", "medium", "high"]


class Evidence(Struct, frozen=True, array_like=True):
    """Where in the normalised text a signal stands: characters [start, end); never the words themselves.

    An array on the wire, as there are many of them: `[signal, start, end, negated]`.
    """

    signal: str
    start: int
    end: int
    negated: bool = False


class RuleFired(Struct, frozen=True, array_like=True):
    """One rule of a pack's table whose condition held; `won` is false when a rule before it took the decision.

    An array on the wire: `[table, rule, won]`.
    """

    table: str
    rule: str
    won: bool = True


class History(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What routing knew of the customer when it decided: recorded, so that the decision can be repeated."""

    complaints_30d: int = 0
    same_cause_30d: int = 0
    open_now: int = 0
    promises_broken_90d: int = 0
    similar_24h: int = 0  # complaints of others like this one in the day before; 0 where nobody counts them
    last_received_at: datetime | None = None


class Assessment(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """How the complaint was read (domain 3.1 to 3.6).

    Hours are told by the words: the longest wait, the shortest time the customer gives us, the shortest time somebody had
    promised. `types` are (typology, type, percent) by the pack's typologies. `facts_read` are key facts that stand in the
    words alone, `contradictions` where the words say otherwise than what was recorded (against "text").
    """

    kind: MatterKind
    cause: Cause
    sub_cause: str = ""
    other_causes: tuple[Cause, ...] = ()
    matrix: Literal["product", "service", "process", "attitude"]
    emotion: int
    emotion_stated: bool = False
    cause_stated: bool = False
    abuse: bool = False
    danger: bool = False
    vulnerable: bool = False
    outage: bool = False
    group: bool = False
    repeat: int = 0
    amount_minor: int | None = None
    cross_level: CrossLevel = "none"
    cross_target: CrossTarget = ""
    cross_reason: str = ""
    demands: tuple[Demand, ...] = ()
    latent_demands: tuple[Demand, ...] = ()
    motives: tuple[str, ...] = ()
    waited_hours: int | None = None
    deadline_hours: int | None = None
    promised_hours: int | None = None
    facts_read: KeyFacts = KeyFacts()
    contradictions: tuple[KeyFinding, ...] = ()
    public_risk: PublicRisk = "none"
    public_reasons: tuple[str, ...] = ()
    types: tuple[tuple[str, str, int], ...] = ()
    style: tuple[tuple[str, int], ...] = ()
    difficult: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class PromiseTime(Struct, frozen=True, omit_defaults=True):
    """A time limit the decision grants: `minutes` of working time (or of any time) for a promise of this kind."""

    kind: PromiseKind
    minutes: Minutes
    working: bool = True


class LegalClock(Struct, frozen=True, omit_defaults=True):
    """A regulator's clock that runs, by its row in the pack."""

    id: str
    days: int
    working: bool = False
    source_quality: Literal["primary", "secondary", "memory"] = "primary"


class Decision(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What is to happen (domain 3.6 to 3.10). `tactics`: at most three rows of the pack, in the order to use them."""

    severity: Severity
    priority: int
    responsibility: Responsibility
    unit: str
    tier: Tier
    handler_level: HandlerLevel
    strategy: Strategy
    promises: tuple[PromiseTime, ...]
    clocks: tuple[LegalClock, ...] = ()
    tactics: tuple[str, ...] = ()


class ComplaintRouted(ComplaintFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.complaint.routed.v1"):
    """The decision about a complaint; a later `revision` replaces the one before, `because` names the fact that asked."""

    revision: int = 1
    because: str = "received"
    assessment: Assessment
    decision: Decision
    history: History = History()
    rules: tuple[RuleFired, ...] = ()
    received_at: datetime
    time_zone: str = "Asia/Shanghai"
    channel: str = ""
    usual_hour: int | None = None
    key_complete: bool = True


class PackFinding(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Why a pack was refused: where in it, and what is wrong there."""

    code: str
    table: str
    row: str
    zh: str
    en: str


class PackRefused(ControlFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.pack.refused.v1"):
    """A policy pack that was handed in does not hold: the one in force stays. `findings` are the first of what is wrong."""

    name: str
    content_hash: str
    findings: tuple[PackFinding, ...]


class PackActivated(ControlFact, frozen=True, kw_only=True, omit_defaults=True, tag="kesu.pack.activated.v1"):
    """A policy pack is in force from here on, for complaints of the fact's tenant (`default`: of all without their own)."""

    name: str
    content_hash: str
