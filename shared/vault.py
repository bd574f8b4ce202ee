"""Customers' keys: what identifies a person is sealed under a key of the customer's own, and destroying it erases."""

import hmac
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Struct

from shared.database import Connection
from shared.errors import Stopped
from shared.events.envelope import Personal, Sealed
from shared.ids import derive

ERASED: Final = "[erased]"
KEY_BYTES: Final = 64  # AES-256-SIV: two keys of 256 bits (RFC 5297)

# Keys for customers who have none (a customer erased before gets the next version).
_CREATE = """
INSERT INTO vault.customer_keys (customer_id, version, wrapped)
SELECT customer, 1, wrapped FROM unnest($1::uuid[], $2::bytea[]) AS new (customer, wrapped)
ON CONFLICT (customer_id, version) DO NOTHING
"""
# The newest key of each customer.
_NEWEST = """
SELECT DISTINCT ON (customer_id) customer_id::text, version, wrapped FROM vault.customer_keys
WHERE customer_id = ANY($1::uuid[]) ORDER BY customer_id, version DESC
"""
# A new key after an erasure.
_NEXT = """
INSERT INTO vault.customer_keys (customer_id, version, wrapped) VALUES ($1, $2, $3)
ON CONFLICT (customer_id, version) DO NOTHING
"""
# All keys of these customers, for opening.
_ALL = "SELECT customer_id::text, version, wrapped FROM vault.customer_keys WHERE customer_id = ANY($1::uuid[])"
# Destroy the keys: every event of the customer reads as erased from now on.
_ERASE = """
UPDATE vault.customer_keys SET wrapped = NULL, erased_at = $2 WHERE customer_id = $1 AND wrapped IS NOT NULL
RETURNING version
"""

_encode = msgspec.json.Encoder().encode
_personal = msgspec.json.Decoder(Personal)


class WrappedKey(Struct, frozen=True):
    """Version `key` of a customer's key, as the vault keeps it: wrapped under the master key."""

    customer_id: str
    key: int
    wrapped: bytes


class Erasure(Struct, frozen=True):
    """All keys of a customer up to version `key` were destroyed."""

    customer_id: str
    key: int
    at: datetime


class Ring:
    """The keys at hand for one batch: customer → (version, cipher). `made`: those that did not exist before."""

    def __init__(self) -> None:
        self._ciphers: dict[str, tuple[int, AESSIV]] = {}
        self.made: list[WrappedKey] = []

    def put(self, customer_id: str, version: int, key: bytes) -> None:
        """Take a customer's key in."""
        self._ciphers[customer_id] = (version, AESSIV(key))

    def seal(self, *, customer_id: str, event_id: str, personal: Personal) -> Sealed:
        """`personal` under the customer's key, bound to the event: same event, same bytes."""
        version, cipher = self._ciphers[customer_id]
        return Sealed(key=version, box=cipher.encrypt(_encode(personal), [event_id.encode()]))


