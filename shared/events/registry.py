"""The closed list of events: which type is which struct, who publishes it, and how it is read and written."""

import re
from collections.abc import Iterable
from typing import Final, Union

import msgspec

from shared.events import followup, intake, routing
from shared.events.envelope import Fact

PUBLISHERS: Final[dict[str, tuple[type[Fact], ...]]] = {
    "intake": (
        intake.ComplaintReceived,
        intake.ContactRecorded,
        intake.InformationSupplied,
        intake.AssignmentAccepted,
        intake.AssignmentRefused,
        intake.SolutionProposed,
        intake.SolutionDelivered,
        intake.ComplaintWithdrawn,
        intake.ComplaintsLinked,
        intake.ComplaintsMerged,
        intake.ComplaintsSplit,
        intake.SurveyAnswered,
        intake.StrategyOverridden,
        intake.ComplaintRepinned,
        intake.RosterChanged,
        intake.PackSubmitted,
        intake.IncidentConfirmed,
        intake.IncidentDismissed,
        intake.CustomerErased,
    ),
    "routing": (routing.ComplaintRouted, routing.PackActivated, routing.PackRefused),
    "followup": (
        followup.FollowupPlanned,
        followup.PromiseKept,
        followup.PromiseRenewed,
        followup.PromiseBroken,
        followup.HoldingReplyRequested,
        followup.CallbackRequested,
        followup.CallbackSettled,
        followup.ComplaintClosed,
        followup.ComplaintReopened,
    ),
}


def type_of(struct: type[Fact]) -> str:
    """The event type (`kesu.complaint.received.v1`) that `struct` stands for."""
    return str(struct.__struct_config__.tag)


EVENTS: Final[dict[str, type[Fact]]] = {type_of(s): s for structs in PUBLISHERS.values() for s in structs}
PUBLISHER_OF: Final[dict[str, str]] = {type_of(s): name for name, structs in PUBLISHERS.items() for s in structs}
_VERSION: Final = re.compile(r"(.+)\.v([0-9]{1,6})", re.ASCII)


def _newest(types: Iterable[str]) -> dict[str, int]:
    newest: dict[str, int] = {}
    for found in filter(None, map(_VERSION.fullmatch, types)):
        newest[found[1]] = max(int(found[2]), newest.get(found[1], 0))
    return newest


NEWEST: Final[dict[str, int]] = _newest(EVENTS)

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Fact] = msgspec.json.Decoder(Union[tuple(EVENTS.values())])


def encode(event: Fact) -> bytes:
    """The event's bytes on the log: JSON, the same for the same event."""
    return _encoder.encode(event)


def decode(value: bytes) -> Fact:
    """The event in `value`; raises msgspec.DecodeError where it is none of `EVENTS`."""
    return _decoder.decode(value)


def is_newer_version(type_: str) -> bool:
    """Whether `type_` is a later version of a type known here (a rolling upgrade is under way: stop, discard nothing)."""
    found = _VERSION.fullmatch(type_)
    return found is not None and int(found[2]) > NEWEST.get(found[1], 999_999)
