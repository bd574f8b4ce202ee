"""API keys: one per channel, known here only by their hash."""

import hmac
import secrets
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from shared.errors import Stopped
from shared.events.envelope import Role

KEY_BYTES: Final = 32  # of randomness: a plain hash is enough for a key that nobody can guess


class Channel(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who a key belongs to: a channel of one tenant, and the roles it may speak for (none given: all)."""

    channel: str
    tenant: str = "default"
    sha256: str
    roles: frozenset[Role] = frozenset()


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    keys: list[Channel]


class ApiKeys:
    """The keys of a file."""

    def __init__(self, channels: list[Channel]) -> None:
        self._channels = [(bytes.fromhex(channel.sha256), channel) for channel in channels]

    def owner(self, key: str) -> Channel | None:
        """The channel `key` belongs to. Compares with all of them in constant time."""
        digest = sha256(key.encode("utf-8", "surrogateescape")).digest()
        found = None
        for known, channel in self._channels:
            if hmac.compare_digest(known, digest):
                found = channel
        return found


def load_keys(path: Path) -> ApiKeys:
    """The keys in `path`: JSON, {"keys": [{"channel": …, "tenant": …, "sha256": …, "roles": […]}]}; raises Stopped."""
    try:
        channels = msgspec.json.decode(path.read_bytes(), type=_File).keys
        if any(len(bytes.fromhex(channel.sha256)) != KEY_BYTES for channel in channels):
            raise ValueError("sha256 has 64 hexadecimal digits")
        return ApiKeys(channels)
    except (OSError, ValueError) as error:  # msgspec's errors are ValueErrors
        raise Stopped(
            "api_keys_unreadable", zh=f"API 密钥文件读不出：{path}（{error}）", en=f"the API key file {path}: {error}"
        ) from error


def new_key() -> tuple[str, str]:
    """A new key for a channel, and the hash that goes into the file."""
    key = secrets.token_urlsafe(KEY_BYTES)
    return key, sha256(key.encode()).hexdigest()


def check_listening(host: str, keys: ApiKeys | None) -> None:
    """Raises Stopped where `host` can be reached from other machines and there are no keys."""
    if keys is None and not is_loopback(host):
        raise Stopped(
            "api_keys_needed",
            zh=f"监听地址 {host} 可从外部访问：请用 KESU_API_KEYS_FILE 为每个渠道配置密钥",
            en=f"other machines can reach {host}: give each channel a key with KESU_API_KEYS_FILE",
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
