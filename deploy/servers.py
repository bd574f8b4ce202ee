"""What a stack asks of its database and of its broker, whichever way they were put up."""

from typing import Protocol
from urllib.parse import quote

from deploy.embedded.ports import LOOPBACK
from shared.log.access import Brokers


class Server(Protocol):
    """A server of ours on a fixed loopback port; `start` after `stop` or `kill` takes the same port."""

    port: int

    async def start(self) -> None:
        """Start it and wait until it takes work; raises CannotStart."""

    async def stop(self) -> None:
        """End it in order."""

    async def discard(self) -> None:
        """End it for good, with all it holds. Safe where it was never started."""

    @property
    def pid(self) -> int:
        """Of its first process, as the machine counts; raises CannotStart where it does not run."""

    @property
    def exit_status(self) -> int | None:
        """None while it runs; raises CannotStart where it was ended by us or never started."""

    def cpu_s(self) -> float:
        """Processor time of all its processes since the first start."""

    def pss_bytes(self) -> int:
        """Its memory now, pages shared with others counted in proportion."""

    def log_tail(self, lines_max: int = 20) -> str:
        """The last lines of its log."""


class DatabaseServer(Server, Protocol):
    """A PostgreSQL server that keeps its data over `stop`, `kill` and `start`."""

    password: str

    async def kill(self) -> None:
        """SIGKILL to all its processes."""

    async def restart(self, *, kill: bool = False) -> None:
        """End it (in order, or by SIGKILL) and start it again on its data."""

    def url(
        self,
        database: str = "postgres",
        *,
        user: str = "postgres",
        password: str | None = None,
        port: int | None = None,
    ) -> str:
        """How to connect: without a password, as the superuser; by `port` where something stands in between."""


class LogBroker(Server, Protocol):
    """A broker; `idempotent` says whether it knows idempotent producers."""

    cluster_id: str
    idempotent: bool

    @property
    def bootstrap(self) -> str:
        """Where Kafka clients connect."""

    @property
    def brokers(self) -> Brokers:
        """The same, as clients of ours want it."""


def postgres_url(database: str, *, user: str, password: str, port: int) -> str:
    """How to connect to a server of ours on the loopback interface."""
    return (
        f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}@{LOOPBACK}:{port}/{quote(database, safe='')}"
    )
