"""One look at how far each service is behind."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import httpx
import msgspec
from aiokafka import TopicPartition
from msgspec import Struct

from kesu.lag.groups import Group, groups_of
from kesu.lag.oldest import oldest_unhandled
from kesu.lag.positions import positions_of
from kesu.lag.report import LagReport, PartitionLag, ServiceLag
from kesu.reaching import cluster_reached
from shared.clock import Clock
from shared.log.access import Brokers
from shared.log.ends import log_ends, partitions_of, reading
from shared.log.submissions import SUBMISSIONS_TOPIC
from shared.saved import COMPLAINTS, CONTROL

READS: Final[Mapping[str, tuple[str, ...]]] = {
    "intake": (SUBMISSIONS_TOPIC,),
    "routing": (COMPLAINTS, CONTROL),
    "followup": (COMPLAINTS,),
    "reporting": (COMPLAINTS, CONTROL),
}
HTTP_ANSWER_WITHIN_S: Final = 2.0


class Readiness(Struct, frozen=True):
    """A service's answer to `/health/ready`."""

    status: str
    missing: tuple[str, ...] = ()


async def measure(*, database_url: str, brokers: Brokers, clock: Clock, http: Mapping[str, str]) -> LagReport:
    """How far each service is behind now. `http`: the addresses of services that are known (service → URL).

    The ends are taken before the positions, so that nothing counts as unhandled that came since. Positions past records
    of no interest are written every few seconds, so a service at rest may be shown some records behind for as long.
    Raises Stopped where no broker answers or positions cannot be read, an error of asyncpg where no database answers.
    """
    cluster = await cluster_reached(brokers)
    tps = await partitions_of(brokers, sorted({topic for topics in READS.values() for topic in topics}))
    reads = {service: [tp for tp in tps if tp.topic in topics] for service, topics in READS.items()}
    async with reading(brokers, tps) as consumer:
        first = await consumer.beginning_offsets(tps)
        ends = await log_ends(brokers, tps)
        positions = await positions_of(READS, database_url=database_url, cluster=cluster)
        groups, ready = await asyncio.gather(groups_of(brokers, reads), _readiness(http))
        now = clock.now()
        partitions: list[PartitionLag] = []
        for service, read in reads.items():
            begins = {tp: max(positions[service].get(tp, 0), first[tp]) for tp in read}
            oldest = await oldest_unhandled(consumer, {tp: at for tp, at in begins.items() if at < ends[tp]})
            partitions += [
                _lag(
                    service, tp, position=positions[service].get(tp), begins=begins[tp], end=ends[tp],
                    through=oldest.get(tp, now), now=now, group=groups[service],
                )
                for tp in read
            ]  # fmt: skip
    return LagReport(
        at=now, cluster=cluster, behind_max=max((one.behind for one in partitions), default=0),
        oldest_age_s_max=max((one.oldest_age_s for one in partitions), default=0.0), partitions=tuple(partitions),
        services={name: _service(groups[name], ready.get(name)) for name in READS},
    )  # fmt: skip


def _lag(
    service: str, tp: TopicPartition, *, position: int | None, begins: int, end: int, through: datetime, now: datetime,
    group: Group,
) -> PartitionLag:  # fmt: skip
    return PartitionLag(
        service=service, topic=tp.topic, partition=tp.partition, position=position, end=end,
        behind=max(0, end - begins), oldest_age_s=round(max(0.0, (now - through).total_seconds()), 3),
        read_through=min(through, now), committed=group.committed.get(tp), held_by=group.holders.get(tp, ""),
    )  # fmt: skip


def _service(group: Group, ready: Readiness | None) -> ServiceLag:
    return ServiceLag(
        members=group.members, ready=ready.status if ready else None, missing=ready.missing if ready else ()
    )


async def _readiness(http: Mapping[str, str]) -> dict[str, Readiness]:
    """What each service at a known address says of itself."""
    async with httpx.AsyncClient(timeout=HTTP_ANSWER_WITHIN_S) as client:
        answers = await asyncio.gather(*(_ready(client, url) for url in http.values()))
    return dict(zip(http, answers, strict=True))


async def _ready(client: httpx.AsyncClient, url: str) -> Readiness:
    try:
        answer = await client.get(f"{url.rstrip('/')}/health/ready")
        return msgspec.json.decode(answer.content, type=Readiness)
    except (httpx.HTTPError, msgspec.DecodeError):
        return Readiness("no_answer")
