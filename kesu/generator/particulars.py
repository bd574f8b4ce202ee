"""The particulars of one matter: amounts, dates, products and places, the same in its words and in its key facts."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from kesu.generator.dice import Dice
from kesu.generator.mixture import Matter
from kesu.generator.people import Person, zone
from kesu.generator.phrases import table
from kesu.generator.truth import SubCause

_NUMERALS: Final = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_PRODUCTS: Final[Mapping[SubCause, str]] = {
    "mobile_signal": "mobile", "data_traffic": "mobile", "service_provider_charge": "mobile", "plan_content": "mobile",
    "broadband": "broadband", "network_resources": "broadband", "repeated_fault": "broadband",
    "terminal_quality": "device", "after_sales": "device", "delivery_late": "device",
}  # fmt: skip


class Particulars(dict[str, str]):
    """What fills the slots of a text: each worked out when a phrase first asks for it, and then kept."""

    def __init__(self, dice: Dice, matter: Matter, person: Person, at: datetime) -> None:
        self.dice = dice
        self.matter = matter
        self.person = person
        self.now = at.astimezone(zone(person.place.time_zone))
        self.zh = matter.lang == "zh"
        known = table("customers")[matter.lang]
        self.model = dice.one(known["device"])
        kind = _PRODUCTS.get(matter.sub_cause, "product")
        self.product = self.model if kind == "device" else dice.one(known[kind])
        self.started_at = self.now - timedelta(days=1 + int(dice.random() ** 2 * 40), minutes=dice.whole(0, 700))
        self.bought_on: date = (self.now - timedelta(days=dice.whole(30, 700))).date()
        self.due_at = (self.started_at + (self.now - self.started_at) * dice.random()).replace(
            hour=dice.whole(9, 18), minute=0, second=0, microsecond=0
        )
        self.amount_minor = _amount_minor(dice, device=kind == "device", large=matter.cause == "price")
        self.billed_minor = self.amount_minor + 100 * dice.whole(9, 199)
        self.order = f"{'DD' if self.zh else 'ORD-'}{self.now:%y%m%d}{dice.whole(10_000, 99_999)}"

    def __missing__(self, name: str) -> str:
        self[name] = said = _SAID[name](self)
        return said

    def day(self, when: date) -> str:
        """A date as people say it."""
        if not self.zh:
            return f"{_MONTHS[when.month - 1]} {when.day}"
        return f"{when.month}月{when.day}{'日' if self.dice.random() < 0.6 else '号'}"

    def dated(self, when: date) -> str:
        """A date with its year."""
        return f"{when.year}年{when.month}月{when.day}日" if self.zh else f"{self.day(when)}, {when.year}"

    def money(self, minor: int) -> str:
        """An amount as people write it; the unit comes from the phrase in Chinese, from here in English."""
        whole, rest = divmod(minor, 100)
        if self.zh:
            return f"{whole}.{rest:02d}".rstrip("0") if rest else f"{whole}"
        return f"${whole}.{rest:02d}" if rest else f"${whole}"

    def last_month(self) -> date:
        """A day of the month whose bill is meant."""
        return self.now.date().replace(day=1) - timedelta(days=1)

    def bill_month(self) -> str:
        """The month of the bill, `2024-03`."""
        return f"{self.last_month():%Y-%m}"


def _amount_minor(dice: Dice, *, device: bool, large: bool) -> int:
    if device:
        return 100 * dice.whole(99, 4999)
    if large and dice.chance(0.1):
        return 100 * dice.whole(1_000, 9_999)
    return 100 * dice.whole(5, 320) + (dice.one((0, 0, 50, 80, 90)) if dice.chance(0.4) else 0)


def _month(p: Particulars) -> str:
    month = p.last_month()
    if not p.zh:
        return _MONTHS[month.month - 1]
    return "上个月" if p.dice.chance(0.3) else f"{month.month}月" if p.dice.chance(0.5) else f"{month.month}月份"


def _due(p: Particulars) -> str:
    if not p.zh:
        return p.day(p.due_at)
    return p.day(p.due_at) + ("上午" if p.due_at.hour < 12 else "下午")


def _place(p: Particulars) -> str:
    place = p.person.place
    if not p.zh:
        return place.city if p.dice.chance(0.7) else f"the {place.estate} area"
    return f"{place.district}{place.estate}" if p.dice.chance(0.7) else place.estate


def _nth(p: Particulars) -> str:
    number = min(p.matter.repeat + 1, 10)
    return _NUMERALS[number] if p.zh and p.dice.chance(0.7) else str(number)


def _case(p: Particulars) -> str:
    return f"{p.now:%Y}{p.dice.whole(100_000, 999_999)}"


def _pronoun(name: str) -> Callable[[Particulars], str]:
    """The word for the customer: as they say it, or as the agent writes it down."""

    def said(p: Particulars) -> str:
        words: list[str] = table(f"{p.matter.lang}_voices")["pronouns"][p["voice"]][name]
        return p.dice.one(words)

    return said


_SAID: Final[Mapping[str, Callable[[Particulars], str]]] = {
    "product": lambda p: p.product,
    "model": lambda p: p.model,
    "speed": lambda p: p.dice.one(table("customers")[p.matter.lang]["speed"]),
    "plan": lambda p: p.dice.one(table("customers")[p.matter.lang]["plan"]),
    "amount": lambda p: p.money(p.amount_minor),
    "billed": lambda p: p.money(p.billed_minor),
    "month": _month,
    "since": lambda p: p.day(p.started_at),
    "days": lambda p: str((p.now - p.started_at).days),
    "date": lambda p: p.day(p.now - timedelta(days=p.dice.whole(1, 9))),
    "due": _due,
    "bought": lambda p: p.dated(p.bought_on),
    "order": lambda p: p.order,
    "place": _place,
    "city": lambda p: p.person.place.city,
    "nth": _nth,
    "case": _case,
    "staff_no": lambda p: str(p.dice.whole(1_000, 9_999)),
    "i": _pronoun("i"),
    "my": _pronoun("my"),
    "you": _pronoun("you"),
}
