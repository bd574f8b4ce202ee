"""The packs of this process, ready to decide with: which is in force for whom, and any other by its content hash."""

import asyncio
from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from services.routing import pack_store
from services.routing.policy.body import packed, unpacked
from services.routing.policy.errors import PackError
from services.routing.policy.pack import Pack, build_pack
from services.routing.policy.source import PackSource
from shared.database import Connection
from shared.errors import NotNow, Stopped

READY_MAX: Final = 8
"""Packs kept ready: those in force, and those of complaints that are pinned to earlier ones."""
ALL_TENANTS: Final = "default"


class InForce(Struct, frozen=True):
    """The pack that decides about a new complaint, and where `kesu.control` says so (None: nowhere, it came with Kesu)."""

    pack: Pack
    control_offset: int | None


class InForceFor(Struct, frozen=True):
    """What is in force for each tenant that has a pack of its own, and for all others."""

    own: Mapping[str, InForce]
    others: InForce

    def of(self, tenant: str) -> InForce:
        """What is in force for `tenant`."""
        return self.own.get(tenant, self.others)


class Shelf:
    """`first` is the pack this process was started with: in force where none was ever activated."""

    def __init__(self, first: Pack) -> None:
        self._first = first
        self._ready = {first.content_hash: first}
        self._seen: tuple[tuple[pack_store.Activated, ...], InForceFor] | None = None

    @property
    def first(self) -> InForce:
        """The pack this process was started with: it decides where the one in force turns out to have no answer."""
        return InForce(self._first, None)

    async def in_force(self, conn: Connection) -> InForceFor:
        """What is in force now, as this transaction sees it: an activation is taken up by the next batch of every instance."""
        activated = tuple(await pack_store.in_force(conn))
        if self._seen is None or self._seen[0] != activated:
            own = {
                one.tenant: InForce(await self.pack(conn, one.content_hash), one.control_offset) for one in activated
            }
            others = own.get(ALL_TENANTS, self.first)
            self._seen = activated, InForceFor(own, others)
        return self._seen[1]

    async def pack(self, conn: Connection, content_hash: str) -> Pack:
        """The pack of that content; raises NotNow where it is not kept here (yet), Stopped where it cannot be read any more."""
        ready = self._ready.pop(content_hash, None)
        if ready is None:
            body = await pack_store.kept_pack(conn, content_hash)
            if body is None:
                raise NotNow(f"policy pack {content_hash} is not kept here yet")
            ready = await asyncio.to_thread(_made_ready, content_hash, unpacked(body))
        self._ready[content_hash] = ready  # the last one asked for stands last
        while len(self._ready) > READY_MAX:
            del self._ready[next(iter(self._ready))]
        return ready

    async def keep_first(self, conn: Connection) -> None:
        """Keep the pack this process was started with: later versions of Kesu may come with another."""
        first = self._first
        await pack_store.keep_pack(conn, content_hash=first.content_hash, name=first.name, body=packed(first.source))


def _made_ready(content_hash: str, source: PackSource) -> Pack:
    try:
        return build_pack(source)
    except PackError as error:
        raise Stopped(
            "pack_not_usable",
            zh=f"策略包 {content_hash} 无法载入，请用能读取它的版本：{error.texts['zh']}",
            en=f"policy pack {content_hash} cannot be loaded, use a version that can: {error.texts['en']}",
        ) from error
