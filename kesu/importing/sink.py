"""Where imported submissions go."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from shared.events.submissions import Submission
from shared.log.producer import LogProducer
from shared.log.submissions import submitted


class Sink(Protocol):
    """Takes batches of (CloudEvents type, submission, time it comes in)."""

    async def send(self, batch: Sequence[tuple[str, Submission, datetime]]) -> None:
        """Returns when all of the batch is safe; raises NotNow where it is not (some of it may be)."""
        ...


class KafkaSink:
    """Puts submissions on `kesu.submissions`, keyed by complaint, and waits for acks=all."""

    def __init__(self, producer: LogProducer) -> None:
        self._producer = producer

    async def send(self, batch: Sequence[tuple[str, Submission, datetime]]) -> None:
        await self._producer.publish([submitted(type_, submission, at=at) for type_, submission, at in batch])


class NowhereSink:
    """Takes everything and keeps nothing: a dry run."""

    async def send(self, batch: Sequence[tuple[str, Submission, datetime]]) -> None:
        """Does nothing."""