class Vault:
    """Makes, wraps, opens and destroys customers' keys; the master key never leaves the process."""

    def __init__(self, master_key: bytes) -> None:
        self._wrapper = AESSIV(_subkey(master_key, b"kesu wrap customer keys", KEY_BYTES))
        self._identity_key = _subkey(master_key, b"kesu customer identity", 32)
        self._blobs = AESSIV(_subkey(master_key, b"kesu seal dead letters", KEY_BYTES))
        self.fingerprint: Final = _subkey(master_key, b"kesu fingerprint", 16).hex()  # tells keys apart, and no more

    def customer_id(self, *, tenant: str, identity: str) -> str:
        """A pseudonym (UUID) for whoever `identity` (account, E.164 number, channel handle) names within `tenant`."""
        digest = hmac.digest(self._identity_key, f"{tenant}\x00{identity}".encode(), sha256)
        return derive("customer", digest.hex())

    async def ring(self, conn: Connection, customer_ids: Iterable[str]) -> Ring:
        """The newest key of each customer, made now where there is none; call it inside the transaction that seals."""
        fresh = {customer: os.urandom(KEY_BYTES) for customer in sorted(set(customer_ids))}
        ring = Ring()
        if not fresh:
            return ring
        wrapped = [self._wrapper.encrypt(key, [customer.encode()]) for customer, key in fresh.items()]
        tag = await conn.execute(_CREATE, list(fresh), wrapped)
        for customer, key in fresh.items():
            ring.put(customer, 1, key)
        mine = dict(zip(fresh, wrapped, strict=True))
        if int(tag.rpartition(" ")[2]) < len(fresh):
            for row in await conn.fetch(_NEWEST, list(fresh)):
                if row["wrapped"] != mine[row["customer_id"]]:
                    del mine[row["customer_id"]]
                    await self._adopt(conn, ring, row["customer_id"], row["version"], row["wrapped"])
        ring.made += [WrappedKey(customer, 1, key) for customer, key in mine.items()]
        return ring

    async def _adopt(self, conn: Connection, ring: Ring, customer_id: str, version: int, wrapped: bytes | None) -> None:
        while wrapped is None:  # erased: the customer is back under a new key
            version += 1
            made = self._wrapper.encrypt(os.urandom(KEY_BYTES), [customer_id.encode()])
            await conn.execute(_NEXT, customer_id, version, made)
            row = (await conn.fetch(_NEWEST, [customer_id]))[0]
            version, wrapped = row["version"], row["wrapped"]
            if wrapped == made:
                ring.made.append(WrappedKey(customer_id, version, made))
        ring.put(customer_id, version, self._wrapper.decrypt(wrapped, [customer_id.encode()]))

    async def open(self, conn: Connection, sealed: Sequence[tuple[str, str, Sealed]]) -> list[Personal | None]:
        """Open (customer_id, event_id, sealed) triples, in order; None where the key was destroyed."""
        if not sealed:
            return []
        rows = await conn.fetch(_ALL, sorted({customer for customer, _, _ in sealed}))
        keys = {(row["customer_id"], row["version"]): row["wrapped"] for row in rows}
        return [self._open(keys, customer, event_id, box) for customer, event_id, box in sealed]

    def _open(
        self, keys: Mapping[tuple[str, int], bytes | None], customer_id: str, event_id: str, sealed: Sealed
    ) -> Personal | None:
        if (customer_id, sealed.key) not in keys:
            raise Stopped(
                "customer_key_lost",
                zh=f"事件 {event_id} 的客户密钥（版本 {sealed.key}）不在保管库中，也没有销毁记录：请恢复 vault 的数据",
                en=f"version {sealed.key} of the customer's key for event {event_id} is neither in the vault nor recorded as "
                "destroyed: restore the data of vault",
            )
        if (wrapped := keys[customer_id, sealed.key]) is None:
            return None
        try:
            key = self._wrapper.decrypt(wrapped, [customer_id.encode()])
            return _personal.decode(AESSIV(key).decrypt(sealed.box, [event_id.encode()]))
        except InvalidTag as error:
            raise Stopped(
                "sealed_part_unreadable",
                zh=f"事件 {event_id} 的密封部分打不开：主密钥不对，或数据被改动",
                en=f"the sealed part of event {event_id} does not open: wrong master key, or changed data",
            ) from error

    def seal_blob(self, id_: str, content: bytes) -> bytes:
        """`content` sealed under the centre's own key, bound to `id_` (for dead letters, whose customer is unknown)."""
        return self._blobs.encrypt(content, [id_.encode()])

    def open_blob(self, id_: str, box: bytes) -> bytes:
        """The reverse of `seal_blob`."""
        return self._blobs.decrypt(box, [id_.encode()])

    @staticmethod
    async def erase(conn: Connection, customer_id: str, at: datetime) -> Erasure | None:
        """Destroy the customer's keys; None where there were none."""
        versions = [row["version"] for row in await conn.fetch(_ERASE, customer_id, at)]
        return Erasure(customer_id, max(versions), at) if versions else None


def _subkey(master_key: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(master_key)


def open_vault(master_key_file: Path | None) -> Vault:
    """The vault under the master key in `master_key_file` (hex, at least 32 bytes)."""
    if master_key_file is None:
        raise Stopped(
            "master_key_missing", zh="未给出主密钥文件（KESU_MASTER_KEY_FILE）", en="KESU_MASTER_KEY_FILE is not set"
        )
    try:
        key = bytes.fromhex(master_key_file.read_text().strip())
    except (OSError, ValueError) as error:
        raise Stopped(
            "master_key_unreadable",
            zh=f"主密钥文件读不出：{master_key_file}",
            en=f"the master key file cannot be read: {master_key_file}",
        ) from error
    if len(key) < 32:
        raise Stopped("master_key_too_short", zh="主密钥至少 32 字节", en="the master key needs at least 32 bytes")
    return Vault(key)
