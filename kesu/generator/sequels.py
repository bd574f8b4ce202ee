"""What one complaint brings after it: the same message twice, the customer again, other customers of the same outage."""

from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from kesu.generator.dice import Dice
from kesu.generator.mixture import Matter
from kesu.generator.people import Person, Place
from kesu.generator.truth import Generated, SubCause
from shared.events.envelope import Language
from shared.events.submissions import ComplaintSubmission, Customer

DUPLICATE_SHARE: Final = 0.02
REPEAT_SHARE: Final = 0.09
REPEAT_AGAIN_SHARE: Final = 0.4
FACT_SHARE: Final = 0.03
REPEAT_WITHIN: Final = timedelta(days=14)
WAVE_SHARE: Final = 0.0025  # of new complaints that are the first of a group: with their size, some 6 % of all
WAVE_CAUSES: Final[tuple[SubCause, ...]] = (
    "broadband", "broadband", "mobile_signal", "line_fault", "billing_dispute", "service_provider_charge",
)  # fmt: skip


class Again(Struct, frozen=True):
    """The same message once more, to the byte."""

    first: Generated


class Repeat(Struct, frozen=True):
    """The customer comes back about the matter, known by the same account and numbers."""

    matter: Matter
    person: Person
    customer: Customer


class Later(Struct, frozen=True):
    """A fact about a complaint that is already there."""

    about: ComplaintSubmission
    first: Generated


class Wave(Struct):
    """A group of customers with one root; once one of them has posted, `matter` and `text` go round among them."""

    name: str
    lang: Language
    sub_cause: SubCause
    place: Place
    matter: Matter | None = None
    text: str = ""


class Member(Struct, frozen=True):
    """One more customer of a group."""

    wave: Wave


Sequel = Again | Repeat | Later | Member
Due = tuple[datetime, Sequel]


def sequels_of(dice: Dice, made: Generated, matter: Matter, person: Person, *, end: datetime, facts: bool) -> list[Due]:
    """What follows from a complaint just made, each with its time, none after `end`."""
    found: list[Due] = []
    submission = made.submission
    if not isinstance(submission, ComplaintSubmission):
        return found
    left = end - made.at
    if dice.chance(DUPLICATE_SHARE):
        found.append((made.at + min(_ms(left * dice.random()), timedelta(seconds=dice.whole(1, 9_000))), Again(made)))
    if matter.kind == "complaint" and dice.chance(REPEAT_AGAIN_SHARE if matter.repeat else REPEAT_SHARE):
        at = made.at + _ms(min(left, REPEAT_WITHIN) * dice.random())
        found.append((at, Repeat(matter, person, submission.customer)))
    if facts and matter.kind == "complaint" and dice.chance(FACT_SHARE):
        found.append((made.at + _ms(min(left, timedelta(days=3)) * dice.random()), Later(submission, made)))
    return found


def members_of(dice: Dice, wave: Wave, *, at: datetime, end: datetime, members_max: int) -> list[Due]:
    """The customers of a group (one fault in one place), who come in over some hours, most of them early."""
    size = min(members_max, 8 + int(dice.random() ** 2 * 50))
    lasts = min(timedelta(minutes=dice.whole(20, 240)), end - at)
    return [(at + _ms(lasts * dice.random() ** 2), Member(wave)) for _ in range(size)]


def _ms(span: timedelta) -> timedelta:
    return timedelta(milliseconds=int(span.total_seconds() * 1_000))
