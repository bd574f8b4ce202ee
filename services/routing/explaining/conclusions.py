"""What was concluded, one line each: the value, in words, and the reasons of the rules that decided it."""

from collections.abc import Iterable, Iterator
from typing import Final

from services.routing.explaining.marks import signs_of
from services.routing.explaining.phrasing import clock_said, joined, promise_said, time_said
from services.routing.explaining.seen import Value
from services.routing.explaining.shown import Conclusion, ShownMark, ShownTable
from services.routing.explaining.wording import NAMES, TABLES, VALUES, row_said, said, value_said
from services.routing.policy.pack import Pack
from shared.events.envelope import Language
from shared.events.routing import ComplaintRouted

_SIGNS: Final = ("danger", "abuse", "outage", "vulnerable", "group")
_REPEATS: Final = ("repeat_1", "repeat_2", "repeat_3")


class Concluding:
    """Writes the conclusions of one decision in one language."""

    def __init__(
        self, event: ComplaintRouted, tables: tuple[ShownTable, ...], marks: tuple[ShownMark, ...],
        lang: Language, pack: Pack | None,
    ) -> None:  # fmt: skip
        self._event, self._lang, self._pack = event, lang, pack
        self._tables = {table.table: table for table in tables}
        self._marks = [mark for mark in marks if not mark.denied]
        self._by_signal = {mark.signal: mark for mark in self._marks}

    def all(self) -> Iterator[Conclusion]:
        """What it is, how it was told, whether it goes over our heads, and what is to happen."""
        yield from self._matter()
        yield from self._telling()
        yield from self._above()
        yield from self._decided()

    def _matter(self) -> Iterator[Conclusion]:
        found = self._event.assessment
        yield self._by_table("kind", found.kind)
        yield self._cause()
        if found.other_causes:
            yield self._one("other_causes", found.other_causes, self._words(found.other_causes))
        if found.demands:
            yield self._one(
                "demands", found.demands, self._words(found.demands), signs=[f"demand_{d}" for d in found.demands]
            )
        if found.latent_demands:
            yield self._by_table("latent_demands", found.latent_demands, self._words(found.latent_demands))
        if found.repeat:
            yield self._one("repeat", found.repeat, str(found.repeat), signs=_REPEATS)
        if found.amount_minor:
            yield self._one("amount", found.amount_minor, f"{found.amount_minor / 100:,.2f}", signs=["money"])
        if found.contradictions:
            codes = tuple(one.code for one in found.contradictions)
            yield self._one("contradictions", codes, self._words(codes))
        yield from self._times()

    def _times(self) -> Iterator[Conclusion]:
        found = self._event.assessment
        told = {
            "waited_hours": found.waited_hours,
            "deadline_hours": found.deadline_hours,
            "promised_hours": found.promised_hours,
        }
        for name, hours in told.items():
            if hours is not None:
                words = time_said(hours * 60, working=False, lang=self._lang)
                yield self._one(name, hours, words, signs=[f"told_{name.removesuffix('_hours')}"])

    def _telling(self) -> Iterator[Conclusion]:
        found = self._event.assessment
        heat = [mark.signal for mark in self._marks if mark.group == "heat"]
        emotion = self._stated(f"{found.emotion}/10", stated=found.emotion_stated)
        yield self._one("emotion", found.emotion, emotion, why=self._named(heat), signs=heat)
        signs = tuple(name for name in _SIGNS if getattr(found, name))
        if signs:
            yield self._one(
                "signs", signs, joined((said(NAMES, n, self._lang) for n in signs), self._lang), signs=signs
            )
        if found.style:
            shares = (f"{value_said(name, self._lang)} {share}%" for name, share in found.style)
            yield self._one("style", tuple(name for name, _ in found.style), joined(shares, self._lang))
        if found.types:
            types = (f"{row_said(name, self._lang, self._pack)} {share}%" for _, name, share in found.types)
            yield self._one("types", tuple(name for _, name, _ in found.types), joined(types, self._lang))
        if found.motives:
            yield self._by_table("motives", found.motives, joined(self._why("motives"), self._lang))
        if found.difficult:
            yield self._by_table("difficult", found.difficult, joined(self._why("difficult"), self._lang))

    def _above(self) -> Iterator[Conclusion]:
        found = self._event.assessment
        level = value_said(found.cross_level, self._lang)
        target = f" → {said(VALUES, found.cross_target, self._lang)}" if found.cross_target else ""
        yield self._by_table("cross_level", found.cross_level, level + target)
        if found.cross_reason:
            yield self._by_table("cross_reason", found.cross_reason, joined(self._why("cross_reason"), self._lang))
        if found.public_risk != "none":
            yield self._by_table("public_risk", found.public_risk)

    def _decided(self) -> Iterator[Conclusion]:
        decided, lang = self._event.decision, self._lang
        yield self._by_table("severity", decided.severity, also="score")
        yield self._one("priority", decided.priority, str(decided.priority))
        yield self._by_table("responsibility", decided.responsibility)
        yield self._by_table("unit", decided.unit, joined(self._why("unit"), lang) or decided.unit)
        yield self._by_table("tier", decided.tier)
        yield self._by_table("handler_level", decided.handler_level)
        yield self._by_table("strategy", decided.strategy)
        if decided.promises:
            ids = tuple(f"{one.kind}:{one.minutes}" for one in decided.promises)
            yield self._by_table("promises", ids, joined((promise_said(p, lang) for p in decided.promises), lang))
        if decided.clocks:
            ids = tuple(clock.id for clock in decided.clocks)
            yield self._by_table("clocks", ids, joined((clock_said(c, lang) for c in decided.clocks), lang))

    def _cause(self) -> Conclusion:
        found = self._event.assessment
        main = value_said(found.cause, self._lang)
        both = f"{main} · {row_said(found.sub_cause, self._lang, self._pack)}" if found.sub_cause else main
        row = next((row for row in self._pack.causes if row.id == found.sub_cause), None) if self._pack else None
        signs = [signal for signal in dict.fromkeys(signs_of(row)) if signal in self._by_signal] if row else []
        words = self._stated(both, stated=found.cause_stated)
        return self._one("causes", found.sub_cause or found.cause, words, why=self._named(signs), signs=signs)

    def _by_table(self, table: str, value: Value | tuple[str, ...], says: str = "", *, also: str = "") -> Conclusion:
        """A conclusion that rules of `table` decided (and those of `also` weighed)."""
        says = says or value_said(value, self._lang)
        why = tuple(one for one in (*self._why(table), *self._why(also)) if one not in says)
        shown = [self._tables[name] for name in (table, also) if name in self._tables]
        saw = [fact for one in shown for rule in one.rules if rule.won for fact in rule.saw]
        signs = [fact.name.removeprefix("has_") for fact in saw if fact.value]
        return self._one(table, value, says, why=why, signs=signs)

    def _one(
        self, name: str, value: Value | tuple[str, ...], says: str, *, why: tuple[str, ...] = (), signs: Iterable[str] = ()
    ) -> Conclusion:  # fmt: skip
        marks = tuple(sorted({self._by_signal[sign].number for sign in signs if sign in self._by_signal}))
        label = said(TABLES | NAMES, name, self._lang)
        return Conclusion(name=name, label=label, value=value, says=says, why=why, marks=marks)

    def _why(self, table: str) -> tuple[str, ...]:
        """The reasons of the rules of `table` that decided."""
        shown = self._tables.get(table)
        return tuple(rule.says for rule in shown.rules if rule.won) if shown else ()

    def _named(self, signals: Iterable[str]) -> tuple[str, ...]:
        """The signs that speak for something, as one reason; nothing where there are none."""
        names = list(dict.fromkeys(self._by_signal[one].says for one in signals))
        return (joined(names, self._lang),) if names else ()

    def _words(self, values: Iterable[str]) -> str:
        return joined((value_said(one, self._lang) for one in values), self._lang)

    def _stated(self, text: str, *, stated: bool) -> str:
        """What an agent stated is told apart from what was read."""
        return text + (("（坐席填写）" if self._lang == "zh" else " (stated by the agent)") if stated else "")
