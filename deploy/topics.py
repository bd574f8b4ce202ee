"""Kesu's topics: what they are, making the ones that are missing, and refusing what would break the log."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, for_code
from msgspec import Struct

from shared.errors import NotNow
from shared.log.access import Brokers
from shared.log.admin import administrator

SUBMISSIONS: Final = "kesu.submissions"
COMPLAINTS: Final = "kesu.complaints"
CONTROL: Final = "kesu.control"
DEAD_LETTERS: Final = "kesu.dead-letters"
WATERMARKS: Final = "kesu.watermarks"
CUSTOMER_KEYS: Final = "kesu.customer-keys"
KEYS_DAYS_MIN: Final = 7  # a database is backed up more often than that
FOR_EVER: Final = -1
DAY_MS: Final = 86_400_000
HOUR_MS: Final = 3_600_000
TIMEOUT_S: Final = 60
_ALREADY_EXISTS: Final = 36


class Topic(Struct, frozen=True, kw_only=True):
    """A topic as it must be. `retention_ms` -1: for ever."""

    name: str
    partitions: int
    retention_ms: int

    def config(self, *, min_insync: int) -> dict[str, str]:
        """Its settings. No compaction and no transactions: offsets are dense, and readers rely on it."""
        return {
            "cleanup.policy": "delete",
            "retention.ms": str(self.retention_ms),
            "retention.bytes": "-1",
            "message.timestamp.type": "CreateTime",
            "min.insync.replicas": str(min_insync),
        }


class Outcome(Struct, frozen=True, kw_only=True):
    """What happened to one topic; `differing` are settings that are not as they must be (name → value found)."""

    topic: str
    partitions: int
    did: Literal["made", "kept"]
    differing: Mapping[str, str] = {}


class WrongPartitions(Exception):
    """A topic has another number of partitions than asked for: changing it would break the order per complaint."""

    def __init__(self, topic: str, *, found: int, wanted: int) -> None:
        self.zh = f"{topic} 现有 {found} 个分区，要求 {wanted} 个：分区数终身固定，改动会打乱每件投诉的顺序"
        self.en = (
            f"{topic} has {found} partitions, {wanted} are asked for: their number is fixed for the life of the log, "
            "another one would break the order per complaint"
        )
        super().__init__(f"{self.en} / {self.zh}")
        self.code = "wrong_partitions"


def topics(*, partitions: int, submissions_days: int = 7) -> tuple[Topic, ...]:
    """All topics, `kesu.complaints` with `partitions`; what comes in is kept `submissions_days`."""
    return (
        Topic(name=SUBMISSIONS, partitions=partitions, retention_ms=submissions_days * DAY_MS),
        Topic(name=COMPLAINTS, partitions=partitions, retention_ms=FOR_EVER),
        Topic(name=CONTROL, partitions=1, retention_ms=FOR_EVER),
        Topic(name=DEAD_LETTERS, partitions=1, retention_ms=FOR_EVER),
        Topic(name=WATERMARKS, partitions=1, retention_ms=HOUR_MS),
        Topic(name=CUSTOMER_KEYS, partitions=1, retention_ms=max(submissions_days, KEYS_DAYS_MIN) * DAY_MS),
    )


async def ensure_topics(
    brokers: Brokers, *, partitions: int, replication: int = 1, min_insync: int = 1, submissions_days: int = 7
) -> list[Outcome]:
    """Make the topics that are missing and compare the others; safe to repeat.

    Raises WrongPartitions before anything is made, NotNow where no broker answers, Stopped where one refuses us.
    """
    wanted = topics(partitions=partitions, submissions_days=submissions_days)
    try:
        async with asyncio.timeout(TIMEOUT_S), administrator(brokers) as admin:
            there = await _partitions_there(admin)
            _refuse_changes(wanted, there)
            missing = [topic for topic in wanted if topic.name not in there]
            await _make(admin, missing, replication=replication, min_insync=min_insync)
            kept = [topic for topic in wanted if topic.name in there]
            differing = await _differing(admin, kept, min_insync=min_insync)
    except (KafkaError, TimeoutError) as error:
        raise NotNow(f"topics: {type(error).__name__}: {error}") from error
    return [
        Outcome(topic=one.name, partitions=one.partitions, did="made")
        if one in missing
        else Outcome(topic=one.name, partitions=one.partitions, did="kept", differing=differing[one.name])
        for one in wanted
    ]


async def _partitions_there(admin: AIOKafkaAdminClient) -> dict[str, int]:
    """Topic → partitions. Asks for all: a broker may *make* a topic that is asked for by name."""
    return {found["topic"]: len(found["partitions"]) for found in await admin.describe_topics()}


def _refuse_changes(wanted: Sequence[Topic], there: Mapping[str, int]) -> None:
    for topic in wanted:
        if there.get(topic.name, topic.partitions) != topic.partitions:
            raise WrongPartitions(topic.name, found=there[topic.name], wanted=topic.partitions)


async def _make(admin: AIOKafkaAdminClient, missing: Sequence[Topic], *, replication: int, min_insync: int) -> None:
    if not missing:
        return
    new = [
        NewTopic(topic.name, topic.partitions, replication, topic_configs=topic.config(min_insync=min_insync))
        for topic in missing
    ]
    answer = await admin.create_topics(new)
    for name, code, *rest in answer.topic_errors:
        if code not in (0, _ALREADY_EXISTS):  # somebody else may have made it just now
            raise for_code(code)(f"{name}: {rest[0] if rest else ''}")


async def _differing(
    admin: AIOKafkaAdminClient, kept: Sequence[Topic], *, min_insync: int
) -> dict[str, dict[str, str]]:
    """Topic → its settings that are there and differ; changing them is the operator's decision."""
    if not kept:
        return {}
    asked: list[Any] = [ConfigResource(ConfigResourceType.TOPIC, topic.name) for topic in kept]
    found: dict[str, dict[str, str]] = {}
    for answer in await admin.describe_configs(asked):
        for _code, _text, _kind, name, entries in answer.resources:
            found[name] = {entry[0]: entry[1] for entry in entries}
    return {
        topic.name: {
            setting: found[topic.name][setting]
            for setting, value in topic.config(min_insync=min_insync).items()
            if found.get(topic.name, {}).get(setting, value) != value
        }
        for topic in kept
    }
