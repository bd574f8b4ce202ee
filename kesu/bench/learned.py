"""A pack with a layer learned from the generator's own complaints, for measuring what the layer costs: not how good it is."""

from datetime import datetime
from itertools import islice

from kesu.generator import generate
from kesu.generator.truth import Truth
from kesu.learning.examples import Example, Labels
from kesu.learning.packs import with_layer
from kesu.learning.training import train
from services.intake.rules.text import normalised
from services.routing.model import Case
from services.routing.policy.pack import Pack
from shared.events.submissions import ComplaintSubmission

EXAMPLES = 2_000


def learned_pack(pack: Pack, *, seed: int, now: datetime) -> Pack:
    """`pack` with such a layer."""
    made = generate(2 * EXAMPLES, seed=seed, start=now, facts=False)
    known = (
        Example(_case(one.submission, number, now), _labels(one.truth))
        for number, one in enumerate(made)
        if isinstance(one.submission, ComplaintSubmission)
    )
    return with_layer(pack, train(list(islice(known, EXAMPLES)), pack))


def _case(said: ComplaintSubmission, number: int, now: datetime) -> Case:
    text = normalised(said.text)
    return Case(complaint_id=str(number), channel=said.channel, lang=said.lang or "zh", text=text, received_at=now)


def _labels(truth: Truth) -> Labels:
    return Labels(
        is_complaint=truth.kind == "complaint", cause=truth.cause, cross_level=truth.cross_level, abuse=truth.abuse,
        repeat=truth.repeat > 0, severity=truth.severity, emotion=truth.emotion, demands=truth.demands,
    )  # fmt: skip
