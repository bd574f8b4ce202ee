"""How far the learned layer moves a decision: beside what agents state and history knows, and never against a rule that has the last word."""

from typing import Final

from msgspec.structs import replace

from services.routing.model import Case
from services.routing.policy import learned
from services.routing.policy.pack import Pack
from services.routing.policy.rows import CauseRow
from services.routing.policy.weights import Tally
from services.routing.rules.cause import CauseRead
from services.routing.rules.facts import Read
from services.routing.rules.judging import Judging
from services.routing.rules.learned import LearnedView
from services.routing.rules.severity import Serious
from shared.events.intake import KeyFacts, Stated
from shared.events.routing import Cause, History, MatterKind, RuleFired

_NAMED_WITHIN: Final = 3 * learned.UNIT  # another cause is named when it is at least a twentieth as likely
_OTHERS_MAX: Final = 3
_NO_COMPLAINT: Final[tuple[MatterKind, ...]] = ("inquiry", "suggestion", "praise", "noise")
_NO_HISTORY: Final = History()
_NOTHING_STATED: Final = Stated()
_NO_FACTS: Final = KeyFacts()


def lean_cause(view: LearnedView, read: CauseRead, tally: Tally, pack: Pack) -> CauseRead:
    """The cause by the layer; what an agent stated stands, and so does a cause of which the layer learned nothing."""
    points = view.cause_points
    if read.stated or read.row.cause not in points:
        return read
    ranked: list[Cause] = sorted(points, key=lambda cause: -points[cause])
    main, *others = ranked
    named = [cause for cause in others if points[main] - points[cause] <= _NAMED_WITHIN][:_OTHERS_MAX]
    if main == read.row.cause:
        return replace(read, others=tuple(named))
    row = _heaviest(main, tally, pack)
    lost = (RuleFired("causes", read.row.id, won=False), *(rule for rule in read.rules if not rule.won))
    rules = (learned.CAUSE, RuleFired("causes", row.id), *(rule for rule in lost if rule.rule != row.id))
    return replace(read, row=row, others=tuple(named), rules=rules)


def _heaviest(cause: Cause, tally: Tally, pack: Pack) -> CauseRow:
    """The row of `cause` with most signs in the text; where it has none, the least specific there is."""
    rows = [(points, row) for points, row in zip(tally.causes, pack.causes, strict=True) if row.cause == cause]
    points, row = max(rows, key=lambda pair: pair[0])
    return pack.other_cause if cause == "other" and points <= 0 else row


def lean(view: LearnedView | None, read: Read, case: Case, history: History) -> tuple[Read, tuple[RuleFired, ...]]:
    """Emotion, repeat and abuse by the layer, with what of it differs from the rules. It takes no abuse away."""
    if not view:
        return read, ()
    emotion, repeat, abuse = read.emotion, read.repeat, read.abuse
    if view.emotion is not None and case.stated.emotion is None:
        history_added = read.emotion - view.emotion_read
        emotion = max(1, min(10, round(view.emotion) + history_added))
    if view.repeat is not None and case.stated.times_before is None:
        repeat = max(1, repeat) if view.repeat else history.same_cause_30d
    if view.abuse:
        abuse = True
    moved = (
        (learned.EMOTION, emotion != read.emotion),
        (learned.REPEAT, repeat != read.repeat),
        (learned.ABUSE, abuse != read.abuse),
    )
    fired = tuple(rule for rule, has_moved in moved if has_moved)
    return (replace(read, emotion=emotion, repeat=repeat, abuse=abuse), fired) if fired else (read, ())


def lean_kind(view: LearnedView | None, kind: MatterKind, read: Read, case: Case, judging: Judging) -> MatterKind:
    """The kind of matter by the layer. A complaint by its danger, abuse, or who it goes to, stays one."""
    if not view or view.complaint_points is None:
        return kind
    moved = kind
    if view.complaint_points > 0 and not read.reading.wordless:
        moved = "complaint"
    elif view.complaint_points <= 0 and kind == "complaint" and not _rules_have_the_last_word(read, case):
        points = read.tally.kinds
        moved = max(_NO_COMPLAINT, key=lambda other: max(0, points.get(other, 0)))
    if moved != kind:
        judging.trail.append(learned.KIND)
    return moved


def _rules_have_the_last_word(read: Read, case: Case) -> bool:
    said, cross = read.reading.said, read.cross
    return bool(
        read.danger or read.abuse or "violence" in said or "self_harm" in said
        or cross.tagged or cross.filed or cross.threatened or case.channel == "regulator" or case.key_facts.case_number_of
        or case.stated.cause or case.stated.sub_cause
    )  # fmt: skip


def lean_severity(
    view: LearnedView | None, serious: Serious, case: Case, history: History, judging: Judging, pack: Pack
) -> Serious:
    """The severity by the layer: no S1 is lowered, and what history or an agent knows is lowered by nothing."""
    if not view or view.severity is None or judging.labels["kind"] != "complaint" or serious.severity == "S1":
        return serious
    severity = view.severity
    beyond_words = history != _NO_HISTORY or case.stated != _NOTHING_STATED or case.key_facts != _NO_FACTS
    if beyond_words or case.customer_tier != "standard":
        severity = min(severity, serious.severity)  # S2 is more serious than S3
    if severity == serious.severity:
        return serious
    judging.trail.append(learned.SEVERITY)
    added = serious.priority - pack.settings.priority[serious.severity]
    return Serious(severity, serious.score, pack.settings.priority[severity] + added)
