"""What was concluded, one line each: the value, in words, and the reasons of the rules that decided it."""

from collections.abc import Iterable, Iterator
from typing import Final

from services.routing.explaining.seen import Value
from services.routing.explaining.shown import Conclusion, ShownMark, ShownTable
from services.routing.explaining.wording import NAMES, TABLES, VALUES, row_said, said, value_said
from services.routing.policy.pack import Pack
from shared.events.envelope import Language
from shared.events.routing import ComplaintRouted, LegalClock, PromiseTime

_DAY_MIN: Final = 1440
_WORKING_DAY_MIN: Final = 480


class Concluding:
    """Writes the conclusions of one decision in one language."""

    def __init__(
        self, event: ComplaintRouted, tables: tuple[ShownTable, ...], marks: tuple[ShownMark, ...],
        lang: Language, pack: Pack | None,
    ) -> None:  # fmt: skip
        self._event, self._lang, self._pack = event, lang, pack
        self._tables = {table.table: table for table in tables}
        self._numbers = {mark.signal: mark.number for mark in marks if not mark.denied}

    def all(self) -> Iterator[Conclusion]:
        """How it was read, then what is to happen."""
        yield from self._read()
        yield from self._decided()

    def _read(self) -> Iterator[Conclusion]:
        found = self._event.assessment
        yield self._by_table("kind", found.kind)
        yield self._one("causes", found.sub_cause or found.cause, self._cause(), marks=self._cause_marks())
        if found.other_causes:
            yield self._one("other_causes", found.other_causes, self._words(found.other_causes))
        yield self._one(
            "emotion",
            found.emotion,
            self._text(f"{found.emotion}/10", "（坐席填写）", " (stated)", found.emotion_stated),
        )
        if found.demands:
            yield self._one(
                "demands",
                found.demands,
                self._words(found.demands),
                marks=self._of(f"demand_{d}" for d in found.demands),
            )
        if found.repeat:
            yield self._one(
                "repeat", found.repeat, str(found.repeat), marks=self._of(("repeat_1", "repeat_2", "repeat_3"))
            )
        if found.amount_minor:
            yield self._one(
                "amount", found.amount_minor, f"{found.amount_minor / 100:,.2f}", marks=self._of(("money",))
            )
        signs = tuple(n for n in ("danger", "abuse", "outage", "vulnerable", "group") if getattr(found, n))
        if signs:
            yield self._one(
                "signs", signs, self._join(said(NAMES, n, self._lang) for n in signs), marks=self._of(signs)
            )
        if found.style:
            mixture = tuple(name for name, _ in found.style)
            yield self._one(
                "style", mixture, self._join(f"{value_said(n, self._lang)} {share}%" for n, share in found.style)
            )
        if found.difficult:
            yield self._by_table("difficult", found.difficult, self._join(self._why("difficult")))
        yield self._by_table("cross_level", found.cross_level, self._cross())
        if found.cross_reason:
            yield self._by_table("cross_reason", found.cross_reason, self._join(self._why("cross_reason")))

    def _decided(self) -> Iterator[Conclusion]:
        decided = self._event.decision
        yield self._by_table("severity", decided.severity, also="score")
        yield self._one("priority", decided.priority, str(decided.priority))
        yield self._by_table("responsibility", decided.responsibility)
        yield self._by_table("unit", decided.unit, self._join(self._why("unit")) or decided.unit)
        yield self._by_table("tier", decided.tier)
        yield self._by_table("handler_level", decided.handler_level)
        yield self._by_table("strategy", decided.strategy)
        if decided.promises:
            yield self._by_table(
                "promises", self._ids(decided.promises), self._join(map(self._promise, decided.promises))
            )
        if decided.clocks:
            yield self._by_table(
                "clocks", tuple(c.id for c in decided.clocks), self._join(map(self._clock, decided.clocks))
            )

    def _one(
        self,
        name: str,
        value: Value | tuple[str, ...],
        says: str,
        *,
        why: tuple[str, ...] = (),
        marks: tuple[int, ...] = (),
    ) -> Conclusion:
        return Conclusion(
            name=name, label=said(TABLES | NAMES, name, self._lang), value=value, says=says, why=why, marks=marks
        )

    def _by_table(self, table: str, value: Value | tuple[str, ...], says: str = "", *, also: str = "") -> Conclusion:
        says = says or value_said(value, self._lang)
        why = tuple(one for one in (*self._why(table), *self._why(also)) if one != says)
        return self._one(table, value, says, why=why, marks=self._asked(table, also))

    def _why(self, table: str) -> tuple[str, ...]:
        shown = self._tables.get(table)
        return tuple(rule.says for rule in shown.rules if rule.won) if shown else ()

    def _asked(self, *tables: str) -> tuple[int, ...]:
        """The marks of the signals that the rules which decided asked for."""
        names = [
            fact.name.removeprefix("has_")
            for table in tables if table in self._tables
            for rule in self._tables[table].rules if rule.won
            for fact in rule.saw if fact.value is True
        ]  # fmt: skip
        return self._of(names)

    def _of(self, signals: Iterable[str]) -> tuple[int, ...]:
        return tuple(sorted({self._numbers[one] for one in signals if one in self._numbers}))

    def _cause_marks(self) -> tuple[int, ...]:
        row = (
            next((r for r in self._pack.causes if r.id == self._event.assessment.sub_cause), None)
            if self._pack
            else None
        )
        pairs = getattr(row, "pairs", ())
        return (
            self._of([*row.signs, *(name for pair in pairs for name in (*pair.object, *pair.predicate))]) if row else ()
        )

    def _cause(self) -> str:
        found = self._event.assessment
        main = value_said(found.cause, self._lang)
        sub = row_said(found.sub_cause, self._lang, self._pack)
        return self._text(f"{main} · {sub}" if sub else main, "（坐席填写）", " (stated)", found.cause_stated)

    def _cross(self) -> str:
        found = self._event.assessment
        level = value_said(found.cross_level, self._lang)
        return f"{level} → {said(VALUES, found.cross_target, self._lang)}" if found.cross_target else level

    def _promise(self, one: PromiseTime) -> str:
        return f"{said(VALUES, one.kind, self._lang)} {time_said(one.minutes, working=one.working, lang=self._lang)}"

    def _clock(self, one: LegalClock) -> str:
        days = (
            ("个工作日" if one.working else "日")
            if self._lang == "zh"
            else (" working days" if one.working else " days")
        )
        caution = "" if one.source_quality == "primary" else f" ({said(VALUES, one.source_quality, self._lang)})"
        return f"{one.id} {one.days}{days}{caution}"

    def _words(self, values: Iterable[str]) -> str:
        return self._join(value_said(one, self._lang) for one in values)

    def _join(self, parts: Iterable[str]) -> str:
        return ("、" if self._lang == "zh" else ", ").join(parts)

    def _text(self, base: str, zh: str, en: str, holds: bool) -> str:
        return base + ((zh if self._lang == "zh" else en) if holds else "")

    @staticmethod
    def _ids(promises: tuple[PromiseTime, ...]) -> tuple[str, ...]:
        return tuple(f"{one.kind}:{one.minutes}" for one in promises)


def time_said(minutes: int, *, working: bool, lang: Language) -> str:
    """A time granted, in the largest unit that says it exactly."""
    day = _WORKING_DAY_MIN if working else _DAY_MIN
    if minutes % day == 0:
        count, zh, en = minutes // day, "个工作日" if working else "天", "working day" if working else "day"
    elif minutes % 60 == 0:
        count, zh, en = minutes // 60, "个工作小时" if working else "小时", "working hour" if working else "hour"
    else:
        count, zh, en = minutes, "个工作分钟" if working else "分钟", "working minute" if working else "minute"
    return f"{count} {zh}" if lang == "zh" else f"{count} {en}{'s' if count != 1 else ''}"
