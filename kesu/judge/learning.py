"""The second system: the pack with a layer learned from labelled rows. Needs the extra `kesu[learn]`."""

from collections import Counter
from collections.abc import Sequence

from kesu.assessing.cases import Cases
from kesu.assessing.rows import InputRow
from kesu.judge.labelled import LabelledRow, Labels, NoLabels
from kesu.judge.systems import CHANNEL, NOW, Learn
from kesu.learning.examples import CannotLearn, Example
from kesu.learning.examples import Labels as CaseLabels
from kesu.learning.packs import with_layer
from kesu.learning.training import train
from services.intake.key_table import key_table
from services.routing.policy.pack import Pack


def learner(pack: Pack) -> Learn:
    """Learns beside the rules of `pack`. What it returns raises NoLabels where rows teach nothing."""
    cases = Cases(table=key_table(), now=NOW, notes=Counter(), channel=CHANNEL)

    def learn(rows: Sequence[LabelledRow]) -> Pack:
        known = [
            Example(cases.case(InputRow(id=row.labels.id, text=row.text), number=number), _said(row.labels))
            for number, row in enumerate(rows, 1)
        ]
        try:
            return with_layer(pack, train(known, pack))
        except CannotLearn as error:
            raise NoLabels(zh=error.zh, en=error.en) from None

    return learn


def _said(labels: Labels) -> CaseLabels:
    return CaseLabels(
        is_complaint=labels.is_complaint, cause=labels.cause, also=labels.also, cross_level=labels.cross_level,
        abuse=labels.abuse, repeat=labels.repeat, severity=labels.severity, emotion=labels.emotion,
        demands=labels.demands,
    )  # fmt: skip
