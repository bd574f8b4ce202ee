"""Makes the submission of one matter: words, customer, key facts, and what the agent stated."""

from datetime import datetime
from typing import Final

from kesu.generator.dice import Dice
from kesu.generator.key_facts import draw_key_facts
from kesu.generator.mixture import CAUSE_OF, SUB_CAUSES, Matter, severity_hint
from kesu.generator.particulars import Particulars
from kesu.generator.people import Person, as_seen
from kesu.generator.sources import number, source_of, taken_by
from kesu.generator.truth import Contradiction, Generated, Truth
from kesu.generator.wording import write
from shared.events.intake import Channel, Stated
from shared.events.submissions import ComplaintSubmission, Customer

COMPLAINT: Final = "kesu.submission.complaint.v1"
_STATING: Final[dict[Channel, float]] = {"hotline": 0.6, "shop": 0.5, "regulator": 0.3}
_WRONG_CAUSE_SHARE: Final = 0.07


def make_complaint(
    dice: Dice,
    matter: Matter,
    person: Person,
    *,
    at: datetime,
    run: str,
    serial: int,
    customer: Customer | None = None,
    text: str = "",
) -> Generated:
    """The submission of `matter`; `serial` must be new in the run. A `customer` and `text` given are sent as they are."""
    particulars = Particulars(dice, matter, person, at)
    facts, missing, contradiction = draw_key_facts(dice, particulars)
    truth = _truth(matter, person, missing=missing, contradiction=contradiction)
    source, prefix = source_of(matter)
    submission = ComplaintSubmission(
        source=source,
        source_id=number(prefix, at, run=run, serial=serial),
        occurred_at=at,
        channel=matter.channel,
        customer=customer or as_seen(dice, person, matter.channel),
        text=text or write(dice, particulars),
        lang=matter.lang if dice.chance(0.9) else None,
        time_zone=person.place.time_zone,
        order_number=particulars.order if facts.has_order_number else "",
        key_facts=facts,
        stated=_stated(dice, matter),
        taken_by=taken_by(dice, matter.channel),
    )
    return Generated(COMPLAINT, at, submission, truth)


def _truth(matter: Matter, person: Person, *, missing: tuple[str, ...], contradiction: Contradiction) -> Truth:
    key_account = person.tier == "key_account"
    return Truth(
        kind=matter.kind, lang=matter.lang, cause=matter.cause, sub_cause=matter.sub_cause, emotion=matter.emotion,
        cross_level=matter.cross_level, cross_target=matter.cross_target, demands=matter.demands,
        severity=severity_hint(matter, key_account=key_account),
        repeat=matter.repeat, wave=matter.wave, abuse=matter.abuse, danger=matter.danger, group=matter.group,
        vulnerable=matter.vulnerable, key_account=key_account, missing=missing, contradiction=contradiction,
    )  # fmt: skip


def _stated(dice: Dice, matter: Matter) -> Stated:
    """What the agent ticked; now and then the wrong cause."""
    if matter.kind != "complaint" or not dice.chance(_STATING.get(matter.channel, 0.0)):
        return Stated()
    wrong = dice.chance(_WRONG_CAUSE_SHARE)
    sub_cause = dice.weighted(SUB_CAUSES) if wrong else matter.sub_cause
    with_cause = dice.chance(0.85)
    return Stated(
        cause=CAUSE_OF[sub_cause] if with_cause else "",
        sub_cause=sub_cause if with_cause and dice.chance(0.7) else "",
        emotion=max(1, min(10, matter.emotion + dice.whole(-1, 1))) if dice.chance(0.7) else None,
        demands=matter.demands if dice.chance(0.7) else (),
        vulnerable=matter.vulnerable,
        danger=matter.danger,
        times_before=matter.repeat if matter.repeat and dice.chance(0.7) else None,
    )
