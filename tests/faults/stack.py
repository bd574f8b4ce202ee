"""A stack on Apache Kafka and PostgreSQL in which each service reaches each of the two through a proxy of its own."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Final, Self

from deploy.containers.container import ServerContainer
from deploy.containers.kafka import Listener
from deploy.containers.stack import ContainerStack
from deploy.embedded.environment import SERVICES
from deploy.embedded.ports import free_ports
from tests.faults.catalogue import Server
from tests.faults.proxy import Proxy, Way

# All timeouts are settings; here they are short, so that what is away is soon away for longer than every one of them.
SETTINGS: Final[Mapping[str, str]] = {
    "KESU_FETCH_WAIT_MS_MAX": "25",
    "KESU_WATERMARK_S": "0.05",
    "KESU_SESSION_TIMEOUT_MS": "2000",
    "KESU_KAFKA_REQUEST_TIMEOUT_MS": "3000",
    "KESU_PRODUCE_TIMEOUT_S": "3",
    "KESU_DATABASE_CONNECT_TIMEOUT_S": "2",
    "KESU_DATABASE_COMMAND_TIMEOUT_S": "4",
    "KESU_RETRY_DELAY_S_MAX": "1",
    "KESU_PUBLISH_TIMEOUT_S": "3",
    "KESU_PROBE_EVERY_S": "0.5",
    "KESU_PROBE_TIMEOUT_S": "1",
}


class ProxiedStack(ContainerStack):
    """Its proxies are `link(service, server)`; tests themselves go to the servers without one."""

    def __init__(self, *, settings: Mapping[str, str] | None = None, **options: Any) -> None:
        self._advertised = dict(zip(SERVICES, free_ports(len(SERVICES)), strict=True))
        listeners = [Listener(name=name.upper(), advertised_port=port) for name, port in self._advertised.items()]
        super().__init__(settings={**SETTINGS, **(settings or {})}, listeners=listeners, **options)
        self._links: dict[tuple[str, Server], Proxy] = {}

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        try:
            for service, port in self._advertised.items():
                kafka = Proxy(self.broker.listener_port(service.upper()), port=port)
                postgres = Proxy(self.postgres.port)
                self._links |= {(service, "kafka"): kafka, (service, "postgres"): postgres}
                for proxy in (kafka, postgres):
                    await proxy.start()
                self.detour(service, kafka_port=kafka.port, postgres_port=postgres.port)
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await super().__aexit__(kind, error, trace)
        finally:
            for proxy in self._links.values():
                await proxy.stop()

    def server(self, name: str) -> ServerContainer:
        """The container called `name` in the catalogue."""
        servers: dict[str, ServerContainer] = {"kafka": self.broker, "postgres": self.postgres}
        return servers[name]

    def link(self, service: str, server: Server) -> Proxy:
        """The proxy between them."""
        return self._links[service, server]

    async def set_all(self, server: Server, way: Way) -> None:
        """How every service reaches `server`."""
        for service in SERVICES:
            await self._links[service, server].set(way)
