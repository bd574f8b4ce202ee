"""Routing's judgement: pure rules from a case, its history and a policy pack to a verdict, one file per decision."""

from collections.abc import Collection
from typing import Final

from msgspec import Struct

from services.routing.model import Case, Verdict
from services.routing.policy.pack import Pack
from services.routing.policy.weights import Tally
from services.routing.rules.amounts import Amount, read_amount, read_bare_amount
from services.routing.rules.cause import CauseRead, find_cause
from services.routing.rules.cross_level import read_cross_level
from services.routing.rules.dates import read_times
from services.routing.rules.demands import read_demands
from services.routing.rules.emotion import read_emotion
from services.routing.rules.facts import Read, bind_facts, label
from services.routing.rules.handling import find_handler_level, find_tier
from services.routing.rules.judging import Judging
from services.routing.rules.key_facts import contradictions, read_key_facts
from services.routing.rules.profile import Seen, read_profile
from services.routing.rules.promises import grant_times, start_clocks
from services.routing.rules.reading import Reading, read
from services.routing.rules.repeat import count_repeats
from services.routing.rules.responsibility import find_responsibility, find_unit
from services.routing.rules.severity import rate_severity
from services.routing.rules.strategy import choose_strategy
from services.routing.rules.style import mix_styles
from services.routing.rules.tactics import choose_tactics
from shared.events.routing import Assessment, CrossTarget, Decision, History

_WITHOUT_CAUSE: Final = frozenset({"praise", "noise"})  # nothing went wrong: its topic is no cause

_AMOUNT_MAX: Final = 10**15  # conditions calculate with 64 bits


class Words(Struct, frozen=True):
    """What the words alone say; nothing of the customer's history is in it."""

    reading: Reading
    tally: Tally
    cause: CauseRead


def read_words(case: Case, pack: Pack) -> Words:
    """Read the text once: its main cause is needed to look into the history, and all of it to decide."""
    reading = read(case.text, pack.lexicon, public=case.is_public_post)
    tally = pack.weights.tally(reading.said)
    return Words(reading, tally, find_cause(tally, case.stated, pack))


def decide(case: Case, history: History, pack: Pack) -> Verdict:
    """Judge `case`: the same case, history and pack give the same verdict, byte for byte. Raises PackError only."""
    return judge(case, read_words(case, pack), history, pack)


def judge(case: Case, words: Words, history: History, pack: Pack) -> Verdict:
    """Judge a case whose `words` were read with the same pack."""
    found = _read(case, words, history, pack)
    judging = Judging(bind_facts(case, found, history, pack), label(case, found))
    assessment = _assess(case, found, history, judging, pack)
    decision = _decide(case, assessment, judging, pack)
    return Verdict(assessment, decision, (*found.cause.rules, *judging.trail))


def _read(case: Case, words: Words, history: History, pack: Pack) -> Read:
    reading, tally = words.reading, words.tally
    said, stated = reading.said, case.stated
    repeat = count_repeats(said=said, points=tally.repeat, stated=stated, history=history)
    emotion = read_emotion(pack.settings.heat, tally, case=case, reading=reading, history=history, repeat=repeat)
    amount = _amount(case, reading.text, said)
    currency = amount.currency if amount else case.key_facts.currency
    times = read_times(reading.text, case.received_at.date(), lang=case.lang)
    return Read(
        reading=reading,
        tally=tally,
        cause=words.cause,
        cross=read_cross_level(reading, pack.lexicon.clause_end),
        amount=amount,
        currency=currency,
        amount_limit=pack.settings.amount_limits[currency],
        times=times,
        emotion=emotion,
        repeat=repeat,
        abuse="abuse" in said,
        danger=stated.danger or "danger" in said or "self_harm" in said,
        vulnerable=stated.vulnerable or "vulnerable" in said,
        outage="outage" in said,
        group="group" in said,
    )


