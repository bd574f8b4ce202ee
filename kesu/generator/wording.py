"""Puts a matter into words: the customer's own, or the record an agent types."""

from typing import Final, Literal

from kesu.generator.dice import Dice
from kesu.generator.mixture import Matter
from kesu.generator.particulars import Particulars
from kesu.generator.phrases import Choices, phrasebook

Voice = Literal["customer", "agent"]
_BANDS: Final = (
    "calm",
    "calm",
    "calm",
    "calm",
    "annoyed",
    "annoyed",
    "angry",
    "angry",
    "furious",
    "furious",
    "furious",
)
_TYPED_BY_AGENTS: Final = {"hotline": 0.85, "shop": 0.8, "regulator": 0.3}
_RECORD_OPENINGS: Final = {"shop": "opening.agent_shop", "regulator": "opening.agent_regulator"}
_REPAIRS: Final = {
    "terminal_quality": "repair_device", "after_sales": "repair_device", "installation_late": "install",
    "delivery_late": "deliver", "service_unreachable": "contact", "online_service": "system",
}  # fmt: skip
_BRIEF: Final = frozenset({"social", "app"})


def write(dice: Dice, p: Particulars) -> str:
    """The text of the submission."""
    matter = p.matter
    if matter.kind != "complaint":
        p["voice"] = "customer"
        return phrasebook(matter.lang)[matter.kind].say(dice.random, p)
    voice: Voice = "agent" if dice.chance(_TYPED_BY_AGENTS.get(matter.channel, 0.0)) else "customer"
    p["voice"] = voice
    return _Writer(dice, p, voice).text()


class _Writer:
    """Collects the sentences of one complaint."""

    def __init__(self, dice: Dice, p: Particulars, voice: Voice) -> None:
        self.dice = dice
        self.p = p
        self.matter: Matter = p.matter
        self.voice = voice
        self.phrases = phrasebook(self.matter.lang)
        self.band = _BANDS[self.matter.emotion]
        self.zh = self.matter.lang == "zh"

    def text(self) -> str:
        say, dice, channel = self.say, self.dice, self.matter.channel
        opening = say(_RECORD_OPENINGS.get(channel, "opening.agent") if self.voice == "agent" else f"opening.{channel}")
        sentences = [*self.what_happened(), *self.circumstances()]
        feeling = self.feeling()
        if feeling and self.voice == "customer" and dice.chance(0.2):
            sentences.insert(0, feeling)
        elif feeling:
            sentences.append(feeling)
        ends = [self.further(), self.wish()] if dice.chance(0.5) else [self.wish(), self.further()]
        sentences += [sentence for sentence in ends if sentence]
        closing = say("closing.agent" if self.voice == "agent" else f"closing.{self.band}")
        return self.tagged(opening + self.joined(sentences, opening) + closing)

    def what_happened(self) -> list[str]:
        matter, dice = self.matter, self.dice
        said = [self.say(f"{matter.sub_cause}.problem")]
        if dice.chance(0.45 if matter.channel in _BRIEF else 0.8):
            said.append(self.say(f"{matter.sub_cause}.detail"))
        if dice.chance(0.3 if matter.channel in _BRIEF else 0.5):
            said.append(self.say(f"effort.{self.voice}"))
        return said

    def circumstances(self) -> list[str]:
        matter = self.matter
        found = (("group", matter.group), ("repeat", matter.repeat), ("vulnerable", matter.vulnerable),
                 ("danger", matter.danger))  # fmt: skip
        return [self.told(name) for name, there in found if there]

    def feeling(self) -> str:
        if self.voice == "agent":
            return self.say(f"feeling.agent_{self.band}")
        said = self.say(f"feeling.{self.band}")
        if self.matter.abuse:
            return f"{said}{'，' if self.zh else '. '}{self.say('abuse')}" if said else self.say("abuse")
        return said

    def further(self) -> str:
        """The threat to go elsewhere, the case that is already there, or that none is meant."""
        matter = self.matter
        if matter.declines:
            return self.told("mild")
        if matter.tags or matter.cross_level == "none":
            return ""
        return self.told(f"{'threat' if matter.cross_level == 'threatened' else 'actual'}.{matter.cross_target}")

    def wish(self) -> str:
        if not self.matter.demands:
            return ""
        repair = _REPAIRS.get(self.matter.sub_cause, "repair")
        wishes = [self.say(f"demand.{repair if d == 'repair' else d}") for d in self.matter.demands]
        return self.say(f"demand_lead.{self.voice}") + ("，" if self.zh else " and ").join(wishes)

    def told(self, name: str) -> str:
        """A phrase in the first person; an agent writes it down in the third."""
        said = self.say(name)
        if self.voice == "customer":
            return said
        return f"用户称{said.replace('我们', '其').replace('我', '其')}" if self.zh else f'says "{said}"'

    def joined(self, sentences: list[str], opening: str) -> str:
        if self.zh:
            ends = ("，", "。", "。", "；") if self.voice == "agent" else ("，", "。", "！", "，")
            ends = ends if self.matter.emotion >= 6 else ("，", "。", "，", "。")
            return "".join(s + self.dice.one(ends) for s in sentences[:-1]) + sentences[-1] + self.last_mark()
        goes_on = opening.endswith((", ", ": ", "So ", "because "))
        starts = [s if goes_on and i == 0 else s[:1].upper() + s[1:] for i, s in enumerate(sentences)]
        shouted = self.matter.emotion >= 9 and self.dice.chance(0.35)
        before = [s if s[-1:] in "?!" else f"{s}." for s in starts[:-1]]
        said = " ".join((*before, starts[-1])) + self.last_mark() + " "
        return said.upper() if shouted else said

    def last_mark(self) -> str:
        if self.matter.emotion >= 6 and self.voice == "customer":
            return self.say("bang")
        return "。" if self.zh else "."

    def tagged(self, text: str) -> str:
        if not self.matter.tags:
            return f"{text}{self.say('mood')}" if self.zh and self.matter.channel == "social" else text.rstrip()
        return f"{text} {self.say(f'tagged.{self.matter.cross_target}')}"

    def say(self, name: str) -> str:
        choices: Choices = self.phrases[name]
        return choices.say(self.dice.random, self.p)
