"""PostgreSQL in a container: loopback only, with a password, its data kept over restarts and kills."""

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import asyncpg

from deploy.containers.container import ServerContainer, Shape
from deploy.containers.engine import POSTGRES_IMAGE
from deploy.embedded.ports import LOOPBACK, free_port
from deploy.servers import postgres_url

DATA: Final = "/var/lib/postgresql/data"
PORT: Final = 5_432
SUPERUSER: Final = "postgres"
SHM_BYTES: Final = 256 * 1024 * 1024
CONNECT_TIMEOUT_S: Final = 5.0
INITDB: Final = (
    "--encoding=UTF8 --locale=C.UTF-8 --locale-provider=builtin --builtin-locale=C.UTF-8 --auth-host=scram-sha-256 "
    "--no-sync --no-instructions"
)
SETTINGS: Final = {
    "max_connections": "120",
    "shared_buffers": "256MB",
    "jit": "off",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "30min",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_parameter_max_length_on_error": "0",  # parameters may be personal
    "log_error_verbosity": "terse",  # so may the details of an error: they quote rows
}


class PostgresContainer(ServerContainer):
    """One server. Without `port` a free one is chosen, and kept; `settings` (`-c`) win over what is set here.

    `fsync=False` only where the machine's crash is no matter; a killed server loses nothing either way. `mounts` shows
    the server files of ours (ours → inside). With `host_network` nothing lies between clients and server.
    """

    def __init__(
        self,
        *,
        port: int | None = None,
        fsync: bool = True,
        settings: Mapping[str, str] | None = None,
        mounts: Mapping[Path, str] | None = None,
        host_network: bool = False,
    ) -> None:
        super().__init__("postgres", host_network=host_network)
        self.port = port or free_port()
        self.password = secrets.token_urlsafe(24)
        self._settings = {"fsync": "on" if fsync else "off"} | SETTINGS | dict(settings or {})
        self._mounts = dict(mounts or {})

    def url(
        self, database: str = "postgres", *, user: str = SUPERUSER, password: str | None = None, port: int | None = None
    ) -> str:
        """How to connect: without a password, as the superuser; by `port` where something stands in between."""
        secret = self.password if password is None else password
        return postgres_url(database, user=user, password=secret, port=port or self.port)

    def _shape(self) -> Shape:
        where = {"listen_addresses": LOOPBACK, "port": str(self.port)} if self._host_network else {}
        settings = self._settings | where
        return Shape(
            image=POSTGRES_IMAGE,
            data=DATA,
            env={"POSTGRES_PASSWORD": self.password, "POSTGRES_INITDB_ARGS": INITDB},
            ports={} if self._host_network else {PORT: self.port},
            command=("postgres", *(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))),
            mounts=self._mounts,
            shm_bytes=SHM_BYTES,
        )

    async def _answers(self) -> bool:
        try:
            conn = await asyncpg.connect(self.url(), timeout=CONNECT_TIMEOUT_S)
        except (OSError, TimeoutError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError):
            return False  # it makes its data, or recovers it
        await conn.close()
        return True
