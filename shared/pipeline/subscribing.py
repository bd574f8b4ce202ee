"""How FastStream is asked for batches: raw, unacknowledged, and with nothing parsed on the way."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from aiokafka import AIOKafkaConsumer
from aiokafka.abc import ConsumerRebalanceListener
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.message import FAKE_CONSUMER

from shared.settings import ServiceSettings

HEARTBEAT_MS_MAX: Final = 3_000  # a member also hears of a rebalance by it


class Subscription:
    """One service's place in its group. The consumer is there while the broker is started."""

    def __init__(
        self, broker: KafkaBroker, *, group: str, topics: Sequence[str], settings: ServiceSettings,
        listener: ConsumerRebalanceListener, on_batch: Callable[[Sequence[Any]], Awaitable[None]],
    ) -> None:  # fmt: skip
        self._subscriber = broker.subscriber(
            *topics, batch=True, group_id=group, auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL, listener=listener, parser=_parse, decoder=_decode,
            max_records=settings.batch_records_max, batch_timeout_ms=settings.fetch_wait_ms_max,
            fetch_max_wait_ms=settings.fetch_wait_ms_max, max_partition_fetch_bytes=settings.fetch_bytes_max,
            session_timeout_ms=settings.session_timeout_ms,
            heartbeat_interval_ms=min(HEARTBEAT_MS_MAX, settings.session_timeout_ms // 3), max_poll_interval_ms=settings.poll_interval_ms_max,
            no_reply=True,
        )  # fmt: skip
        self._subscriber(on_batch)

    @property
    def consumer(self) -> AIOKafkaConsumer | None:
        """The aiokafka consumer, for seeking, pausing and looking; None before the start and after the end."""
        return self._subscriber.consumer


async def _parse(message: Any) -> KafkaMessage:
    """Nothing is parsed here: FastStream's own parser decodes every header of every record."""
    return KafkaMessage(body=b"", raw_message=message, consumer=FAKE_CONSUMER)


async def _decode(message: KafkaMessage) -> Any:
    return message.raw_message
