"""A TCP proxy on the loopback interface that can cut, freeze, slow down and half-close what passes through it."""

import asyncio
import contextlib
import socket
import struct
from random import Random
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from deploy.embedded.ports import LOOPBACK, free_port

CHUNK_BYTES: Final = 64 * 1024
SLICES_PER_S: Final = 20  # of a limited bandwidth
_RESET_WHEN_CLOSED: Final = struct.pack("ii", 1, 0)

Passing: TypeAlias = Literal["pass", "cut", "blackhole", "half_open"]


class Way(Struct, frozen=True, kw_only=True):
    """How connections pass.

    `cut`: those there are get reset, new ones are refused. `blackhole`: all freeze, new ones are accepted and nothing is
    passed on; what was sent meanwhile arrives afterwards. `half_open`: the server's side is gone and the client is never
    told, for those there are for good. `latency_s` is added to each chunk, each way, `jitter_s` up to so much more.
    """

    passing: Passing = "pass"
    latency_s: float = 0
    jitter_s: float = 0
    bytes_per_s: float = 0


FREE: Final = Way()


class _Pair:
    """One client and the server behind."""

    def __init__(self, client: asyncio.StreamWriter) -> None:
        self.client = client
        self.server: asyncio.StreamWriter | None = None
        self.server_gone = False


class Proxy:
    """Listens on `port` (a free one) and passes on to `to_port` of this machine, in the `way` that is set."""

    def __init__(self, to_port: int, *, port: int | None = None, seed: int = 0) -> None:
        self.port = port or free_port()
        self.to_port = to_port
        self.way = FREE
        self._jitter = Random(seed)
        self._flows = asyncio.Event()
        self._flows.set()
        self._pairs: set[_Pair] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen."""
        if self._server is None:
            self._server = await asyncio.start_server(self._accepted, LOOPBACK, self.port)

    async def stop(self) -> None:
        """Refuse new connections and reset those there are."""
        await self._refuse()
        self._reset()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def set(self, way: Way) -> None:
        """From now on, pass in this way."""
        self.way = way
        if way.passing == "cut":
            await self._refuse()
            self._reset()
        else:
            await self.start()
        if way.passing == "half_open":
            for pair in self._pairs:
                pair.server_gone = True
                if pair.server:
                    _reset(pair.server)
        if way.passing == "blackhole":
            self._flows.clear()
        else:
            self._flows.set()

    async def _refuse(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _reset(self) -> None:
        for pair in tuple(self._pairs):
            for side in (pair.client, pair.server):
                if side:
                    _reset(side)

    def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pair = _Pair(writer)
        self._pairs.add(pair)
        try:
            await self._flows.wait()
            if self.way.passing == "half_open":
                pair.server_gone = True
            await self._join(pair, reader)
        except OSError:
            pass  # the server is not there: the client hears it by the reset below
        finally:
            self._pairs.discard(pair)
            for side in (pair.client, pair.server):
                if side:
                    _reset(side)

    async def _join(self, pair: _Pair, reader: asyncio.StreamReader) -> None:
        if pair.server_gone:
            await _swallow(reader)
            return
        server_reader, pair.server = await asyncio.open_connection(LOOPBACK, self.to_port)
        there = asyncio.create_task(self._pump(pair, reader, pair.server))
        back = asyncio.create_task(self._pump(pair, server_reader, pair.client))
        try:
            await asyncio.wait((there, back), return_when=asyncio.FIRST_COMPLETED)
            if pair.server_gone:
                await _swallow(reader)
        finally:
            for pump in (there, back):
                pump.cancel()
            await asyncio.gather(there, back, return_exceptions=True)

    async def _pump(self, pair: _Pair, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK_BYTES):
                await self._flows.wait()
                if pair.server_gone:
                    return
                await self._delay()
                await self._write(writer, data)

    async def _delay(self) -> None:
        if self.way.latency_s:
            await asyncio.sleep(self.way.latency_s + self._jitter.uniform(0, self.way.jitter_s))

    async def _write(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        at = 0
        while at < len(data):
            rate = self.way.bytes_per_s
            size = max(1, int(rate / SLICES_PER_S)) if rate else len(data)
            writer.write(data[at : at + size])
            await writer.drain()
            at += size
            if rate:
                await asyncio.sleep(min(size, len(data)) / rate)


async def _swallow(reader: asyncio.StreamReader) -> None:
    """What the client sends goes nowhere, until it gives up."""
    with contextlib.suppress(OSError):
        while await reader.read(CHUNK_BYTES):
            pass


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close by RST: nothing that is still in a buffer arrives."""
    sock = writer.get_extra_info("socket")
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_WHEN_CLOSED)
    writer.transport.abort()
