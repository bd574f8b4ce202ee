"""Customers' new keys on a topic of their own, kept for some days: what a restored, older database has to learn again.

A customer's key is made at random, and what it sealed is on the log for ever: a database restored from last night's backup
would not know the keys of today's customers. So intake puts each new key, wrapped under the master key, beside the log
before it says "accepted". The topic is kept as long as submissions are, so a backup is never needed more often than that.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from shared.ids import derive
from shared.log.headers import TYPE, header
from shared.pipeline.records import Outgoing, RawRecord
from shared.vault import WrappedKey

TOPIC: Final = "kesu.customer-keys"
KEY_MADE: Final = "kesu.customer-key.v1"
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(WrappedKey).decode


def outgoing(key: WrappedKey) -> Outgoing:
    """The key as a record."""
    id_ = derive("customer-key", key.customer_id, str(key.key))
    return Outgoing(topic=TOPIC, key="", id=id_, type=KEY_MADE, value=_encode(key))


def keys_in(raws: Iterable[RawRecord]) -> Sequence[WrappedKey]:
    """The keys in these records of the topic."""
    return [_decode(raw.value) for raw in raws if raw.value and header(raw.headers, TYPE) == KEY_MADE]
