"""Restoring: everything is checked before anything is written, and afterwards every service can go on where its data ends."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Final, Literal, TypeAlias

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from msgspec import Struct

from deploy.topics import ensure_topics
from kesu.backup import databases, erasures, from_files
from kesu.backup.files import check
from kesu.backup.from_archive import Rebuilt, rebuild
from kesu.backup.manifest import Manifest, required
from kesu.backup.placing import THE_LOG, beyond, latest_cluster, place, placed
from kesu.backup.programs import Programs, local_programs
from kesu.backup.taking import TOPICS
from kesu.backup.writing import LogWriter
from shared.clock import Clock, SystemClock
from shared.database import Connection
from shared.errors import Stopped
from shared.log.access import Brokers
from shared.log.customer_keys import TOPIC as KEYS
from shared.log.customer_keys import keys_in
from shared.log.ends import cluster_id, log_ends, partitions_of, reading, stretch
from shared.saved import COMPLAINTS
from shared.vault import Erasure, open_vault
from shared.vault_restored import take_in_keys

Part: TypeAlias = Literal["database", "log"]
KEYS_AT_ONCE: Final = 5_000


class Topics(Struct, frozen=True, kw_only=True):
    """How topics are made that are not there."""

    replication: int = 1
    min_insync: int = 1
    submissions_days: int = 7


class Restored(Struct, frozen=True, kw_only=True):
    """What a restore did. `beyond`: positions that the log does not reach; their services will not start."""

    cluster: str
    dump: int | None = None
    migrations: tuple[str, ...] = ()
    records: int = 0
    from_archive: int = 0
    from_tables: int = 0
    keys: int = 0
    erased_again: int = 0
    beyond: tuple[str, ...] = ()


async def restore(
    directory: Path | None, *, database_url: str, brokers: Brokers, master_key_file: Path | None, only: Part | None = None,
    number: int | None = None, log_from_archive: bool = False, programs: Programs | None = None, idempotent: bool = True,
    topics: Topics | None = None, clock: Clock | None = None, counted: Callable[[int], None] = lambda _: None,
) -> Restored:  # fmt: skip
    """Restore database and log from `directory`, or `only` one of them; dump `number`, or the newest.

    `log_from_archive`: bring the log to where the database is, from the database itself (without `directory`: only that).
    All services must be stopped. The database must be empty, the log too, unless it is the beginning of the same log.
    Raises Stopped or NotNow; an interrupted restore of the database leaves it empty, one of the log is gone on with.
    """
    manifest = required(directory) if directory else None
    if manifest and manifest.master_key_fingerprint != open_vault(master_key_file).fingerprint:
        raise Stopped(
            "wrong_master_key",
            zh="主密钥不是备份时的那一把：用它打不开任何密封内容，请找回原来的主密钥文件",
            en="this is not the master key the backup was made with: nothing sealed would open; find the right key file",
        )
    conn = await asyncpg.connect(database_url)
    try:
        one = _Restoring(
            conn, directory, manifest, url=database_url, brokers=brokers, number=number, idempotent=idempotent,
            clock=clock or SystemClock(), counted=counted,
        )  # fmt: skip
        await one.check(only, topics or Topics())
        if only != "log" and manifest:
            await one.database(programs)
        return await one.log(write=only != "database" and manifest is not None, from_archive=log_from_archive)
    finally:
        await conn.close()


class _Restoring:
    def __init__(
        self, conn: Connection, directory: Path | None, manifest: Manifest | None, *, url: str, brokers: Brokers,
        number: int | None, idempotent: bool, clock: Clock, counted: Callable[[int], None],
    ) -> None:  # fmt: skip
        self._conn = conn
        self._directory = directory or Path()
        self._manifest = manifest
        self._url = url
        self._brokers = brokers
        self._number = number
        self._idempotent = idempotent
        self._clock = clock
        self._counted = counted
        self._schemas: list[str] = []
        self._dump: int | None = None
        self._migrations: list[str] = []

    async def check(self, only: Part | None, topics: Topics) -> None:
        """Whatever would stop us half-way stops us here."""
        conn, manifest = self._conn, self._manifest
        self._schemas = await databases.schemas_of(conn)
        await databases.require_nobody(conn)
        partitions = manifest.partitions if manifest else await self._partitions()
        if manifest and only != "log":
            await databases.require_empty(conn)
            dump = manifest.dump(self._number)
            for stored in (dump.stored, dump.erasures):
                await asyncio.to_thread(check, self._directory, stored)
        if only != "database":
            await ensure_topics(
                self._brokers, partitions=partitions, replication=topics.replication, min_insync=topics.min_insync,
                submissions_days=topics.submissions_days,
            )  # fmt: skip
        if manifest:
            for segment in (segment for log in manifest.log for segment in log.segments):
                await asyncio.to_thread(check, self._directory, segment.stored)
            ends = await self._ends()
            async with reading(self._brokers, list(ends)) as consumer:
                for log in manifest.log:
                    if only != "database" or log.topic in THE_LOG:
                        end = ends.get(TopicPartition(log.topic, log.partition), 0)
                        await from_files.check_alike(consumer, self._directory, log, end=end)

    async def database(self, programs: Programs | None) -> None:
        """The dump into the empty database."""
        assert self._manifest is not None
        dump = self._manifest.dump(self._number)
        programs = programs or await local_programs(await databases.server_version(self._conn))
        source = self._directory / dump.stored.file
        self._migrations = await databases.restore_dump(self._url, programs, self._schemas, source)
        self._dump = dump.number

    async def log(self, *, write: bool, from_archive: bool) -> Restored:
        """The log, then positions, keys and erasures, so that services can start."""
        cluster = await cluster_id(self._brokers)
        source = self._manifest.cluster if self._manifest else await latest_cluster(self._conn) or cluster
        ends, records, rebuilt = await self._ends(), 0, Rebuilt(from_archive=0, from_tables=0, tails={})
        async with (
            reading(self._brokers, list(ends)) as consumer,
            LogWriter(self._brokers, idempotent=self._idempotent) as writer,
        ):
            if write and self._manifest:
                for log in self._manifest.log:
                    end = ends[TopicPartition(log.topic, log.partition)]
                    records += await from_files.write_back(writer, self._directory, log, end=end, counted=self._counted)
                ends = await self._ends()
            if from_archive:
                rebuilt = await rebuild(
                    self._conn, consumer, writer, archived=await self._archived(source, ends), ends=ends,
                    counted=self._counted,
                )  # fmt: skip
                ends = await self._ends()
            keys = await self._take_in_keys(consumer, ends)
        unreached = await self._place(cluster, source, ends, rebuilt.tails, changed=write or from_archive)
        return Restored(
            cluster=cluster, dump=self._dump, migrations=tuple(self._migrations), records=records, keys=keys,
            from_archive=rebuilt.from_archive, from_tables=rebuilt.from_tables, beyond=unreached,
            erased_again=await self._erase_again(),
        )  # fmt: skip

    async def _place(
        self, cluster: str, source: str, ends: Mapping[TopicPartition, int], tails: Mapping[TopicPartition, int], *,
        changed: bool,
    ) -> tuple[str, ...]:  # fmt: skip
        """Positions for the cluster there is; returns those it does not reach."""
        known = await databases.positions(self._conn)
        positions = placed(known, source=source, ends=ends, tails=tails)
        if changed or cluster != source:
            async with self._conn.transaction():
                await place(self._conn, positions, cluster=cluster, at=self._clock.now())
        unreached = beyond(positions, ends)
        return tuple(
            f"{p.schema}: {p.topic}[{p.partition}] {p.next_offset} > {ends[TopicPartition(p.topic, p.partition)]}"
            for p in unreached
        )

    async def _archived(self, source: str, tps: Iterable[TopicPartition]) -> dict[TopicPartition, int]:
        """How far reporting had read each partition of the log."""
        known = await databases.positions(self._conn)
        read = {(p.topic, p.partition): p.next_offset for p in known if (p.schema, p.cluster) == ("reporting", source)}
        return {tp: read.get((tp.topic, tp.partition), 0) for tp in tps if tp.topic in THE_LOG}

    async def _take_in_keys(self, consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]) -> int:
        """Keys of customers that were made after the dump, from the backup and from the log."""
        found = 0
        if self._manifest:
            rest = from_files.keys_of(self._directory, self._manifest)
            while some := list(islice(rest, KEYS_AT_ONCE)):
                found += await take_in_keys(self._conn, some)
        for tp in (tp for tp in ends if tp.topic == KEYS):
            first = (await consumer.beginning_offsets([tp]))[tp]
            async for raws in stretch(consumer, tp, first=first, end=ends[tp]):
                found += await take_in_keys(self._conn, keys_in(raws))
        return found

    async def _erase_again(self) -> int:
        listed: Iterable[Erasure] = ()
        if self._manifest and self._manifest.dumps:
            listed = erasures.read_list(self._directory / self._manifest.dump().erasures.file)
        return await erasures.erase_all_on_record(self._url, self._brokers, listed)

    async def _ends(self) -> dict[TopicPartition, int]:
        """Where all partitions end now."""
        return await log_ends(self._brokers, await partitions_of(self._brokers, TOPICS))

    async def _partitions(self) -> int:
        """Of the log the database knows."""
        known = await databases.positions(self._conn)
        source = await latest_cluster(self._conn)
        if not (found := {p.partition for p in known if (p.topic, p.cluster) == (COMPLAINTS, source)}):
            raise Stopped(
                "nothing_archived",
                zh="数据库里没有任何读取位置：没有可补齐的日志",
                en="no service has ever read a log into this database: there is none to bring back",
            )
        return len(found)
