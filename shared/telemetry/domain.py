"""What published facts say in figures: decisions by severity, promises by state, callbacks, dead letters."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final, TypeAlias, cast, get_args

from shared.events import followup as f
from shared.events.envelope import Fact
from shared.events.registry import decode, type_of
from shared.events.routing import ComplaintRouted
from shared.pipeline.dead_letters import TYPE as DEAD_LETTER
from shared.pipeline.dead_letters import read_letter
from shared.pipeline.records import Outgoing
from shared.telemetry import names
from shared.telemetry.names import Metric

Series: TypeAlias = tuple[Metric, tuple[str, ...]]
Counts: TypeAlias = Counter[Series]
_Planning: TypeAlias = (
    f.FollowupPlanned | f.PromiseKept | f.PromiseRenewed | f.PromiseBroken | f.ComplaintClosed | f.ComplaintReopened
)


def counted(events: Sequence[Outgoing]) -> Counts:
    """How much each series grows by these events: one by type, and what the facts among them say."""
    counts: Counts = Counter()
    for type_, number in Counter([event.type for event in events]).items():
        counts[names.PUBLISHED, (type_,)] = number
        if type_ == DEAD_LETTER:
            letters = (read_letter(event.value) for event in events if event.type == type_)
            counts.update((names.DEAD_LETTERS, (letter.code,)) for letter in letters)
        elif (told := _TOLD.get(type_)) is not None:
            for event in events:
                if event.type == type_:
                    counts.update(told(_fact(event)))
    return counts


def lapse_delays_s(events: Sequence[Outgoing], now: datetime) -> list[float]:
    """Of each promise that these events say was broken: seconds from its due time to `now`."""
    return [(now - cast(f.PromiseBroken, _fact(e)).due_at).total_seconds() for e in events if e.type == BROKEN]


def _fact(event: Outgoing) -> Fact:
    """The event itself, where it was decided just now; what comes from the store is read."""
    return event.fact or decode(event.value)


def _decision(event: Fact) -> Iterable[Series]:
    routed = cast(ComplaintRouted, event)
    yield names.DECISIONS, (routed.decision.severity, routed.assessment.kind)


def _planned(event: Fact) -> Iterable[Series]:
    """What a plan, or the end of a promise, opens and cancels."""
    planning, opened = cast(_Planning, event), tuple[f.PromiseOpened, ...]()
    match planning:
        case f.FollowupPlanned():
            opened = planning.promises
        case f.ComplaintReopened():
            opened = planning.opened
        case f.PromiseRenewed(kind=kind):
            opened = (planning.opened,)
            yield names.PROMISES, ("renewed", kind)
        case f.PromiseKept(kinds=kinds):
            opened = planning.opened
            yield from ((names.PROMISES, ("kept", kind)) for kind in kinds)
        case f.PromiseBroken(kind=kind):
            opened = planning.opened
            yield names.PROMISES, ("broken", kind)
        case f.ComplaintClosed(promises_kept=kept, promises_released=released):
            yield from ((names.PROMISES, ("kept", "")) for _ in kept)
            yield from ((names.PROMISES, ("released", "")) for _ in released)
    yield from ((names.PROMISES, ("opened", one.kind)) for one in opened)
    yield from ((names.CALLBACKS, ("planned",)) for _ in planning.callbacks)
    if not isinstance(planning, f.FollowupPlanned | f.ComplaintReopened):
        yield from ((names.CALLBACKS, ("cancelled",)) for _ in planning.callbacks_cancelled)


def _requested(_event: Fact) -> Iterable[Series]:
    yield names.CALLBACKS, ("requested",)


def _settled(event: Fact) -> Iterable[Series]:
    settled = cast(f.CallbackSettled, event)
    yield names.CALLBACKS, (settled.outcome,)
    if settled.next is not None:
        yield names.CALLBACKS, ("planned",)


BROKEN: Final = type_of(f.PromiseBroken)
_TOLD: Final[dict[str, Callable[[Fact], Iterable[Series]]]] = {
    type_of(ComplaintRouted): _decision,
    type_of(f.CallbackRequested): _requested,
    type_of(f.CallbackSettled): _settled,
    **{type_of(struct): _planned for struct in get_args(_Planning)},
}
