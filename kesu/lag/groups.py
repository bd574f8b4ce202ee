"""What the broker says of consumer groups: who is in them, who holds what, which offsets they committed."""

import asyncio
import contextlib
from collections.abc import Collection, Coroutine, Iterator, Mapping
from typing import Any, Final

from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment
from aiokafka.errors import KafkaError
from msgspec import Struct

from shared.log.access import Brokers
from shared.log.admin import administrator

ANSWER_WITHIN_S: Final = 5.0


class Group(Struct, frozen=True):
    """One service's group. What the broker does not say is None, or missing."""

    members: int | None = None
    holders: Mapping[TopicPartition, str] = {}
    committed: Mapping[TopicPartition, int] = {}


async def groups_of(brokers: Brokers, reads: Mapping[str, Collection[TopicPartition]]) -> dict[str, Group]:
    """The group of each service that reads these partitions.

    Asked group by group, and only for groups that are there: the embedded broker answers other questions wrongly.
    """
    async with administrator(brokers, request_timeout_ms=int(ANSWER_WITHIN_S * 1000)) as admin:
        known: set[str] = set()
        with contextlib.suppress(KafkaError, TimeoutError):
            known = {name for name, *_ in await _answer(admin.list_consumer_groups())}
        return {
            service: await _group(admin, f"kesu-{service}", tps) if f"kesu-{service}" in known else Group(members=0)
            for service, tps in reads.items()
        }


async def _group(admin: AIOKafkaAdminClient, name: str, tps: Collection[TopicPartition]) -> Group:
    committed: dict[TopicPartition, int] = {}
    with contextlib.suppress(KafkaError, TimeoutError):
        found = await _answer(admin.list_consumer_group_offsets(name, partitions=list(tps)))
        committed = {tp: one.offset for tp, one in found.items() if one.offset >= 0}
    members: list[Any] = []
    try:
        for answer in await _answer(admin.describe_consumer_groups([name])):
            for group in answer.groups:
                members.extend(group[5])  # (error, name, state, protocol's type, protocol, members)
    except (KafkaError, TimeoutError):
        return Group(committed=committed)
    return Group(members=len(members), holders=dict(_held(members)), committed=committed)


def _held(members: list[Any]) -> Iterator[tuple[TopicPartition, str]]:
    """Which member holds what: (id, client, host, what it subscribed to, what it was assigned)."""
    for id_, _, host, _, assigned in members:
        if assigned:  # the embedded broker leaves it empty
            for tp in ConsumerProtocolMemberAssignment.decode(assigned).partitions():
                yield tp, f"{host.lstrip('/')} {id_.rpartition('-')[2]}".strip()


async def _answer(asked: Coroutine[Any, Any, Any]) -> Any:
    async with asyncio.timeout(ANSWER_WITHIN_S):
        return await asked
