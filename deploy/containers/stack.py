"""The stack on Apache Kafka and PostgreSQL in containers; the services are processes of this machine as ever."""

from collections.abc import Mapping, Sequence
from typing import Any

from deploy.containers.engine import KAFKA_IMAGE, POSTGRES_IMAGE, require_engine
from deploy.containers.kafka import KafkaContainer, Listener
from deploy.containers.postgres import PostgresContainer
from deploy.stack import Stack


class ContainerStack(Stack):
    """`async with ContainerStack() as stack:`; its options are those of `Stack`, and of both containers.

    For what is measured use `host_network`: published ports cost every byte a way through one more process. To cut one
    service from Kafka ask for a listener of its own, put a proxy on its advertised port, and see `detour`.
    """

    postgres: PostgresContainer
    broker: KafkaContainer

    def __init__(
        self,
        *,
        fsync: bool = True,
        host_network: bool = False,
        listeners: Sequence[Listener] = (),
        kafka_settings: Mapping[str, str] | None = None,
        postgres_settings: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self._fsync = fsync
        self._host_network = host_network
        self._listeners = tuple(listeners)
        self._kafka_settings = kafka_settings
        self._postgres_settings = postgres_settings

    def _make_servers(self, ports: Mapping[str, int]) -> None:
        require_engine(KAFKA_IMAGE, POSTGRES_IMAGE)
        self.postgres = PostgresContainer(
            port=ports["postgres"],
            fsync=self._fsync,
            settings=self._postgres_settings,
            host_network=self._host_network,
        )
        self.broker = KafkaContainer(
            port=ports["kafka"],
            listeners=self._listeners,
            settings=self._kafka_settings,
            host_network=self._host_network,
        )
