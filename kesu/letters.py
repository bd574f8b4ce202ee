"""Dead letters from an operator's side: finding them, seeing what they held, and driving them again to whom they failed."""

from collections.abc import Sequence
from typing import Final

import msgspec
from aiokafka import TopicPartition

from shared.errors import Stopped
from shared.log.access import Brokers
from shared.log.ends import log_end, partitions_of, reading, stretch
from shared.log.headers import ONLY_FOR, TYPE, header
from shared.log.producer import LogProducer
from shared.log.submissions import SUBMISSIONS_TOPIC
from shared.pipeline.dead_letters import TOPIC, Content, DeadLetter, open_letter, read_letter
from shared.pipeline.records import Outgoing
from shared.vault import Vault

HTTP_DOOR: Final = "http:"  # the place of a fact that came by HTTP and waited in vain


async def all_letters(brokers: Brokers) -> list[DeadLetter]:
    """Every dead letter, oldest first; one that was written again (nothing was moved on after the first time) counts once."""
    found: dict[str, DeadLetter] = {}
    partitions = await partitions_of(brokers, [TOPIC])
    async with reading(brokers, partitions) as consumer:
        for tp in partitions:
            async for raws in stretch(consumer, tp, first=0, end=await log_end(consumer, tp)):
                for raw in raws:
                    letter = read_letter(raw.value or b"")
                    found.setdefault(letter.id, letter)
    return sorted(found.values(), key=lambda letter: (letter.dead_at, letter.topic, letter.partition, letter.offset))


def chosen(
    letters: Sequence[DeadLetter], ids: Sequence[str] = (), *, consumer: str = "", code: str = ""
) -> list[DeadLetter]:
    """Those of `letters` asked for; an id may be cut short as long as it means one. Raises Stopped for one that is not there."""
    some = [one for one in letters if consumer in ("", one.consumer) and code in ("", one.code)]
    return [_by_id(some, id_) for id_ in ids] if ids else some


def _by_id(letters: Sequence[DeadLetter], id_: str) -> DeadLetter:
    found = [one for one in letters if one.id.startswith(id_)]
    if len(found) != 1:
        raise Stopped(
            "no_such_dead_letter" if not found else "dead_letter_id_ambiguous",
            zh=f"以 {id_} 开头的死信有 {len(found)} 条，应当恰好一条",
            en=f"{len(found)} dead letters begin with {id_}, exactly one is needed",
        )
    return found[0]


async def content_of(letter: DeadLetter, *, brokers: Brokers, vault: Vault) -> Content | None:
    """What the record held; read at its place where it was too large to keep. None where it is not there (any more)."""
    if letter.content:
        return open_letter(letter, vault)
    tp = TopicPartition(letter.topic, letter.partition)
    if letter.hole_last is not None or tp not in await partitions_of(brokers, [letter.topic]):
        return None
    async with reading(brokers, [tp]) as consumer:
        first = (await consumer.beginning_offsets([tp]))[tp]
        if not first <= letter.offset < await log_end(consumer, tp):
            return None
        async for raws in stretch(consumer, tp, first=letter.offset, end=letter.offset + 1):
            return next((Content(raw.key, raw.value, tuple(raw.headers)) for raw in raws), None)
    return None


def driven_again(letter: DeadLetter, content: Content) -> Outgoing:
    """The record as it was, at the end of its topic, for the consumer that failed alone."""
    headers = tuple(pair for pair in content.headers if pair[0] != ONLY_FOR)
    return Outgoing(
        topic=SUBMISSIONS_TOPIC if letter.topic.startswith(HTTP_DOOR) else letter.topic, key=_text(content.key),
        id=letter.id, type=header(headers, TYPE) or "", value=content.value or b"",
        headers=(*headers, (ONLY_FOR, letter.consumer.encode())),
    )  # fmt: skip


async def redrive(
    letters: Sequence[DeadLetter], *, brokers: Brokers, vault: Vault, producer: LogProducer
) -> list[DeadLetter]:
    """Publish what `letters` held again; returns those that hold nothing to publish (holes, or too large and gone)."""
    without: list[DeadLetter] = []
    again: list[Outgoing] = []
    for letter in letters:
        content = await content_of(letter, brokers=brokers, vault=vault)
        if content is None:
            without.append(letter)
        else:
            again.append(driven_again(letter, content))
    await producer.publish(again)
    return without


def listed(letter: DeadLetter) -> dict[str, object]:
    """A letter for programs, without its content."""
    found: dict[str, object] = msgspec.to_builtins(letter)
    found["kept"] = found.pop("content", None) is not None
    return found


def _text(key: bytes | None) -> str:
    """The key; none where it is no text, as then it says nothing about the complaint."""
    try:
        return (key or b"").decode()
    except UnicodeDecodeError:
        return ""
