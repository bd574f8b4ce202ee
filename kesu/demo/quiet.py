"""Knows when all services have read everything and have nothing to publish: only then may the virtual clock jump."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec
from aiokafka import TopicPartition
from msgspec.structs import replace

from kesu.demo.asking import Asking
from shared.clock import Clock
from shared.runtime.progress import Progress

POLL_S: Final = 0.006
_progress = msgspec.json.Decoder(Progress)


class NeverQuiet(Exception):
    """The services did not come to rest in time; `last` says how far each was."""

    def __init__(self, waited_s: float, last: Sequence[Progress | None]) -> None:
        super().__init__(f"after {waited_s:.0f} s: {last}")
        self.last = last


class Quiet:
    """Asks the services at `urls()` how far they are, all of them each time; instances come and go.

    `written` are the ends that others (the driver) wrote.
    """

    def __init__(
        self,
        urls: Callable[[], Sequence[str]],
        *,
        clock: Clock,
        written: Mapping[TopicPartition, int],
        poll_s: float = POLL_S,
    ) -> None:
        self._urls = urls
        self._asking: dict[str, Asking] = {}
        self._clock = clock
        self._written = written
        self._poll_s = poll_s
        self.ends: dict[str, int] = {}  # as of the last rest

    async def close(self) -> None:
        """Let go of the connections."""
        for asking in self._asking.values():
            asking.close()

    async def wait(self, *, timeout_s: float = 60) -> datetime | None:
        """Wait until nothing moves any more; returns when the next timer is due. Raises NeverQuiet."""
        loop = asyncio.get_running_loop()
        deadline, before = loop.time() + timeout_s, None
        while True:
            found = await asyncio.gather(*(self._ask(url) for url in self._urls()))
            now = [one for one in found if one is not None]
            if len(now) == len(found) and at_rest(now, self._ends(), at=self._clock.now()):
                trace = [(one.read, one.written, one.handled) for one in now]
                if trace == before:
                    self.ends = all_ends(now, self._ends())
                    return min((one.next_due for one in now if one.next_due), default=None)
                before = trace
            else:
                before = None
            if loop.time() > deadline:
                raise NeverQuiet(timeout_s, found)
            await asyncio.sleep(self._poll_s)

    async def _ask(self, url: str) -> Progress | None:
        """How far it is; None while it starts, or after it was killed: that is not quiet."""
        if url not in self._asking:
            self._asking[url] = Asking(f"{url}/internal/progress")
        answer = await self._asking[url].ask()
        return _progress.decode(answer) if answer else None

    def _ends(self) -> dict[str, int]:
        return {f"{tp.topic}:{tp.partition}": end for tp, end in self._written.items()}


def at_rest(instances: Sequence[Progress], ends: Mapping[str, int], *, at: datetime) -> bool:
    """Whether every service has read all that anyone wrote to what it reads, and no timer is due; pure."""
    written = all_ends(instances, ends)
    for service in by_service(instances):
        due = service.next_due is not None and service.next_due <= at
        if service.busy or due or not service.read:
            return False
        topics = {name.rpartition(":")[0] for name in service.read}
        for name, end in written.items():
            if name.rpartition(":")[0] in topics and service.read.get(name, 0) < end:
                return False
    return True


def by_service(instances: Sequence[Progress]) -> list[Progress]:
    """One for each service: its instances share the partitions, and it has come as far as they have together."""
    found: dict[str, Progress] = {}
    for one in instances:
        other = found.get(one.service)
        found[one.service] = one if other is None else _together(other, one)
    return list(found.values())


def _together(one: Progress, other: Progress) -> Progress:
    dues = [due for due in (one.next_due, other.next_due) if due]
    read = {name: max(one.read.get(name, 0), other.read.get(name, 0)) for name in one.read.keys() | other.read.keys()}
    return replace(one, read=read, busy=one.busy or other.busy, next_due=min(dues, default=None))


def all_ends(services: Sequence[Progress], ends: Mapping[str, int]) -> dict[str, int]:
    """The end of each partition as its writers know it, or as somebody has read it (its writer may have died since)."""
    found = dict(ends)
    for service in services:
        for known in (service.written, service.read):
            for name, end in known.items():
                found[name] = max(end, found.get(name, 0))
    return found
