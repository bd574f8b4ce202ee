"""The stack on the embedded servers: no Docker, no Java, no root."""

from collections.abc import Mapping
from typing import Any

from deploy.embedded.broker import Broker
from deploy.embedded.postgres import PostgresServer
from deploy.stack import Stack


class EmbeddedStack(Stack):
    """`async with EmbeddedStack() as stack:`; its options are those of `Stack`, and `fsync` of its database."""

    postgres: PostgresServer
    broker: Broker

    def __init__(self, *, fsync: bool = True, **options: Any) -> None:
        super().__init__(**options)
        self._fsync = fsync

    def _make_servers(self, ports: Mapping[str, int]) -> None:
        run_dir = self.run_dir
        self.postgres = PostgresServer(
            run_dir.path, log_file=run_dir.log_file("postgres"), port=ports["postgres"], fsync=self._fsync
        )
        self.broker = Broker(run_dir.path, log_file=run_dir.log_file("broker"), port=ports["kafka"])
