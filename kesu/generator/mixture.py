"""What comes in and how often: kinds, causes, channels, tempers and threats, as a centre sees them."""

from typing import Final

from msgspec import Struct

from kesu.generator.dice import Dice, Weighted
from kesu.generator.truth import SubCause
from shared.events.envelope import Language
from shared.events.intake import Channel, Demand
from shared.events.routing import Cause, CrossLevel, CrossTarget, MatterKind, Severity

KINDS: Final[Weighted[MatterKind]] = Weighted({"complaint": 86, "inquiry": 7, "suggestion": 2, "praise": 2, "noise": 3})
BY_CAUSE: Final[dict[Cause, dict[SubCause, float]]] = {
    "tariff": {"service_provider_charge": 8, "data_traffic": 6, "plan_content": 8},
    "product": {
        "broadband": 14, "mobile_signal": 11, "repeated_fault": 3, "line_fault": 4, "network_resources": 3,
        "online_service": 3, "terminal_quality": 3, "after_sales": 2,
    },
    "efficiency": {"installation_late": 5, "repair_late": 5, "service_unreachable": 2.5, "delivery_late": 2},
    "price": {"billing_dispute": 6, "price_dispute": 3, "payment_and_refund": 4},
    "attitude": {"staff_attitude": 4, "evasion": 2, "false_promise": 2},
    "other": {"spam_calls": 1.5, "privacy": 1, "account": 2.5, "nuisance": 0.8, "third_party": 0.7},
}  # fmt: skip
SUB_CAUSES: Final[Weighted[SubCause]] = Weighted({sub: w for subs in BY_CAUSE.values() for sub, w in subs.items()})
CAUSE_OF: Final[dict[SubCause, Cause]] = {sub: cause for cause, subs in BY_CAUSE.items() for sub in subs}
CHANNELS: Final[Weighted[Channel]] = Weighted(
    {"hotline": 46, "app": 14, "web": 12, "social": 12, "shop": 6, "regulator": 4, "email": 4, "other": 2}
)
TARGETS: Final[Weighted[CrossTarget]] = Weighted({
    "regulator": 45, "consumer_association": 15, "government_hotline": 12, "media": 14, "court": 6,
    "headquarters": 6, "police": 2,
})  # fmt: skip
BODIES: Final[Weighted[CrossTarget]] = Weighted({"regulator": 60, "government_hotline": 22, "consumer_association": 18})
TAGGED: Final[Weighted[CrossTarget]] = Weighted(
    {"regulator": 50, "media": 30, "government_hotline": 10, "consumer_association": 10}
)
DEMANDS: Final[dict[Cause, Weighted[Demand]]] = {
    "tariff": Weighted({"refund": 50, "cancellation": 25, "explanation": 20, "compensation": 5}),
    "product": Weighted({"repair": 60, "explanation": 8, "compensation": 14, "replacement": 8, "contact": 10}),
    "efficiency": Weighted({"repair": 40, "compensation": 18, "contact": 20, "cancellation": 12, "explanation": 10}),
    "price": Weighted({"refund": 60, "explanation": 28, "cancellation": 12}),
    "attitude": Weighted({"apology": 48, "discipline": 32, "contact": 20}),
    "other": Weighted({"other": 45, "explanation": 30, "cancellation": 10, "contact": 15}),
}
OUTAGES: Final = frozenset({"broadband", "mobile_signal", "line_fault", "repeated_fault", "repair_late"})
DANGEROUS: Final = frozenset({"line_fault", "terminal_quality", "nuisance"})


class Matter(Struct, frozen=True, kw_only=True):
    """What one submission is to be about and how it is to sound."""

    kind: MatterKind
    lang: Language
    channel: Channel
    sub_cause: SubCause = "unnamed"
    cause: Cause = "other"
    emotion: int = 2
    cross_level: CrossLevel = "none"
    cross_target: CrossTarget = ""
    tags: bool = False
    declines: bool = False
    demands: tuple[Demand, ...] = ()
    abuse: bool = False
    danger: bool = False
    group: bool = False
    vulnerable: bool = False
    repeat: int = 0
    wave: str = ""


def draw_matter(
    dice: Dice, lang: Language, *, sub_cause: SubCause | None = None, repeat: int = 0, wave: str = ""
) -> Matter:
    """A matter by the mixture; with a `sub_cause` it is a complaint about that."""
    channel = dice.weighted(CHANNELS)
    kind: MatterKind = "complaint" if sub_cause or channel == "regulator" else dice.weighted(KINDS)
    if kind != "complaint":
        return Matter(kind=kind, lang=lang, channel=channel)
    about: SubCause = dice.weighted(SUB_CAUSES) if sub_cause is None else sub_cause
    cause = CAUSE_OF[about]
    emotion = _emotion(dice, channel, repeat)
    level, target, tags = _cross_level(dice, channel, emotion)
    return Matter(
        kind=kind, lang=lang, channel=channel, sub_cause=about, cause=cause, emotion=emotion,
        cross_level=level, cross_target=target, tags=tags,
        declines=level == "none" and dice.chance(0.012),
        demands=_demands(dice, cause),
        abuse=emotion >= 7 and dice.chance(0.12 * (emotion - 5)),
        danger=dice.chance(0.02 if about in DANGEROUS else 0.002),
        group=about in OUTAGES and dice.chance(0.9 if wave else 0.08),
        vulnerable=dice.chance(0.04),
        repeat=repeat, wave=wave,
    )  # fmt: skip


def _emotion(dice: Dice, channel: Channel, repeat: int) -> int:
    """1 to 10, around 4 to 5; higher in public, before a regulator, and with every repetition."""
    drawn = (dice.random() + dice.random()) * 4.2 + 0.8 + 0.9 * repeat
    drawn += 0.9 if channel in ("social", "regulator") else 0.0
    drawn += 2.5 if dice.chance(0.05) else 0.0
    return max(1, min(10, round(drawn)))


def _cross_level(dice: Dice, channel: Channel, emotion: int) -> tuple[CrossLevel, CrossTarget, bool]:
    if channel == "regulator":
        return "actual", dice.weighted(BODIES), False
    if channel == "social" and dice.chance(0.08):
        return "actual", dice.weighted(TAGGED), True
    if dice.chance(0.008):
        return "actual", dice.weighted(TARGETS), False
    if dice.chance(0.01 if emotion < 5 else 0.05 * (emotion - 4)):
        return "threatened", dice.weighted(TARGETS), False
    return "none", "", False


def _demands(dice: Dice, cause: Cause) -> tuple[Demand, ...]:
    if dice.chance(0.08):
        return ()
    first, second = dice.weighted(DEMANDS[cause]), dice.weighted(DEMANDS[cause])
    return (first,) if first == second or dice.chance(0.55) else (first, second)


def severity_hint(matter: Matter, *, key_account: bool) -> Severity:
    """How serious `matter` is by the order of domain rule 3.6: a hint, the policy pack decides."""
    if matter.kind != "complaint":
        return "S4"
    threatens = matter.cross_level == "threatened"
    if matter.cross_level == "actual" or (threatens and matter.cross_target == "media"):
        return "S1"
    if matter.danger or key_account or matter.wave or matter.repeat >= 2 or matter.emotion >= 10:
        return "S1"
    score = matter.emotion + 2 * threatens + 2 * matter.repeat + 2 * matter.vulnerable + matter.abuse + matter.group
    return "S2" if score >= 8 else "S3" if score >= 4 else "S4"
