"""A fact waits sealed: its arrival as bytes, under the service's own key, until its complaint is there or a day is over."""

from datetime import datetime, timedelta
from typing import Final

import msgspec
from msgspec import Struct

from services.intake.model import Arrival, Door, FactDraft, Place, Waiting
from shared.events.envelope import Language
from shared.events.submissions import SUBMISSIONS
from shared.pipeline.records import RawRecord
from shared.vault import Vault

WAIT: Final = timedelta(days=1)


class _Kept(Struct, frozen=True, omit_defaults=True):
    type: str
    submission: bytes
    accepted_at: datetime
    door: Door
    channel_id: str = ""
    lang: Language | None = None
    place: Place | None = None


_pack = msgspec.msgpack.Encoder().encode
_kept = msgspec.msgpack.Decoder(_Kept)
_json = msgspec.json.Encoder().encode


def put_aside(draft: FactDraft, vault: Vault, *, missing: str, now: datetime) -> Waiting:
    """`draft` as a row that waits for complaint `missing`, for a day from `now`."""
    arrival = draft.arrival
    kept = _Kept(
        arrival.type,
        _json(arrival.submission),
        arrival.accepted_at,
        arrival.door,
        arrival.channel_id,
        arrival.lang,
        arrival.place,
    )
    return Waiting(
        submission_id=draft.submission_id,
        tenant=draft.event.tenant,
        complaint_id=missing,
        waits_until=now + WAIT,
        sealed=vault.seal_blob(draft.submission_id, _pack(kept)),
    )


def woken(row: Waiting, vault: Vault) -> Arrival:
    """The arrival that waited in `row`."""
    kept = _kept.decode(vault.open_blob(row.submission_id, row.sealed))
    return Arrival(
        type=kept.type,
        submission=msgspec.json.decode(kept.submission, type=SUBMISSIONS[kept.type]),
        accepted_at=kept.accepted_at,
        door=kept.door,
        channel_id=kept.channel_id,
        lang=kept.lang,
        place=kept.place,
    )


def as_record(row: Waiting, vault: Vault) -> RawRecord:
    """What waited in vain, as the record it came as (for the dead letters); one from HTTP has a place of its own."""
    arrival = woken(row, vault)
    place = arrival.place or Place(f"http:{row.submission_id}", 0, 0)
    headers = (
        ("ce_type", arrival.type.encode()),
        ("ce_specversion", b"1.0"),
        ("ce_id", row.submission_id.encode()),
        ("ce_source", b"kesu/intake"),
        ("content-type", b"application/json"),
    )
    return RawRecord(
        topic=place.topic,
        partition=place.partition,
        offset=place.offset,
        timestamp_ms=int(arrival.accepted_at.timestamp() * 1000),
        key=None,
        value=_json(arrival.submission),
        headers=headers,
    )
