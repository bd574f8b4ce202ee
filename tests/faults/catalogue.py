"""The faults there are, as data, and seeded dice that draw from them."""

from collections.abc import Iterator, Sequence
from itertools import chain
from random import Random
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from deploy.embedded.environment import SERVICES

Server: TypeAlias = Literal["kafka", "postgres"]
SERVERS: Final[tuple[Server, ...]] = ("kafka", "postgres")

Kind: TypeAlias = Literal[
    "kill", "drain", "freeze", "zombie", "join_and_leave", "join_and_die",  # of a service (kill, freeze: of a server too)
    "ceiling", "restore", "roll",  # of tests of their own
    "away", "gone",  # a server, for all services, longer than every timeout: silent, or refusing
    "loss", "narrow",  # packets lost, or a narrow line, at a server
    "cut", "blackhole", "half_open", "latency", "bandwidth",  # between one service and one server
]  # fmt: skip
LINK_KINDS: Final[tuple[Kind, ...]] = ("cut", "blackhole", "half_open", "latency", "bandwidth")
SERVICE_KINDS: Final[tuple[Kind, ...]] = ("kill", "drain", "freeze", "zombie", "join_and_leave", "join_and_die")
LONGER_THAN_EVERY_TIMEOUT_S: Final = (7.0, 8.0)
LONGER_THAN_A_SESSION_S: Final = (3.0, 5.0)
SHORT_S: Final = (0.5, 2.0)


class Fault(Struct, frozen=True, kw_only=True):
    """One fault: `kind` happens to `target` (a service, a server, or `service-server`) for `seconds`.

    `amount` is the kind's own measure: the share of packets lost, seconds of latency, bytes or kbit per second.
    """

    kind: Kind
    target: str
    seconds: float
    amount: float = 0

    @property
    def name(self) -> str:
        """For people and reports."""
        return f"{self.kind} {self.target}"


def service_faults(dice: Random, *, rounds: int = 1) -> list[Fault]:
    """Every kind that can happen to a service, to every service, `rounds` times."""
    every = [(kind, target) for kind in SERVICE_KINDS for target in SERVICES] * rounds
    return _shuffled(dice, (_service_fault(dice, kind, target) for kind, target in every))


def link_faults(dice: Random, server: Server) -> list[Fault]:
    """Every kind that can happen between a service and `server`, for every service."""
    every = ((kind, service) for kind in LINK_KINDS for service in SERVICES)
    return _shuffled(dice, (link_fault(dice, kind, service, server) for kind, service in every))


def server_faults(dice: Random, *, rounds: int = 1) -> list[Fault]:
    """Servers killed, frozen, away from all, behind a bad line: each, for both servers, `rounds` times."""
    return _shuffled(dice, chain.from_iterable(_server_faults(dice, one) for one in SERVERS for _ in range(rounds)))


def link_fault(dice: Random, kind: Kind, service: str, server: Server) -> Fault:
    """One fault between a service and a server."""
    target = f"{service}-{server}"
    match kind:
        case "latency":
            return Fault(kind=kind, target=target, seconds=dice.uniform(3, 5), amount=dice.uniform(0.02, 0.15))
        case "bandwidth":
            return Fault(kind=kind, target=target, seconds=dice.uniform(3, 5), amount=dice.uniform(30_000, 200_000))
        case _:
            return Fault(kind=kind, target=target, seconds=dice.uniform(*LONGER_THAN_EVERY_TIMEOUT_S))


def _service_fault(dice: Random, kind: Kind, target: str) -> Fault:
    frozen = kind in ("freeze", "zombie")
    return Fault(kind=kind, target=target, seconds=dice.uniform(*(LONGER_THAN_A_SESSION_S if frozen else SHORT_S)))


def _server_faults(dice: Random, server: Server) -> Iterator[Fault]:
    yield Fault(kind="kill", target=server, seconds=dice.uniform(*SHORT_S))
    yield Fault(kind="freeze", target=server, seconds=dice.uniform(*LONGER_THAN_EVERY_TIMEOUT_S))
    yield Fault(kind="away", target=server, seconds=dice.uniform(*LONGER_THAN_EVERY_TIMEOUT_S))
    yield Fault(kind="gone", target=server, seconds=dice.uniform(*LONGER_THAN_EVERY_TIMEOUT_S))
    yield Fault(kind="loss", target=server, seconds=dice.uniform(4, 6), amount=dice.uniform(0.03, 0.15))
    yield Fault(kind="narrow", target=server, seconds=dice.uniform(4, 6), amount=dice.uniform(500, 4_000))


def _shuffled(dice: Random, faults: Iterator[Fault] | Sequence[Fault]) -> list[Fault]:
    found = list(faults)
    dice.shuffle(found)
    return found