def _amount(case: Case, text: str, said: Collection[str]) -> Amount | None:
    """The amount in dispute: the one recorded as a key fact, else the largest that the words name."""
    if case.key_facts.amount_minor is not None:
        return Amount(max(0, min(_AMOUNT_MAX, case.key_facts.amount_minor)), case.key_facts.currency)
    return read_amount(text) if "money" in said else read_bare_amount(text)


def _assess(case: Case, found: Read, history: History, judging: Judging, pack: Pack) -> Assessment:
    """What it is, how it was read, and whether it goes over our heads."""
    kind = judging.first(pack.tables.kind).kind
    row = pack.other_cause if kind in _WITHOUT_CAUSE else found.cause.row
    judging.labels |= {"kind": kind, "cause": row.cause, "sub_cause": row.id}
    cross = judging.first(pack.tables.cross_level)
    judging.labels["cross_level"] = cross.level
    reason = judging.first(pack.tables.cross_reason).note if cross.level != "none" else ""
    demands = read_demands(said=found.reading.said, cause=row, stated=case.stated, kind=kind)
    style = mix_styles(found.tally.styles)
    target = _target(case, found, cross.target, cross.target_from)
    seen = Seen(
        is_complaint=kind == "complaint", cross_level=cross.level, cross_target=target, cause=row.cause, demands=demands, style=style
    )  # fmt: skip
    profile = read_profile(case, found, seen, history, pack.profile)
    judging.trail.extend(profile.rules)
    facts = read_key_facts(case, found)
    return Assessment(
        kind=kind,
        cause=row.cause,
        sub_cause=row.id,
        other_causes=() if kind in _WITHOUT_CAUSE else found.cause.others,
        matrix=row.matrix,
        emotion=found.emotion,
        emotion_stated=case.stated.emotion is not None,
        cause_stated=found.cause.stated,
        abuse=found.abuse,
        danger=found.danger,
        vulnerable=found.vulnerable,
        outage=found.outage,
        group=found.group,
        repeat=found.repeat,
        amount_minor=found.amount.minor if found.amount else None,
        cross_level=cross.level,
        cross_target=target,
        cross_reason=reason,
        demands=demands,
        latent_demands=profile.latent_demands,
        motives=profile.motives,
        waited_hours=found.times.waited_hours,
        deadline_hours=found.times.deadline_hours,
        promised_hours=found.times.promised_hours,
        facts_read=facts,
        contradictions=contradictions(case, facts, found),
        public_risk=profile.public_risk,
        public_reasons=profile.public_reasons,
        types=profile.types,
        style=style,
        difficult=tuple(sorted({row.note for row in judging.every(pack.tables.difficult)})),
        evidence=(*found.reading.evidence(), *found.times.evidence),
    )


def _target(case: Case, found: Read, fixed: CrossTarget, source: str) -> CrossTarget:
    if source == "tagged_target":
        return found.cross.tagged
    if source == "filed_target":
        return found.cross.filed
    if source == "threatened_target":
        return found.cross.threatened
    return case.key_facts.case_number_of if source == "case_number_of" else fixed


def _decide(case: Case, assessment: Assessment, judging: Judging, pack: Pack) -> Decision:
    """What is to happen, in the order in which one decision rests on the other."""
    cross_level, labels = assessment.cross_level, judging.labels
    serious = rate_severity(judging, pack)
    labels["severity"] = serious.severity
    responsibility = find_responsibility(judging, pack)
    labels["responsibility"] = responsibility
    unit = find_unit(case, judging, pack)
    tier = find_tier(judging, pack, cross_level=cross_level)
    level = find_handler_level(judging, pack, severity=serious.severity, cross_level=cross_level)
    never_cold = assessment.danger or assessment.outage or assessment.vulnerable
    strategy = choose_strategy(judging, pack, never_cold=never_cold)
    labels["strategy"] = strategy
    return Decision(
        severity=serious.severity,
        priority=serious.priority,
        responsibility=responsibility,
        unit=unit,
        tier=tier,
        handler_level=level,
        strategy=strategy,
        promises=grant_times(judging, pack),
        clocks=start_clocks(judging, pack, received_at=case.received_at),
        tactics=choose_tactics(assessment, judging, pack),
    )
