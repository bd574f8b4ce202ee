"""A pack as one body: what travels when it is activated and is kept for ever by its content hash."""

import zlib
from typing import Final

import msgspec

from services.routing.policy.errors import PackError
from services.routing.policy.source import LAYERS_MAX, PACK_BYTES_MAX, PackSource

BODY_BYTES_MAX: Final = 640_000
"""Packed: base64 in JSON makes it a third larger, and the broker takes events below a million bytes."""
_OVERHEAD_BYTES_MAX: Final = 1_000_000
_decoder: Final = msgspec.msgpack.Decoder(tuple[dict[str, bytes], ...])


def packed(source: PackSource) -> bytes:
    """The body of a pack, the same for the same files."""
    layers = tuple(dict(sorted(files.items())) for files in source.layers)
    return zlib.compress(msgspec.msgpack.encode(layers), 9)


def travelling(source: PackSource) -> bytes:
    """The body of a pack that is to be activated; raises PackError where it is too large to travel."""
    body = packed(source)
    if len(body) > BODY_BYTES_MAX:
        raise _wrong(zh=f"压缩后超过 {BODY_BYTES_MAX} 字节", en=f"larger than {BODY_BYTES_MAX} bytes when packed")
    return body


def unpacked(body: bytes) -> PackSource:
    """The pack in `body`; raises PackError for anything that `packed` did not make."""
    inflating = zlib.decompressobj()
    try:
        plain = inflating.decompress(body, PACK_BYTES_MAX + _OVERHEAD_BYTES_MAX)
        if not inflating.eof or inflating.unused_data:
            raise _wrong(zh="策略包不完整或过大", en="is not complete, or too large")
        layers = _decoder.decode(plain)
    except (zlib.error, msgspec.DecodeError) as error:
        raise _wrong(zh="不是策略包", en="is no pack") from error
    if not 1 <= len(layers) <= LAYERS_MAX or sum(len(b) for files in layers for b in files.values()) > PACK_BYTES_MAX:
        raise _wrong(zh="层数不对或过大", en="has no layer, too many layers, or is too large")
    return PackSource(layers)


def _wrong(*, zh: str, en: str) -> PackError:
    return PackError(table="pack", row="-", zh=zh, en=en)
