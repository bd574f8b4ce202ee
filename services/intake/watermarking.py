"""Says how far intake has taken in what was submitted: watermarks, for follow-up to judge lapses behind them."""

import time
from datetime import datetime

from services.intake import store
from services.intake.group_commit import GroupCommit
from services.intake.handlers import TOPIC
from shared.log.watermarks import Watermark, outgoing
from shared.runtime.service import Service
from shared.saved import COMPLAINTS


class Promised:
    """What watermarks have said of each partition, this instance's and others': nothing may count as accepted before that."""

    def __init__(self) -> None:
        self._through: dict[int, datetime] = {}

    def note(self, watermark: Watermark) -> None:
        """Somebody said this."""
        known = self._through.get(watermark.partition)
        if known is None or watermark.through > known:
            self._through[watermark.partition] = watermark.through

    def through(self, partition: int) -> datetime | None:
        """A record read now was not on this partition before the returned time."""
        return self._through.get(partition)


class Watermarking:
    """Every `every_s` seconds (of real time): one watermark per partition of `kesu.submissions` that this instance reads.

    What requests and other instances have saved but not published holds the watermarks back: it may be on the log any
    moment, with the time at which it was accepted. An instance without a partition has no watermark of its own: run at
    most as many instances as there are partitions.
    """

    def __init__(self, *, service: Service, group: GroupCommit, every_s: float) -> None:
        self._service = service
        self._group = group
        self._every_s = every_s
        self._next_s = 0.0
        self._told: dict[int, datetime] = {}

    async def tick(self) -> bool:
        """Publish what is new; returns whether there was anything. Raises NotNow and the database's errors."""
        if time.monotonic() < self._next_s:
            return False
        self._next_s = time.monotonic() + self._every_s
        reached = self._reached()
        if not reached:
            return False
        async with self._service.pool.acquire() as conn:
            pending = await store.accepted_but_pending(conn)
        # The ends are looked at last: whatever the times cover is below them.
        ends = {tp.partition: end for tp, end in self._service.producer.ends.items() if tp.topic == COMPLAINTS}
        marks = [
            Watermark(partition=partition, through=min(at, pending) if pending else at, ends=ends)
            for partition, at in reached.items()
        ]
        new = [mark for mark in marks if mark.partition not in self._told or mark.through > self._told[mark.partition]]
        if new:
            await self._service.producer.publish([outgoing(mark) for mark in new])
            self._told |= {mark.partition: mark.through for mark in new}
        return False  # nothing that a virtual clock would have to wait for

    def _reached(self) -> dict[int, datetime]:
        """Partition of `kesu.submissions` → everything accepted before this time is published, or under way as a request."""
        under_way = self._group.oldest_under_way
        found: dict[int, datetime] = {}
        for tp in self._service.reader.next:
            at = self._service.reader.read_through(tp.topic, tp.partition) if tp.topic == TOPIC else None
            if at is not None:
                found[tp.partition] = min(at, under_way) if under_way else at
        return found
