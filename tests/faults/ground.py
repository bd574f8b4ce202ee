"""What faults are injected into: all of Kesu on Apache Kafka and PostgreSQL, each service behind ways of its own to both."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from types import TracebackType
from typing import Any, Final, Literal, Self, TypeAlias

from deploy.containers.kafka import Listener
from deploy.containers.stack import ContainerStack
from deploy.embedded.environment import SERVICES
from deploy.embedded.ports import free_ports
from kesu.demo.session import Plan, Session, demo_session
from tests.faults.proxy import Proxy

Server: TypeAlias = Literal["kafka", "postgres"]
PLAN: Final = Plan(complaints=500, seed=21, arrivals=timedelta(hours=12), afterwards=timedelta(hours=36))
MASTER_KEY: Final = "3e" * 32
# Every timeout is short, so that a fault of some seconds outlasts them all.
TIMEOUTS: Final = {
    "KESU_SESSION_TIMEOUT_MS": "2000",
    "KESU_KAFKA_REQUEST_TIMEOUT_MS": "3000",
    "KESU_PRODUCE_TIMEOUT_S": "3",
    "KESU_PUBLISH_TIMEOUT_S": "3",
    "KESU_DATABASE_COMMAND_TIMEOUT_S": "3",
    "KESU_DATABASE_CONNECT_TIMEOUT_S": "2",
    "KESU_RETRY_DELAY_S_MAX": "1",
    "KESU_PROBE_EVERY_S": "0.3",
    "KESU_PROBE_TIMEOUT_S": "1",
}
LONGER_THAN_ALL_S: Final = 6.0


class Centre(ContainerStack):
    """The stack with a proxy per service and server; frozen instances are not asked how far they are."""

    def __init__(self, **options: Any) -> None:
        ports = iter(free_ports(2 * len(SERVICES)))
        self._kafka_ports = {name: next(ports) for name in SERVICES}
        self._postgres_ports = {name: next(ports) for name in SERVICES}
        listeners = [Listener(name=name.upper(), advertised_port=port) for name, port in self._kafka_ports.items()]
        super().__init__(listeners=listeners, **options)
        self.ways: dict[tuple[str, Server], Proxy] = {}
        self.frozen: set[str] = set()

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        try:
            for name in SERVICES:
                kafka, postgres = self._kafka_ports[name], self._postgres_ports[name]
                self.ways[name, "kafka"] = Proxy(port=kafka, target_port=self.broker.listener_port(name.upper()))
                self.ways[name, "postgres"] = Proxy(port=postgres, target_port=self.postgres.port)
                self.detour(name, kafka_port=kafka, postgres_port=postgres)
            for way in self.ways.values():
                await way.open()
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for way in self.ways.values():
            way.as_before()
        await super().__aexit__(kind, error, trace)
        for way in self.ways.values():
            await way.close()

    def urls(self) -> list[str]:
        """Where those are that can answer."""
        frozen = {self.services[name].url for name in self.frozen}
        return [url for url in super().urls() if url not in frozen]

    def all_ways(self, server: Server) -> list[Proxy]:
        """The ways of all services to one server."""
        return [way for (_, to), way in self.ways.items() if to == server]


@asynccontextmanager
async def disturbed(plan: Plan = PLAN) -> AsyncIterator[tuple[Session, Centre]]:
    """A session on such a centre, services ready."""
    async with demo_session(plan, master_key=MASTER_KEY, settings=TIMEOUTS, make_stack=Centre) as session:
        centre = session.stack
        assert isinstance(centre, Centre)
        yield session, centre
