"""Reaching the broker, for commands that look at it: who it is, or a clear word that it does not answer."""

from typing import Final

from aiokafka.errors import KafkaError

from shared.errors import Stopped
from shared.log.access import Brokers
from shared.log.ends import cluster_id

ANSWER_WITHIN_S: Final = 10.0


async def cluster_reached(brokers: Brokers) -> str:
    """The id of the cluster that answers there; raises Stopped ("broker_not_reachable") where none does."""
    try:
        return await cluster_id(brokers, timeout_s=ANSWER_WITHIN_S)
    except (KafkaError, TimeoutError, OSError) as error:
        raise broker_not_reachable(error) from error


def broker_not_reachable(error: BaseException) -> Stopped:
    """No broker answers, or not any more."""
    reason = f"{type(error).__name__}: {error}".rstrip(": ")
    return Stopped("broker_not_reachable", zh=f"连不上 Kafka：{reason}", en=f"Kafka does not answer: {reason}")
