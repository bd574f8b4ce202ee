"""What a fact of the log tells a verification, and no more: small enough to be put aside by the million."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, TypeAlias

import msgspec
from msgspec import Struct

from kesu.verify.keeps import signal_of_contact, signal_of_delivery
from shared.events import followup, intake, routing
from shared.events.envelope import ComplaintFact
from shared.events.followup import CallbackPlanned, PromiseOpened


class Opened(Struct, frozen=True, array_like=True):
    """A promise as it was opened."""

    id: str
    kind: str
    starts_at: datetime
    due_at: datetime


Calls: TypeAlias = tuple[tuple[str, str], ...]  # (callback, purpose)


class Told(Struct, frozen=True, array_like=True, tag=0):
    """A fact that changes nothing here but may be somebody's cause."""

    id: str
    cause: str


class Received(Told, frozen=True, array_like=True, tag=1):
    """The complaint came in."""


class Decided(Told, frozen=True, array_like=True, tag=2):
    """One revision of routing's decision."""

    revision: int
    kind: str
    severity: str


class Planned(Told, frozen=True, array_like=True, tag=3):
    """Promises and calls come onto the complaint."""

    opened: tuple[Opened, ...]
    calls: Calls


class Ended(Told, frozen=True, array_like=True, tag=4):
    """Promises ended as `how` (kept, renewed, broken), and others were opened; `after_s`: decided so long after due."""

    how: str
    promises: tuple[str, ...]
    opened: tuple[Opened, ...]
    calls: Calls
    after_s: float


class Settled(Told, frozen=True, array_like=True, tag=5):
    """A callback's attempt ended."""

    callback: str
    calls: Calls


class Closed(Told, frozen=True, array_like=True, tag=6):
    """Nothing is owed any more."""

    kept: tuple[str, ...]
    released: tuple[str, ...]
    calls: Calls


class Reopened(Told, frozen=True, array_like=True, tag=7):
    """It goes on."""

    opened: tuple[Opened, ...]
    calls: Calls


class Keeping(Told, frozen=True, array_like=True, tag=8):
    """What a person did that keeps promises, or ends all of them (`signal`: see keeps.py)."""

    signal: str
    accepted_at: datetime


AnyTold: TypeAlias = Told | Received | Decided | Planned | Ended | Settled | Closed | Reopened | Keeping
_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final[msgspec.msgpack.Decoder[AnyTold]] = msgspec.msgpack.Decoder(AnyTold)
encode: Final[Callable[[AnyTold], bytes]] = _encoder.encode
decode: Final[Callable[[bytes | memoryview], AnyTold]] = _decoder.decode


def told_by(event: ComplaintFact) -> AnyTold:
    """What `event` tells."""
    reading = _READINGS.get(type(event))
    return reading(event) if reading else Told(event.id, event.causation_id)


def _opened(promises: tuple[PromiseOpened, ...]) -> tuple[Opened, ...]:
    return tuple(Opened(p.promise_id, p.kind, p.starts_at, p.due_at) for p in promises)


def _calls(callbacks: tuple[CallbackPlanned, ...]) -> Calls:
    return tuple((c.callback_id, c.purpose) for c in callbacks)


def _decided(event: routing.ComplaintRouted) -> Decided:
    return Decided(event.id, event.causation_id, event.revision, event.assessment.kind, event.decision.severity)


def _planned(event: followup.FollowupPlanned) -> Planned:
    return Planned(event.id, event.causation_id, _opened(event.promises), _calls(event.callbacks))


def _kept(event: followup.PromiseKept) -> Ended:
    return Ended(
        event.id, event.causation_id, "kept", event.promise_ids, _opened(event.opened), _calls(event.callbacks), 0.0
    )


def _renewed(event: followup.PromiseRenewed) -> Ended:
    ids, opened = (event.promise_id,), (event.opened,)
    return Ended(event.id, event.causation_id, "renewed", ids, _opened(opened), _calls(event.callbacks), 0.0)


def _broken(event: followup.PromiseBroken) -> Ended:
    after_s = (event.decided_at - event.due_at).total_seconds() if event.decided_at else 0.0
    ids = (event.promise_id,)
    return Ended(event.id, event.causation_id, "broken", ids, _opened(event.opened), _calls(event.callbacks), after_s)


def _settled(event: followup.CallbackSettled) -> Settled:
    return Settled(event.id, event.causation_id, event.callback_id, _calls((event.next,) if event.next else ()))


def _closed(event: followup.ComplaintClosed) -> Closed:
    return Closed(event.id, event.causation_id, event.promises_kept, event.promises_released, _calls(event.callbacks))


def _reopened(event: followup.ComplaintReopened) -> Reopened:
    return Reopened(event.id, event.causation_id, _opened(event.opened), _calls(event.callbacks))


def _contact(event: intake.ContactRecorded) -> Told:
    signal = signal_of_contact(event)
    if not signal:
        return Told(event.id, event.causation_id)
    return Keeping(event.id, event.causation_id, signal, event.accepted_at)


def _delivered(event: intake.SolutionDelivered) -> Keeping:
    return Keeping(event.id, event.causation_id, signal_of_delivery(event), event.accepted_at)


def _ending(event: intake.ComplaintWithdrawn | intake.ComplaintsMerged) -> Keeping:
    return Keeping(event.id, event.causation_id, "ended", event.accepted_at)


_READINGS: Final[dict[type[ComplaintFact], Callable[[Any], AnyTold]]] = {
    intake.ComplaintReceived: lambda event: Received(event.id, event.causation_id),
    routing.ComplaintRouted: _decided,
    followup.FollowupPlanned: _planned,
    followup.PromiseKept: _kept,
    followup.PromiseRenewed: _renewed,
    followup.PromiseBroken: _broken,
    followup.CallbackSettled: _settled,
    followup.ComplaintClosed: _closed,
    followup.ComplaintReopened: _reopened,
    intake.ContactRecorded: _contact,
    intake.SolutionDelivered: _delivered,
    intake.ComplaintWithdrawn: _ending,
    intake.ComplaintsMerged: _ending,
}
