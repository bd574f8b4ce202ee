"""The systems that complaints come from, and the numbers they give them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from kesu.generator.dice import Dice
from kesu.generator.mixture import Matter
from shared.events.intake import Channel

_SOURCES: Final[Mapping[Channel, tuple[str, str]]] = {
    "hotline": ("hotline-ccs", "HL"), "web": ("web-form", "WB"), "app": ("mobile-app", "AP"),
    "shop": ("shop-desk", "SH"), "social": ("social-listening", "SC"), "regulator": ("regulator-12300", "RG"),
    "email": ("mailbox", "EM"), "other": ("partner-gateway", "PG"),
}  # fmt: skip
_BODIES: Final[Mapping[str, tuple[str, str]]] = {
    "government_hotline": ("government-12345", "GV"),
    "consumer_association": ("consumer-12315", "CA"),
}
_DESKS: Final = frozenset({"hotline", "shop", "regulator"})
_AGENTS: Final = 180


def source_of(matter: Matter) -> tuple[str, str]:
    """The name of the system a matter came through, and the prefix of its numbers."""
    if matter.channel == "regulator" and matter.cross_target in _BODIES:
        return _BODIES[matter.cross_target]
    return _SOURCES[matter.channel]


def number(prefix: str, at: datetime, *, run: str, serial: int) -> str:
    """A submission's number at its source: unlike any other of this run, and of runs with another seed."""
    return f"{prefix}{at:%Y%m%d}-{run}-{serial:07d}"


def taken_by(dice: Dice, channel: Channel) -> str:
    """The agent who took it, where a person did."""
    return f"agent-{dice.whole(1, _AGENTS):03d}" if channel in _DESKS else ""
