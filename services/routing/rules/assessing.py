"""Assessment: what a case is, how it was read, whether it goes over our heads, and how serious it is (domain 3.1 to 3.6)."""

from typing import Final

from msgspec import Struct

from services.routing.model import Case
from services.routing.policy.pack import Pack
from services.routing.rules.demands import read_demands
from services.routing.rules.facts import Read, facts_of, label
from services.routing.rules.judging import Judging
from services.routing.rules.key_facts import contradictions, read_key_facts
from services.routing.rules.leaning import lean, lean_kind, lean_severity
from services.routing.rules.learned import LearnedView
from services.routing.rules.profile import Seen, read_profile
from services.routing.rules.reading_case import read_case
from services.routing.rules.severity import Serious, rate_severity
from services.routing.rules.style import mix_styles
from services.routing.rules.words import Words
from shared.events.routing import Assessment, CrossTarget, History, RuleFired

_WITHOUT_CAUSE: Final = frozenset({"praise", "noise"})  # nothing went wrong: its topic is no cause


class Assessed(Struct, frozen=True):
    """The assessment, how serious it is, what fired before the first table, and the judging that a decision goes on with."""

    assessment: Assessment
    serious: Serious
    fired: tuple[RuleFired, ...]
    judging: Judging


def assess(case: Case, words: Words, history: History, pack: Pack) -> Assessed:
    """Assess a case whose `words` were read with the same pack. Raises PackError only."""
    view = words.learned
    found, leant = lean(view, read_case(case, words, history, pack), case, history)
    judging = Judging(facts_of(case, found, history), found.reading.said.keys(), label(case, found))
    assessment = _assessment(case, found, view, history, judging, pack)
    serious = lean_severity(view, rate_severity(judging, pack), case, history, judging, pack)
    judging.labels["severity"] = serious.severity
    return Assessed(assessment, serious, (*found.cause.rules, *leant), judging)


def _assessment(
    case: Case, found: Read, view: LearnedView | None, history: History, judging: Judging, pack: Pack
) -> Assessment:
    kind = lean_kind(view, judging.first(pack.tables.kind).kind, found, case, judging)
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
        evidence=(*found.reading.evidence(), *found.times.evidence, *(view.evidence if view else ())),
    )


def _target(case: Case, found: Read, fixed: CrossTarget, source: str) -> CrossTarget:
    if source == "tagged_target":
        return found.cross.tagged
    if source == "filed_target":
        return found.cross.filed
    if source == "threatened_target":
        return found.cross.threatened
    return case.key_facts.case_number_of if source == "case_number_of" else fixed
