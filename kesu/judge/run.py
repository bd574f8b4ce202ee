"""One measurement: which rows, which systems, in which order."""

from collections.abc import Callable, Sequence

from kesu.assessing.rows import InputRow
from kesu.judge.english import measured_english
from kesu.judge.labelled import Labelled, LabelledRow
from kesu.judge.parts import Which
from kesu.judge.report import Of, Report, measured
from kesu.judge.systems import Learn, judge_learned, judge_rows
from services.routing.policy.pack import Pack


def measure(
    labelled: Labelled, *, which: Which, pack: Pack, learn: Learn | None, tell: Callable[[str], None],
    english: Sequence[InputRow] = (),
) -> Report:  # fmt: skip
    """Both systems (without `learn` the rules alone) on the rows of `which`; the twice-labelled ones are unread too.

    While only rows that may be read are measured, no other row is learned from either.
    """
    known = labelled.once if which == "unread" else [row for row in labelled.once if not row.unread]
    sets: list[tuple[str, Sequence[LabelledRow]]] = [
        (which, [row for row in known if row.unread == (which == "unread")])
    ]
    if which == "unread":
        sets.append(("twice labelled", labelled.twice))
    found: list[Of] = []
    for name, rows in sets:
        tell(f"规则 | rules: {name}, {len(rows):,}")
        found.append(measured("rules", name, rows, judge_rows(rows, pack)))
        if learn:
            tell(f"规则与学习层 | rules and layer: {name}, {len(rows):,}")
            found.append(measured("layer", name, rows, judge_learned(rows, known, learn)))
    tell(f"英文 | English: {len(english):,}")
    told = measured_english(english, pack) if english else None
    return Report(parts=which, pack=pack.content_hash, measured=tuple(found), english=told)
