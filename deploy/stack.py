"""The whole of Kesu on one machine: database, broker, topics, migrations and services, living and dying as one."""

import asyncio
import secrets
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import asyncpg
import msgspec

from deploy.embedded import running
from deploy.embedded.environment import SERVICES, Surroundings, service_environment
from deploy.embedded.ports import LOOPBACK, free_port, free_ports, require_free
from deploy.embedded.run_dir import RunDir
from deploy.embedded.service_process import READY_TIMEOUT_S, ServiceProcess
from deploy.migrations.apply import apply_roles, migrate
from deploy.servers import DatabaseServer, LogBroker
from deploy.topics import ensure_topics
from shared.log.access import Brokers

DATABASE = "kesu"
ROLES = ("admin", *SERVICES)


class Detour(msgspec.Struct, frozen=True, kw_only=True):
    """Ports of 127.0.0.1 at which one service reaches broker and database, where not at their own."""

    kafka_port: int | None = None
    postgres_port: int | None = None


class Stack(ABC):
    """`async with … as stack:` starts database and broker, migrated and with topics; services on demand.

    Which database and broker, a subclass says: `EmbeddedStack`, `ContainerStack`. Enter it from the main thread: the
    kernel ends its processes when the thread that started them ends. `http_ports` (service → port) must be free; without
    it, and for the database and the broker without a port of their own, free ones are taken. `settings` (`KESU_…` →
    value) are given to every service. `master_key` (hex) is a fresh one unless given: two stacks with the same key call
    a customer by the same pseudonym.
    """

    run_dir: RunDir
    postgres: DatabaseServer
    broker: LogBroker
    _around: Surroundings

    def __init__(
        self,
        *,
        partitions: int = 2,
        clock_file: Path | None = None,
        http_ports: Mapping[str, int] | None = None,
        postgres_port: int | None = None,
        kafka_port: int | None = None,
        submissions_days: int = 7,
        settings: Mapping[str, str] | None = None,
        parent_dir: Path | None = None,
        master_key: str | None = None,
    ) -> None:
        self.partitions = partitions
        self._clock_file = clock_file
        asked = {"postgres": postgres_port, "kafka": kafka_port} | dict(http_ports or {})
        self._given_ports = {name: port for name, port in asked.items() if port}
        self._submissions_days = submissions_days
        self._settings = dict(settings or {})
        self._parent_dir = parent_dir
        self._master_key = master_key
        self._passwords = {role: secrets.token_urlsafe(24) for role in ROLES}
        self._detours: dict[str, Detour] = {}
        self.services: dict[str, ServiceProcess] = {}

    @abstractmethod
    def _make_servers(self, ports: Mapping[str, int]) -> None:
        """Set `postgres` and `broker`, not started yet, on `ports` (postgres, kafka)."""

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

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._end()

    def whereabouts(self) -> running.Whereabouts:
        """How another command of this machine reaches this stack."""
        return running.Whereabouts(
            database_url=self.database_url(), kafka_bootstrap=self.bootstrap,
            master_key_file=str(self.master_key_file), clock_file=str(self._clock_file) if self._clock_file else None,
            http={name: service.url for name, service in self.services.items()},
        )  # fmt: skip

    def database_url(self, role: str = "admin", *, port: int | None = None) -> str:
        """How `role` (admin, or a service) connects to the database; by its own port unless another is given."""
        return self.postgres.url(DATABASE, user=f"kesu_{role}", password=self._passwords[role], port=port)

    @property
    def bootstrap(self) -> str:
        """Where Kafka clients connect."""
        return self.broker.bootstrap

    @property
    def brokers(self) -> Brokers:
        """The same, as clients of ours want it."""
        return self.broker.brokers

    @property
    def master_key_file(self) -> Path:
        """The vault's master key."""
        return self._around.master_key_file

    def url(self, name: str, *, instance: int = 1) -> str:
        """The address of a service's HTTP interface."""
        return self.services[instance_name(name, instance)].url

    def urls(self) -> list[str]:
        """Where all of Kesu's services are: the first instances always, others while they run."""
        return [one.url for name, one in self.services.items() if name in SERVICES or one.is_running]

    def detour(self, name: str, *, kafka_port: int | None = None, postgres_port: int | None = None) -> None:
        """From its next start on, service `name` (all its instances) reaches broker or database at these ports.

        Whatever listens there must pass on to them; and Kafka sends clients to the address it advertises, so the port
        must be the advertised one of a listener that was asked for.
        """
        self._detours[name] = Detour(kafka_port=kafka_port, postgres_port=postgres_port)

    def service_env(self, name: str, *, instance: int = 1) -> dict[str, str]:
        """The environment of service `name`."""
        detour = self._detours.get(name, Detour())
        env = service_environment(
            self._around,
            database_url=self.database_url(name, port=detour.postgres_port),
            http_port=self.services[instance_name(name, instance)].http_port,
            reporting_url=self.services["reporting"].url,
        )
        return env | ({"KESU_KAFKA_BOOTSTRAP": f"{LOOPBACK}:{detour.kafka_port}"} if detour.kafka_port else {})

    async def start_service(
        self,
        name: str,
        *,
        instance: int = 1,
        settings: Mapping[str, str] | None = None,
        timeout_s: float = READY_TIMEOUT_S,
    ) -> None:
        """Start it, with `settings` (`KESU_…`) of this start alone, and wait until it is ready.

        Another `instance` than the first is one more process of the same service, with a port and a log of its own; in
        `services` it is called `<name>-<instance>`.
        """
        called = instance_name(name, instance)
        if called not in self.services:
            log_file = self.run_dir.log_file(called)
            self.services[called] = ServiceProcess(name, called=called, http_port=free_port(), log_file=log_file)
        self.services[called].launch(self.service_env(name, instance=instance) | dict(settings or {}))
        await self.services[called].ready(timeout_s=timeout_s)

    async def start_services(self, names: Sequence[str] = SERVICES, *, timeout_s: float = READY_TIMEOUT_S) -> None:
        """Start the first instances of these together and wait until all are ready."""
        for name in names:
            self.services[name].launch(self.service_env(name))
        await _together(*(self.services[name].ready(timeout_s=timeout_s) for name in names))

    async def stop_service(self, name: str, *, instance: int = 1) -> int | None:
        """End it in order; returns its exit status."""
        return await self.services[instance_name(name, instance)].stop()

    async def kill_service(self, name: str, *, instance: int = 1) -> None:
        """SIGKILL."""
        await self.services[instance_name(name, instance)].kill()

    async def restart_service(self, name: str, *, instance: int = 1, kill: bool = False) -> None:
        """End it (in order, or by SIGKILL) and start it again."""
        await (self.kill_service(name, instance=instance) if kill else self.stop_service(name, instance=instance))
        await self.start_service(name, instance=instance)

    def ended(self) -> dict[str, int]:
        """Which of the processes that should run have ended by themselves, with their exit status."""
        found = {name: service.exit_status for name, service in self.services.items()}
        found |= {"postgres": self.postgres.exit_status, "broker": self.broker.exit_status}
        return {name: status for name, status in found.items() if status is not None}

    def log_tail(self, name: str) -> str:
        """The last lines that `name` (postgres, broker, or a service) wrote."""
        server = {"postgres": self.postgres, "broker": self.broker}.get(name)
        return server.log_tail() if server else self.run_dir.log_tail(name)

    def cpu_s(self) -> dict[str, float]:
        """Processor time so far, by part: postgres, broker and each service."""
        services = {name: service.cpu_s() for name, service in self.services.items()}
        return {"postgres": self.postgres.cpu_s(), "broker": self.broker.cpu_s()} | services

    def pss_bytes(self) -> dict[str, int]:
        """Memory now, by part that runs."""
        services = {name: one.child.pss_bytes() for name, one in self.services.items() if one.is_running}
        return {"postgres": self.postgres.pss_bytes(), "broker": self.broker.pss_bytes()} | services

    def _prepare(self) -> None:
        names = ("postgres", "kafka", *SERVICES)
        ports = dict(zip(names, free_ports(len(names)), strict=True)) | self._given_ports
        self._make_servers(ports)
        self.services = {
            name: ServiceProcess(name, http_port=ports[name], log_file=self.run_dir.log_file(name)) for name in SERVICES
        }
        self._around = Surroundings(
            kafka_bootstrap=self.broker.bootstrap,
            idempotent_producer=self.broker.idempotent,
            master_key_file=self.run_dir.make_master_key(self._master_key),
            clock_file=self._clock_file,
            partitions=self.partitions,
            settings=self._settings,
        )

    async def _start_broker(self) -> None:
        await self.broker.start()
        await ensure_topics(self.brokers, partitions=self.partitions, submissions_days=self._submissions_days)

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
                    await _together(self.broker.discard(), self.postgres.discard())
            finally:
                self.run_dir.remove()


def instance_name(name: str, instance: int) -> str:
    """What instance `instance` of service `name` is called: the first like the service itself."""
    return name if instance == 1 else f"{name}-{instance}"


async def _together(*work: Coroutine[Any, Any, Any]) -> None:
    """Do all of it at once; where one fails, end the others before its error goes on."""
    try:
        async with asyncio.TaskGroup() as group:
            for one in work:
                group.create_task(one)
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
