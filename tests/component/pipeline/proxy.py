"""A stand-in between clients and a broker: it withholds batches from fetches, or cuts every connection."""

import asyncio
import contextlib
import struct
from collections import Counter
from collections.abc import Callable
from io import BytesIO

from aiokafka.protocol import fetch

FETCH, HEARTBEAT = 1, 12
_BATCH_HEAD = struct.Struct(">qi")  # a record batch: base offset, and the length of what follows
_PER_VERSION = {one.API_VERSION: one for name, one in vars(fetch).items() if name.startswith("FetchResponse_v")}

# Topic, partition, base offset → whether this answer is to leave that batch out.
Withhold = Callable[[str, int, int], bool]


class Proxy:
    """Listens on a port of its own and passes everything on to `target_port`, except what `withhold` says."""

    def __init__(self, *, port: int, target_port: int) -> None:
        self._port = port
        self._target_port = target_port
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.withhold: Withhold = lambda topic, partition, base: False
        self.withheld = 0
        self.requests: Counter[int] = Counter()  # by the protocol's number of the call

    async def open(self) -> None:
        """Take connections."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self._port)

    async def cut(self) -> None:
        """Close every connection and take no more."""
        if self._server:
            self._server.close()
            self._server = None
        for task in self._tasks:
            task.cancel()
        for writer in list(self._writers):
            writer.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        self._writers |= {writer, to_writer}
        asked: dict[int, int] = {}  # correlation id → version, of fetches under way
        for work in (self._requests(reader, to_writer, asked), self._answers(to_reader, writer, asked)):
            task = asyncio.create_task(_quietly(work))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            task.add_done_callback(lambda _: _close(writer, to_writer))

    async def _requests(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: dict[int, int]
    ) -> None:
        while True:
            frame = await _frame(reader)
            key, version, correlation = struct.unpack_from(">hhi", frame)
            self.requests[key] += 1
            if key == FETCH:
                asked[correlation] = version
            writer.write(struct.pack(">i", len(frame)) + frame)
            await writer.drain()

    async def _answers(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: dict[int, int]) -> None:
        while True:
            frame = await _frame(reader)
            (correlation,) = struct.unpack_from(">i", frame)
            if (version := asked.pop(correlation, None)) is not None:
                frame = frame[:4] + self._thinned(frame[4:], version)
            writer.write(struct.pack(">i", len(frame)) + frame)
            await writer.drain()

    def _thinned(self, body: bytes, version: int) -> bytes:
        """The answer to a fetch, without the batches that are withheld."""
        answer, before = _PER_VERSION[version].decode(BytesIO(body)), self.withheld
        topics = [
            (topic, [(*one[:-1], self._kept(topic, one[0], one[-1])) for one in partitions])
            for topic, partitions in answer.topics
        ]
        if self.withheld == before:
            return body
        answer.topics = topics
        return bytes(answer.encode())

    def _kept(self, topic: str, partition: int, batches: bytes) -> bytes:
        kept, at = b"", 0
        while at + _BATCH_HEAD.size <= len(batches):
            base, length = _BATCH_HEAD.unpack_from(batches, at)
            end = at + _BATCH_HEAD.size + length
            if self.withhold(topic, partition, base):
                self.withheld += 1
            else:
                kept += batches[at:end]
            at = end
        return kept


def _close(*writers: asyncio.StreamWriter) -> None:
    for writer in writers:
        writer.close()


async def _frame(reader: asyncio.StreamReader) -> bytes:
    (length,) = struct.unpack(">i", await reader.readexactly(4))
    return await reader.readexactly(length)


async def _quietly(work: "asyncio.Future[None] | object") -> None:
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        await work  # type: ignore[misc]
