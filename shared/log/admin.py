"""Asking a cluster as its administrator, for as long as the question takes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from shared.log.access import Brokers
from shared.log.refusal import refused


@asynccontextmanager
async def administrator(
    brokers: Brokers, *, request_timeout_ms: int | None = None
) -> AsyncIterator[AIOKafkaAdminClient]:
    """A client for administrators; a KafkaError where no broker answers, Stopped where one refuses us."""
    admin = AIOKafkaAdminClient(
        **brokers.options() | ({"request_timeout_ms": request_timeout_ms} if request_timeout_ms else {})
    )
    try:
        await _start(admin, brokers)
        yield admin
    finally:
        await admin.close()


async def _start(admin: AIOKafkaAdminClient, brokers: Brokers) -> None:
    try:
        await admin.start()
    except KafkaError:
        if refusal := await refused(brokers):
            raise refusal from None
        raise
