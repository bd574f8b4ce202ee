"""Python reads this first where it is on its path: the process is then of a newer version of Kesu, with decisions v2.

It publishes `kesu.complaint.routed.v2` and reads both versions, as every process will once the upgrade is through.
"""

import sys
from typing import Union

import msgspec

from shared.events import routing

V1 = "kesu.complaint.routed.v1"
V2 = "kesu.complaint.routed.v2"


class ComplaintRouted(routing.ComplaintRouted, frozen=True, kw_only=True, tag=V2):
    """The decision as the newer version publishes it."""

    reviewed_by: str | None = None


class ComplaintRoutedV1(ComplaintRouted, frozen=True, kw_only=True, tag=V1):
    """The decision as older instances published it; handled like the newer one."""


routing.ComplaintRouted = ComplaintRouted  # type: ignore[misc]

from shared.events import registry  # noqa: E402 - it takes the struct from where it was just put

registry.EVENTS[V1] = ComplaintRoutedV1
registry.PUBLISHER_OF[V1] = "routing"
registry._decoder = msgspec.json.Decoder(Union[tuple(registry.EVENTS.values())])

from shared.pipeline import decoding  # noqa: E402


class BothVersions(decoding.LogReading):
    """Whoever reads decisions reads those of either version: some of the older ones may lie before it still."""

    def __init__(self, *, consumer: str, reads: frozenset[str]) -> None:
        super().__init__(consumer=consumer, reads=reads | {V1} if V2 in reads else reads)


decoding.LogReading = BothVersions  # type: ignore[misc]

if "verify" in sys.orig_argv:  # the newer version's `kesu verify`; services do not load it
    from kesu.verify import told

    told._READINGS[ComplaintRoutedV1] = told._READINGS[ComplaintRouted]
