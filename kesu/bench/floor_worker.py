"""One service of the floor: the same records in and out, the same rows, nothing decoded but the routing key."""

import asyncio
import pickle
import sys
from pathlib import Path
from typing import Any, Final

import asyncpg
import uvloop
from aiokafka import AIOKafkaConsumer, TopicPartition
from msgspec import Struct

from kesu.bench.templates import Template, write
from shared.clock import SystemClock
from shared.log.access import Brokers
from shared.log.headers import TYPE
from shared.log.producer import LogProducer
from shared.pipeline.positions import Positions
from shared.pipeline.records import Outgoing
from shared.saved import COMPLAINTS

RECORDS_MAX: Final = 1_500  # as many as Kesu takes at once
WAIT_MS: Final = 50


class Role(Struct, frozen=True, kw_only=True):
    """What one worker does: read `topic`, and for each record whose type is in `takes` write rows and one `gives`.

    `per_record` is how many complaints one such record stands for (reporting sees three records of each).
    """

    name: str
    topic: str
    takes: tuple[bytes, ...]
    gives: str
    bodies: tuple[bytes, ...]
    templates: tuple[Template, ...]
    database_url: str
    brokers: Brokers
    idempotent: bool
    total: int
    per_record: float
    done_file: str


async def work(role: Role) -> None:
    """Read until `total` records were taken."""
    conn = await asyncpg.connect(role.database_url, server_settings={"jit": "off"})
    producer = LogProducer(brokers=role.brokers, source="/kesu/floor", clock=SystemClock(), idempotent=role.idempotent)
    await producer.start()
    consumer = AIOKafkaConsumer(
        role.topic, **role.brokers.options(), group_id=f"floor-{role.name}", enable_auto_commit=False,
        auto_offset_reset="earliest", fetch_max_wait_ms=WAIT_MS, max_partition_fetch_bytes=4_000_000,
    )  # fmt: skip
    positions, taken, owed = Positions(schema=role.name, cluster="floor"), 0, [0.0] * len(role.templates)
    Path(f"{role.done_file}.ready").touch()
    await consumer.start()
    while taken < role.total:
        found = [
            one
            for some in (await consumer.getmany(timeout_ms=WAIT_MS, max_records=RECORDS_MAX)).values()
            for one in some
        ]
        mine = [one for one in found if not role.takes or _type(one) in role.takes]
        if mine:
            await _write_rows(conn, role, len(mine), owed)
            await producer.publish(
                [_give(role, one.key, taken + number) for number, one in enumerate(mine) if role.gives]
            )
            await positions.move(
                conn, {TopicPartition(o.topic, o.partition): o.offset + 1 for o in found}, SystemClock().now()
            )
        taken += len(mine)
    Path(role.done_file).touch()
    await asyncio.sleep(3600)


async def _write_rows(conn: Any, role: Role, count: int, owed: list[float]) -> None:
    async with conn.transaction():
        for number, template in enumerate(role.templates):
            owed[number] += template.per_complaint * role.per_record * count
            whole = int(owed[number])
            owed[number] -= whole
            await write(conn, template, whole)


def _type(record: Any) -> bytes:
    name, value = record.headers[0]
    return bytes(value) if name == TYPE else b""


def _give(role: Role, key: bytes, number: int) -> Outgoing:
    body = role.bodies[number % len(role.bodies)]
    return Outgoing(topic=COMPLAINTS, key=key.decode(), id=key.decode(), type=role.gives, value=body)


if __name__ == "__main__":
    uvloop.run(work(pickle.loads(Path(sys.argv[1]).read_bytes())))  # noqa: S301 written by `floor` a moment ago
