"""The order of events that were saved and are in no archive: as each service saved them, causes before their effects; pure."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from shared.events.envelope import Fact


class Saved(Struct, frozen=True):
    """An event of a service's own table: what it says, and the bytes it was saved as."""

    publisher: str
    topic: str
    key: str
    type: str
    event: Fact
    body: bytes


def in_causal_order(by_publisher: Sequence[Sequence[Saved]]) -> Iterator[Saved]:
    """One order for the events of one complaint, given in the order of each service.

    The order on the log was such a one too, so there always is one; where what is saved contradicts itself all the same,
    the first service goes on.
    """
    queues = [list(reversed(queue)) for queue in by_publisher if queue]
    waiting = {saved.event.id for queue in queues for saved in queue}
    while queues:
        free = next((queue for queue in queues if queue[-1].event.causation_id not in waiting), queues[0])
        saved = free.pop()
        waiting.discard(saved.event.id)
        yield saved
        queues = [queue for queue in queues if queue]
