"""Invented customers and where they live; telephone numbers lie in ranges that no operator has assigned."""

from functools import cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from kesu.generator.dice import Dice
from kesu.generator.phrases import table
from shared.events.envelope import Language
from shared.events.intake import Channel, CustomerTier
from shared.events.submissions import Customer

_STEP = 48_271  # coprime to 10^8: serial numbers spread over all numbers without meeting again
_NUMBERS = 10**8
_KEY_ACCOUNT_SHARE = 0.02


class Place(Struct, frozen=True):
    """An estate or street; `region` reads from the large to the small, with slashes."""

    region: str
    city: str
    district: str
    estate: str
    time_zone: str
    currency: str
    area_code: str


class Person(Struct, frozen=True, kw_only=True):
    """A customer as the operator knows them; a channel shows a part of it."""

    lang: Language
    name: str
    phone: str
    account: str
    handle: str
    email: str
    address: str
    tier: CustomerTier
    usual_hour: int | None
    place: Place


@cache
def zone(name: str) -> ZoneInfo:
    """The time zone of that name."""
    return ZoneInfo(name)


def draw_place(dice: Dice, lang: Language) -> Place:
    """Somewhere customers live."""
    places = table("places")
    if lang == "zh":
        province, city, districts = dice.one(places["zh"])
        district = dice.one(districts)
        estate = dice.one(places["estate_first"]) + dice.one(places["estate_last"])
        return Place(f"{province}/{city}/{district}", city, district, estate, "Asia/Shanghai", "CNY", "")
    state, city, time_zone, currency, area_code = dice.one(places["en"])
    return Place(f"{state}/{city}", city, city, dice.one(places["street"]), time_zone, currency, area_code)


def draw_person(dice: Dice, lang: Language, place: Place, *, serial: int, offset: int) -> Person:
    """A new customer; `serial` must be new in the run, `offset` comes from its seed."""
    number = f"{(serial * _STEP + offset) % _NUMBERS:08d}"
    known = table("customers")[lang]
    tier = _tier(dice)
    return Person(
        lang=lang,
        name=_name(dice, known, lang, company=tier == "key_account"),
        phone=_zh_phone(dice, number) if lang == "zh" else _us_phone(dice, place, number),
        account=f"KD{number}" if lang == "zh" else f"8155-{number[:4]}-{number[4:]}",
        handle=f"{dice.one(known['handle_first'])}{dice.one(known['handle_last'])}{int(number) % 100_000_000}",
        email=f"user{number}@example.{'cn' if lang == 'zh' else 'com'}",
        address=_address(dice, place, lang),
        tier=tier,
        usual_hour=dice.whole(8, 21) if dice.chance(0.1) else None,
        place=place,
    )


def as_seen(dice: Dice, person: Person, channel: Channel) -> Customer:
    """What `channel` knows of the person; always enough to recognise them by."""
    by_handle = channel == "social"
    with_account = person.lang == "en" and not by_handle
    account = with_account or dice.chance(0.06 if by_handle else 0.9 if channel in ("web", "app", "shop") else 0.55)
    phone = dice.chance(0.15 if by_handle else 0.85) or not (account or by_handle)
    return Customer(
        account=person.account if account else "",
        phone=person.phone if phone else "",
        handle=person.handle if by_handle else "",
        name="" if by_handle else person.name,
        email=person.email if channel == "email" else "",
        address=person.address if not by_handle and dice.chance(0.5) else "",
        tier=person.tier,
        usual_hour=person.usual_hour,
    )


def _tier(dice: Dice) -> CustomerTier:
    drawn = dice.random()
    if drawn < _KEY_ACCOUNT_SHARE:
        return "key_account"
    return "gold" if drawn < 0.1 else "silver" if drawn < 0.28 else "standard"


def _name(dice: Dice, known: dict[str, list[str]], lang: Language, *, company: bool) -> str:
    gap = "" if lang == "zh" else " "
    if company:
        place = dice.one(known["company_first"])
        return place + gap + dice.one(known["company_last"])
    first, last = ("surname", "given") if lang == "zh" else ("first", "last")
    return dice.one(known[first]) + gap + dice.one(known[last])


def _zh_phone(dice: Dice, number: str) -> str:
    form = dice.random()  # 154 is a prefix no Chinese operator has
    if form < 0.7:
        return f"154{number}"
    if form < 0.8:
        return f"154 {number[:4]} {number[4:]}"
    if form < 0.88:
        return f"154-{number[:4]}-{number[4:]}"
    return f"+86 154{number}" if form < 0.95 else f"+86154{number}"


def _us_phone(dice: Dice, place: Place, number: str) -> str:
    last = f"01{number[-2:]}"  # 555-0100 to 555-0199 are set aside for fiction
    return f"({place.area_code}) 555-{last}" if dice.chance(0.6) else f"+1 {place.area_code} 555 {last}"


def _address(dice: Dice, place: Place, lang: Language) -> str:
    if lang == "zh":
        road = dice.one(table("places")["road"])
        door = f"{dice.whole(1, 28)}栋{dice.whole(1, 4)}单元{dice.whole(1, 26)}0{dice.whole(1, 4)}室"
        return f"{place.city}{place.district}{road}{dice.whole(1, 399)}号{place.estate}{door}"
    return f"{dice.whole(10, 1999)} {place.estate}, {place.city}, {place.region.partition('/')[0]}"
