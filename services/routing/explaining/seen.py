"""The facts a rule saw, from what the decision recorded: nothing is read anew, so an erased customer's decisions explain alike."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from services.routing.explaining.shown import SeenFact
from services.routing.explaining.wording import fact_said, sign_said, value_said
from services.routing.policy.advice_rows import TacticRow
from services.routing.policy.pack import Pack
from services.routing.policy.profile import TypeRow
from services.routing.policy.rows import SeverityRow
from services.routing.policy.tables import Row
from services.routing.policy.vocabulary import FACTS
from services.routing.rules.tactics import HIGH, RAISED
from shared.events.envelope import Language
from shared.events.routing import ComplaintRouted, Evidence, History

Value = bool | int | str
_NAME: Final = re.compile(r"[a-z_][a-z0-9_]*")
_NOT_NAMES: Final = frozenset({"true", "false", "in", "null"})
_CONJUNCTION: Final = re.compile(r"[a-z0-9_!<>=+*/% -]+(?:&&[a-z0-9_!<>=+*/% -]+)*")
_FLAG: Final = re.compile(r"(!?)\s*([a-z_][a-z0-9_]*)")
_FLAGS_OF_ASSESSMENT: Final = ("abuse", "danger", "vulnerable", "outage", "group", "cause_stated")
_HISTORY: Final = ("complaints_30d", "same_cause_30d", "open_now", "promises_broken_90d")


class Seen(Struct, frozen=True):
    """Facts and labels by their names in the vocabulary, as far as the decision recorded them.

    `shown` is what rows weigh beside signals ("style.dominant"). `all_said` is false where a text had more signs than a decision records: then what is not among `said` is not known.
    """

    facts: Mapping[str, Value]
    labels: Mapping[str, str]
    said: frozenset[str]
    all_said: bool
    shown: frozenset[str]


def seen_of(event: ComplaintRouted, evidence: Sequence[Evidence], pack: Pack | None, *, all_said: bool) -> Seen:
    """What the rules saw when they took this decision; `all_said`: `evidence` is all there was."""
    found, decided = event.assessment, event.decision
    said = frozenset(one.signal for one in evidence if not one.negated)
    facts: dict[str, Value] = {name: getattr(found, name) for name in _FLAGS_OF_ASSESSMENT}
    facts |= {name: getattr(event.history, name) for name in _HISTORY}
    facts |= {
        "emotion": found.emotion, "repeat": found.repeat, "amount": found.amount_minor or 0,
        "key_complete": event.key_complete, "public_post": event.channel == "social",
    }  # fmt: skip
    if all_said or "self_harm" in said:
        facts["self_harm"] = "self_harm" in said
    labels = {
        "channel": event.channel, "lang": event.lang, "kind": found.kind, "cause": found.cause,
        "sub_cause": found.sub_cause, "cross_level": found.cross_level, "severity": decided.severity,
        "responsibility": decided.responsibility, "strategy": decided.strategy,
    }  # fmt: skip
    if pack:
        facts["score"] = score_of(event, pack)
        rows = rows_of(pack)
        for fired in event.rules:
            row = rows.get(fired.rule)
            if isinstance(row, Row):
                facts |= _implied(row.when)
    if pack and all_said:
        kinds = pack.weights.tally({one.signal: [(one.start, one.end)] for one in evidence if not one.negated}).kinds
        facts |= {f"{kind}_points": points for kind, points in kinds.items() if f"{kind}_points" in FACTS}
    return Seen(facts, labels, said, all_said, shown_by(event))


def rows_of(pack: Pack) -> dict[str, Row | TypeRow]:
    """Every row of every table of the pack, and every row that is weighed, by its id."""
    tables = pack.tables
    rows: dict[str, Row | TypeRow] = {row.id: row for row in pack.profile.all}
    return rows | {rule.row.id: rule.row for name in tables.__struct_fields__ for rule in getattr(tables, name).rules}


def shown_by(event: ComplaintRouted) -> frozenset[str]:
    """What tactics, motives and other weighed rows look at beside signals, under the names they use."""
    found, decided = event.assessment, event.decision
    shown = {
        "emotion.high" if found.emotion >= HIGH else "emotion.raised" if found.emotion >= RAISED else "emotion.calm",
        f"kind.{found.kind}", f"cause.{found.cause}", f"sub_cause.{found.sub_cause}", f"channel.{event.channel}",
        f"cross_level.{found.cross_level}", f"cross.{found.cross_level}", f"target.{found.cross_target}",
        f"severity.{decided.severity}", f"responsibility.{decided.responsibility}", f"strategy.{decided.strategy}",
        *(f"style.{name}" for name, _ in found.style), *(f"difficult.{name}" for name in found.difficult),
        *(f"demand.{demand}" for demand in found.demands),
        *(f"case.{name}" for name in ("abuse", "danger", "vulnerable", "outage", "group", "repeat") if getattr(found, name)),
    }  # fmt: skip
    return frozenset(shown)


def saw_signs(row: TacticRow | TypeRow, seen: Seen, lang: Language, pack: Pack) -> tuple[SeenFact, ...]:
    """The signs that a weighed row found, with the points of each."""
    weighed = row.fits if isinstance(row, TacticRow) else row.signs
    return tuple(
        SeenFact(name, points, f"{sign_said(name, lang, pack)} {points:+d}")
        for name, points in weighed.items()
        if name in seen.said or name in seen.shown
    )


def score_of(event: ComplaintRouted, pack: Pack) -> int:
    """The sum of the rows of the score that held."""
    fired = {one.rule for one in event.rules if one.table == "score" and one.won}
    return sum(rule.row.points for rule in pack.tables.score.rules if rule.row.id in fired)


def saw(row: Row, seen: Seen, lang: Language, pack: Pack) -> tuple[SeenFact, ...]:
    """The facts that `row`, which held, asks for, with the values they had; what cannot be told any more is left out."""
    implied = _implied(row.when)
    values: dict[str, Value] = {}
    for name in dict.fromkeys(_NAME.findall(row.when)):
        if name in _NOT_NAMES:
            continue
        value = implied.get(name, _said(name, seen) if name.startswith("has_") else seen.facts.get(name))
        if value is not None:
            values[name] = value
    if isinstance(row, SeverityRow) and row.score_from is not None:
        values["score"] = seen.facts["score"]
    for name, allowed in row.of.items():
        label = seen.labels.get(name) or (allowed[0] if len(allowed) == 1 else "")
        if label:
            values[name] = label if label in allowed else allowed[0]
    return tuple(_fact(name, value, lang, pack) for name, value in values.items())


def _said(name: str, seen: Seen) -> Value | None:
    """Whether the signal of `has_…` is said; None where that is not known any more."""
    found = name.removeprefix("has_") in seen.said
    return found if found or seen.all_said else None


def history_seen(history: History, lang: Language, pack: Pack) -> tuple[SeenFact, ...]:
    """What was known of the customer."""
    return tuple(_fact(name, getattr(history, name), lang, pack) for name in _HISTORY)


def _fact(name: str, value: Value, lang: Language, pack: Pack) -> SeenFact:
    equals = "：" if lang == "zh" else ": "
    return SeenFact(name, value, f"{fact_said(name, lang, pack)}{equals}{value_said(value, lang, pack)}")


def _implied(when: str) -> dict[str, Value]:
    """Flags whose value follows from a condition that held: those that stand alone in a plain conjunction."""
    if not when or not _CONJUNCTION.fullmatch(when):
        return {}
    flags = (_FLAG.fullmatch(part.strip()) for part in when.split("&&"))
    return {flag[2]: not flag[1] for flag in flags if flag}
