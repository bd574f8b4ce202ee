"""The stream of submissions in the order of time: new matters, and what follows from earlier ones."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Final

from msgspec.structs import replace

from kesu.generator.arrivals import Arrivals, next_position
from kesu.generator.complaints import make_complaint
from kesu.generator.dice import Dice
from kesu.generator.facts import make_fact
from kesu.generator.mixture import Matter, draw_matter
from kesu.generator.people import Person, Place, draw_person, draw_place
from kesu.generator.sequels import (
    WAVE_CAUSES,
    WAVE_SHARE,
    Again,
    Due,
    Later,
    Member,
    Repeat,
    Sequel,
    Wave,
    members_of,
    sequels_of,
)
from kesu.generator.truth import Generated
from shared.events.envelope import Language
from shared.events.intake import Channel
from shared.events.submissions import ComplaintSubmission, Customer
from shared.ids import derive

_COPYING_SHARE: Final = 0.25  # of a group's members, where its words go round in a chat
_ONLINE: Final[tuple[Channel, ...]] = ("app", "web", "social")
_WAVE_FROM: Final = 200  # submissions; a smaller run need not have a group
_SAME_CHANNEL_SHARE: Final = 0.7  # of customers who come back


def generate(
    count: int, *, seed: int, start: datetime, span: timedelta = timedelta(days=7), facts: bool = True
) -> Iterator[Generated]:
    """`count` submissions from `start` (aware) over `span`, in the order of time; the same arguments, the same bytes.

    About 2 % are exact repetitions of an earlier one (`truth.duplicate`) and 3 % facts about an earlier complaint
    (information, urging, withdrawal); `facts=False` leaves the facts out. Memory holds only what is still to follow.
    Raises ValueError where `start` has no time zone, `count` is negative or `span` is not positive.
    """
    if start.tzinfo is None or count < 0 or span <= timedelta(0):
        raise ValueError("generate needs an aware start, a count of 0 or more and a span above 0")
    return _Stream(count, seed=seed, arrivals=Arrivals(start, span), facts=facts).run()


class _Stream:
    def __init__(self, count: int, *, seed: int, arrivals: Arrivals, facts: bool) -> None:
        self.dice = Dice(seed)
        self.count = count
        self.arrivals = arrivals
        self.facts = facts
        self.run_name = derive("generator", str(seed))[:6]
        self.number_offset = int(self.dice.random() * 10**8)
        self.serial = 0
        self.made = 0
        self.waves = 0
        self.due: list[tuple[datetime, int, Sequel]] = []

    def run(self) -> Iterator[Generated]:
        position = 0.0
        while self.made < self.count:
            at = None
            if (remaining := self.count - self.made - len(self.due)) > 0:
                position = next_position(self.dice, position, remaining)
                at = self.arrivals.time_at(position)
            while self.due and self.made < self.count and (at is None or self.due[0][0] <= at):
                due_at, _, sequel = heappop(self.due)
                yield self.follow(sequel, due_at)
            if at is not None and self.made < self.count:
                yield self.begin(at)

    def begin(self, at: datetime) -> Generated:
        """A new matter of a new customer; now and then the first of a group."""
        lang = self.arrivals.language_at(self.dice, at)
        place = draw_place(self.dice, lang)
        first = not self.waves and self.count >= _WAVE_FROM and self.made >= self.count // 3
        if first or self.dice.chance(WAVE_SHARE):
            self.waves += 1
            wave = Wave(f"{self.run_name}-{self.waves}", lang, self.dice.one(WAVE_CAUSES), place)
            most = max(8, self.count // 20)
            self.schedule(members_of(self.dice, wave, at=at, end=self.arrivals.end, members_max=most))
            return self.join(wave, at)
        return self.complain(draw_matter(self.dice, lang), self.new_person(lang, place), at)

    def follow(self, sequel: Sequel, at: datetime) -> Generated:
        match sequel:
            case Again(first):
                self.made += 1
                return Generated(first.type, at, first.submission, replace(first.truth, duplicate=True))
            case Repeat(matter, person, customer):
                again = draw_matter(
                    self.dice, matter.lang, sub_cause=matter.sub_cause, repeat=matter.repeat + 1, wave=matter.wave
                )
                if self.dice.chance(_SAME_CHANNEL_SHARE) and again.channel != "regulator" != matter.channel:
                    again = replace(again, channel=matter.channel)
                return self.complain(again, person, at, customer=customer)
            case Later(about, first):
                self.made += 1
                self.serial += 1
                return make_fact(self.dice, about, first, at=at, serial=self.serial)
            case Member(wave):
                return self.join(wave, at)

    def join(self, wave: Wave, at: datetime) -> Generated:
        """A customer of a group, some in the words of another."""
        person = self.new_person(wave.lang, wave.place)
        if wave.matter and self.dice.chance(_COPYING_SHARE):
            matter = replace(wave.matter, channel=self.dice.one(_ONLINE))
            return self.complain(matter, person, at, text=wave.text)
        matter = draw_matter(self.dice, wave.lang, sub_cause=wave.sub_cause, wave=wave.name)
        made = self.complain(matter, person, at)
        if (
            matter.channel in _ONLINE
            and matter.cross_level == "none"
            and isinstance(made.submission, ComplaintSubmission)
        ):
            wave.matter, wave.text = matter, made.submission.text
        return made

    def complain(
        self, matter: Matter, person: Person, at: datetime, *, customer: Customer | None = None, text: str = ""
    ) -> Generated:
        self.made += 1
        self.serial += 1
        made = make_complaint(
            self.dice, matter, person, at=at, run=self.run_name, serial=self.serial, customer=customer, text=text
        )
        self.schedule(sequels_of(self.dice, made, matter, person, end=self.arrivals.end, facts=self.facts))
        return made

    def schedule(self, found: list[Due]) -> None:
        for at, sequel in found[: max(0, self.count - self.made - len(self.due))]:
            self.serial += 1
            heappush(self.due, (at, self.serial, sequel))

    def new_person(self, lang: Language, place: Place) -> Person:
        self.serial += 1
        return draw_person(self.dice, lang, place, serial=self.serial, offset=self.number_offset)
