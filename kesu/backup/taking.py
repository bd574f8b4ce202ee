"""Taking a backup while everything runs: first the database at one moment, then the log, so that the log is never older."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

import asyncpg
from aiokafka import TopicPartition

from kesu.backup import databases, erasures
from kesu.backup.exporting import export
from kesu.backup.files import stored, taken, whole
from kesu.backup.manifest import Dump, Manifest, PartitionLog, read, write
from kesu.backup.programs import Programs, local_programs
from shared.clock import Clock, SystemClock
from shared.errors import Stopped
from shared.log.access import Brokers
from shared.log.customer_keys import TOPIC as KEYS
from shared.log.ends import cluster_id, log_ends, partitions_of, reading
from shared.log.submissions import SUBMISSIONS_TOPIC
from shared.pipeline.dead_letters import TOPIC as DEAD_LETTERS
from shared.saved import COMPLAINTS, CONTROL
from shared.vault import open_vault

# Effects before what they refer to: a decision names a state of control, a sealed part needs its customer's key.
TOPICS: Final = (COMPLAINTS, CONTROL, DEAD_LETTERS, SUBMISSIONS_TOPIC, KEYS)
DUMPS_KEPT: Final = 7
EVERYTHING: Final = 1 << 62


async def backup(
    directory: Path, *, database_url: str, brokers: Brokers, master_key_file: Path | None, programs: Programs | None = None,
    dumps_kept: int = DUMPS_KEPT, clock: Clock | None = None, counted: Callable[[int], None] = lambda _: None,
) -> Manifest:  # fmt: skip
    """Back up database (as kesu_admin) and log into `directory`; what is there already is added to.

    Safe while services run. Nothing counts before the manifest is replaced, at the very end. `programs`: where pg_dump
    runs (default: this machine). `counted` hears of records exported. Raises Stopped or NotNow, the backup that was there
    before still being whole.
    """
    at, fingerprint = (clock or SystemClock()).now(), open_vault(master_key_file).fingerprint
    with taken(directory):
        cluster, before = await cluster_id(brokers), read(directory)
        if before:
            _check_same(before, cluster=cluster, fingerprint=fingerprint)
        dump = await _dump(directory, before, url=database_url, programs=programs, at=at)
        dumps = (*(before.dumps if before else ()), dump)[-dumps_kept:]
        log = await _log(directory, before, dumps[0], brokers=brokers, counted=counted)
        manifest = Manifest(
            kesu=version("kesu"), at=at, cluster=cluster, master_key_fingerprint=fingerprint, log=log,
            partitions=sum(one.topic == COMPLAINTS for one in log),
            dumps=dumps,
        )  # fmt: skip
        write(directory, manifest)
        _forget(directory, manifest)
    return manifest


async def _dump(directory: Path, before: Manifest | None, *, url: str, programs: Programs | None, at: datetime) -> Dump:
    """The database, its positions and figures, all as of one moment."""
    number = before.dumps[-1].number + 1 if before and before.dumps else 1
    path = directory / "database" / f"{number:06}.dump"
    erased = directory / "database" / f"{number:06}.erasures.gz"
    conn = await asyncpg.connect(url)
    try:
        server = await databases.server_version(conn)
        programs = programs or await local_programs(server)
        async with conn.transaction(isolation="repeatable_read", readonly=True):
            snapshot = await conn.fetchval("SELECT pg_export_snapshot()")
            schemas = await databases.schemas_of(conn)
            with whole(path) as out:
                await programs.dump(url, schemas=schemas, snapshot=snapshot, into=out)
            await erasures.write_list(conn, erased)
            return Dump(
                number=number, at=at, server=str(conn.get_server_version().major), program=str(await programs.version()),
                stored=await asyncio.to_thread(stored, directory, path), erasures=stored(directory, erased),
                revisions=await databases.revisions(conn), positions=await databases.positions(conn),
                rows=await databases.rows(conn),
            )  # fmt: skip
    finally:
        await conn.close()


async def _log(
    directory: Path, before: Manifest | None, oldest: Dump, *, brokers: Brokers, counted: Callable[[int], None]
) -> tuple[PartitionLog, ...]:
    """Every partition up to where it ends now."""
    tps = await partitions_of(brokers, TOPICS)
    if missing := set(TOPICS) - {tp.topic for tp in tps}:
        names = ", ".join(sorted(missing))
        raise Stopped(
            "topics_missing",
            zh=f"缺少主题 {names}：请先运行 kesu topics",
            en=f"topics are missing: {names}; run kesu topics",
        )
    found = []
    for topic in TOPICS:  # its end is asked when its turn comes
        ends = await log_ends(brokers, [tp for tp in tps if tp.topic == topic])
        async with reading(brokers, list(ends)) as consumer:
            for tp, end in ends.items():
                known = (
                    before.of(tp.topic, tp.partition) if before else PartitionLog(topic=topic, partition=tp.partition)
                )
                found.append(
                    await export(consumer, known, directory, end=end, needed=needed(tp, oldest), counted=counted)
                )
    return tuple(found)


def needed(tp: TopicPartition, oldest: Dump) -> int:
    """From where on a partition must be in the backup, however short the topic itself is kept.

    The log for ever. Submissions not at all: what became of them is on the log, and they are not sealed. Of keys, what
    the oldest dump does not know.
    """
    if tp.topic == SUBMISSIONS_TOPIC:
        return EVERYTHING
    if tp.topic != KEYS:
        return 0
    known = [p.next_offset for p in oldest.positions if (p.topic, p.partition) == (tp.topic, tp.partition)]
    return max(known, default=0)


def _check_same(before: Manifest, *, cluster: str, fingerprint: str) -> None:
    if before.cluster != cluster:
        raise Stopped(
            "backup_of_another_cluster",
            zh=f"此目录是集群 {before.cluster} 的备份，现在的集群是 {cluster}：请另选目录",
            en=f"this directory holds a backup of cluster {before.cluster}, this is {cluster}: use another directory",
        )
    if before.master_key_fingerprint != fingerprint:
        raise Stopped(
            "another_master_key",
            zh="主密钥与此备份的不同：请核对 KESU_MASTER_KEY_FILE",
            en="this is not the master key of the backup: check KESU_MASTER_KEY_FILE",
        )


def _forget(directory: Path, manifest: Manifest) -> None:
    """Remove what the manifest does not name: older dumps, and what an interrupted backup left."""
    named = {one.file for dump in manifest.dumps for one in (dump.stored, dump.erasures)}
    named |= {segment.stored.file for log in manifest.log for segment in log.segments}
    for path in (*directory.glob("database/*"), *directory.glob("log/*/*/*")):
        if path.relative_to(directory).as_posix() not in named:
            path.unlink()
