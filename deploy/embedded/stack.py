"""The whole of Kesu on one machine: database, broker, topics, migrations and services, living and dying as one."""

import asyncio
import secrets
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import asyncpg
import msgspec

from deploy.embedded import running
from deploy.embedded.broker import Broker
from deploy.embedded.environment import SERVICES, Surroundings, service_environment
from deploy.embedded.ports import free_ports, require_free
from deploy.embedded.postgres import PostgresServer
from deploy.embedded.run_dir import RunDir
from deploy.embedded.service_process import READY_TIMEOUT_S, ServiceProcess
from deploy.migrations.apply import apply_roles, migrate
from deploy.topics import ensure_topics

DATABASE = "kesu"
ROLES = ("admin", *SERVICES)


class EmbeddedStack:
    """`async with EmbeddedStack() as stack:` starts database and broker, migrated and with topics; services on demand.

    Enter it from the main thread: the kernel ends its processes when the thread that started them ends.
    `http_ports` (service → port) must be free; without it, and for the database and the broker without a port of their
    own, free ones are taken. `settings` (`KESU_…` → value) are given to every service. `master_key` (hex) is a fresh one
    unless given: two stacks with the same key call a customer by the same pseudonym.
    """

    def __init__(
        self,
        *,
        partitions: int = 2,
        clock_file: Path | None = None,
        http_ports: Mapping[str, int] | None = None,
        postgres_port: int | None = None,
        kafka_port: int | None = None,
        fsync: bool = True,
        submissions_days: int = 7,
        settings: Mapping[str, str] | None = None,
        parent_dir: Path | None = None,
        master_key: str | None = None,
    ) -> None:
        self.partitions = partitions
        self._clock_file = clock_file
        asked = {"postgres": postgres_port, "kafka": kafka_port} | dict(http_ports or {})
        self._given_ports = {name: port for name, port in asked.items() if port}
        self._fsync = fsync
        self._submissions_days = submissions_days
        self._settings = dict(settings or {})
        self._parent_dir = parent_dir
        self._master_key = master_key
        self._passwords = {role: secrets.token_urlsafe(24) for role in ROLES}
        self.run_dir: RunDir
        self.postgres: PostgresServer
        self.broker: Broker
        self.services: dict[str, ServiceProcess] = {}
        self._around: Surroundings

    async def __aenter__(self) -> Self:
        require_free(self._given_ports)
        self.run_dir = RunDir.create(self._parent_dir)
        try:
            self._prepare()
            await _together(self._start_database(), self._start_broker())
            self.run_dir.write_secret(running.FILE, msgspec.json.encode(self.whereabouts()).decode())
        except BaseException:
            await self._end()
            raise
        return self

    def whereabouts(self) -> running.Whereabouts:
        """How another command of this machine reaches this stack."""
        return running.Whereabouts(
            database_url=self.database_url(), kafka_bootstrap=self.bootstrap,
            master_key_file=str(self.master_key_file), clock_file=str(self._clock_file) if self._clock_file else None,
            http={name: service.url for name, service in self.services.items()},
        )  # fmt: skip

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._end()

    def database_url(self, role: str = "admin") -> str:
        """How `role` (admin, or a service) connects to the database."""
        return self.postgres.url(DATABASE, user=f"kesu_{role}", password=self._passwords[role])

    @property
    def bootstrap(self) -> str:
        """Where Kafka clients connect."""
        return self.broker.bootstrap

    @property
    def master_key_file(self) -> Path:
        """The vault's master key."""
        return self._around.master_key_file

    def url(self, name: str) -> str:
        """The address of a service's HTTP interface."""
        return self.services[name].url

    def service_env(self, name: str) -> dict[str, str]:
        """The environment of service `name`."""
        return service_environment(
            self._around,
            database_url=self.database_url(name),
            http_port=self.services[name].http_port,
            reporting_url=self.services["reporting"].url,
        )

    async def start_service(
        self, name: str, *, settings: Mapping[str, str] | None = None, timeout_s: float = READY_TIMEOUT_S
    ) -> None:
        """Start it, with `settings` (`KESU_…`) of this start alone, and wait until it is ready."""
        self.services[name].launch(self.service_env(name) | dict(settings or {}))
        await self.services[name].ready(timeout_s=timeout_s)

    async def start_services(self, names: Sequence[str] = SERVICES, *, timeout_s: float = READY_TIMEOUT_S) -> None:
        """Start them together and wait until all are ready."""
        for name in names:
            self.services[name].launch(self.service_env(name))
        await _together(*(self.services[name].ready(timeout_s=timeout_s) for name in names))

    async def stop_service(self, name: str) -> int | None:
        """End it in order; returns its exit status."""
        return await self.services[name].stop()

    async def kill_service(self, name: str) -> None:
        """SIGKILL."""
        await self.services[name].kill()

    async def restart_service(self, name: str, *, kill: bool = False) -> None:
        """End it (in order, or by SIGKILL) and start it again."""
        await (self.kill_service(name) if kill else self.stop_service(name))
        await self.start_service(name)

    def ended(self) -> dict[str, int]:
        """Which of the processes that should run have ended by themselves, with their exit status."""
        found = {name: service.exit_status for name, service in self.services.items()}
        found |= {"postgres": self.postgres.exit_status, "broker": self.broker.exit_status}
        return {name: status for name, status in found.items() if status is not None}

    def log_tail(self, name: str) -> str:
        """The last lines that `name` (postgres, broker, or a service) wrote."""
        return self.run_dir.log_tail(name)

    def cpu_s(self) -> dict[str, float]:
        """Processor time so far, by part: postgres, broker and each service."""
        services = {name: service.cpu_s() for name, service in self.services.items()}
        return {"postgres": self.postgres.cpu_s(), "broker": self.broker.cpu_s()} | services

    def pss_bytes(self) -> dict[str, int]:
        """Memory now, by part that runs."""
        services = {name: one.child.pss_bytes() for name, one in self.services.items() if one.is_running}
        return {"postgres": self.postgres.pss_bytes(), "broker": self.broker.pss_bytes()} | services

    def _prepare(self) -> None:
        run_dir, ports = self.run_dir, self._ports()
        self.postgres = PostgresServer(
            run_dir.path, log_file=run_dir.log_file("postgres"), port=ports["postgres"], fsync=self._fsync
        )
        self.broker = Broker(run_dir.path, log_file=run_dir.log_file("broker"), port=ports["kafka"])
        self.services = {
            name: ServiceProcess(name, http_port=ports[name], log_file=run_dir.log_file(name)) for name in SERVICES
        }
        self._around = Surroundings(
            kafka_bootstrap=self.broker.bootstrap,
            master_key_file=run_dir.make_master_key(self._master_key),
            clock_file=self._clock_file,
            partitions=self.partitions,
            settings=self._settings,
        )

    def _ports(self) -> dict[str, int]:
        names = ("postgres", "kafka", *SERVICES)
        return dict(zip(names, free_ports(len(names)), strict=True)) | self._given_ports

    async def _start_broker(self) -> None:
        await self.broker.start()
        await ensure_topics(self.bootstrap, partitions=self.partitions, submissions_days=self._submissions_days)

    async def _start_database(self) -> None:
        await self.postgres.start()
        conn = await asyncpg.connect(self.postgres.url(), timeout=30)
        try:
            await conn.execute(f"CREATE DATABASE {DATABASE}")
        finally:
            await conn.close()
        await apply_roles(self.postgres.url(DATABASE), passwords={f"kesu_{r}": p for r, p in self._passwords.items()})
        await migrate(self.database_url())

    async def _end(self) -> None:
        """Services first (they finish what they have in hand), then what they stand on, then the directory."""
        try:
            await _together(*(service.stop() for service in self.services.values()))
        finally:
            try:
                if self.services:
                    await _together(self.broker.stop(), self.postgres.stop())
            finally:
                self.run_dir.remove()


async def _together(*work: Coroutine[Any, Any, Any]) -> None:
    """Do all of it at once; where one fails, end the others before its error goes on."""
    try:
        async with asyncio.TaskGroup() as group:
            for one in work:
                group.create_task(one)
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
