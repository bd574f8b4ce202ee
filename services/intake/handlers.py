"""The Kafka door: records of `kesu.submissions` are read and drafted one by one, and taken in batch by batch."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from msgspec import Struct

from services.intake import store
from services.intake.acceptance import Acceptance
from services.intake.model import Arrival, Draft, Place, Refused
from services.intake.rules.drafting import Drafting
from services.intake.rules.reading import check_document, read
from services.intake.store import entry_of
from shared.clock import Clock
from shared.cloudevents import kafka
from shared.cloudevents.event import InvalidCloudEvent, is_json
from shared.database import Connection
from shared.errors import Impossible, Stopped, Undecodable
from shared.events.envelope import Fact
from shared.events.intake import CustomerErased
from shared.events.registry import PUBLISHERS, type_of
from shared.events.submissions import SUBMISSIONS
from shared.pipeline.decoding import without_values
from shared.pipeline.records import Outgoing, RawRecord, Record
from shared.saved import save_events
from shared.vault import Erasure
from shared.vault_restored import remember_erasures

TOPIC: Final = "kesu.submissions"


class Inbound(Struct, frozen=True):
    """A submission from the topic: the record it came in, and what is to become of it."""

    raw: RawRecord
    draft: Draft

    @property
    def event(self) -> Fact:
        """What it becomes where it is new."""
        return self.draft.event


class SubmissionsReading:
    """Reads both CloudEvents modes. What can't be read or breaks a rule is for the dead letters.

    A type we do not know, also a newer version, is dead-lettered rather than waited for: this topic is open to
    channels, and none of them may be able to stop intake. After an upgrade it can be driven again.
    `not_before(partition)`: whatever is read now was not there before this time, whatever its producer's clock says.
    """

    def __init__(
        self, *, drafting: Drafting, clock: Clock, not_before: Callable[[int], datetime | None] = lambda _: None
    ) -> None:
        self._drafting = drafting
        self._clock = clock
        self._not_before = not_before

    def read(self, raw: RawRecord) -> Inbound:
        """The record's draft; raises Undecodable."""
        try:
            event = kafka.decode(raw.headers, raw.value)
            if not is_json(event.datacontenttype):
                raise Refused("data_not_json")
            structured = event.data is not raw.value
            if structured:
                check_document(raw.value or b"")
            arrival = Arrival(
                type=event.type,
                submission=read(event.type, event.data, checked=structured),
                accepted_at=self._accepted_at(raw),
                door="kafka",
                place=Place(raw.topic, raw.partition, raw.offset),
            )
            return Inbound(raw, self._drafting.draft(arrival))
        except (InvalidCloudEvent, Refused) as error:
            raise Undecodable(error.code, _detail(error)) from None

    def _accepted_at(self, raw: RawRecord) -> datetime:
        """When the broker had it; a producer's clock may be ahead of ours, behind it, or absent."""
        now = self._clock.now()
        if raw.timestamp_ms <= 0 or raw.timestamp_ms >= now.timestamp() * 1_000:
            return now
        at = datetime.fromtimestamp(raw.timestamp_ms / 1_000, UTC)
        earliest = self._not_before(raw.partition)
        return max(at, earliest) if earliest else at


class SubmissionsHandler:
    """Takes batches of submissions in; duplicates are published again as they were stored."""

    reads: frozenset[str] = frozenset(SUBMISSIONS)
    owns: frozenset[str] = frozenset(type_of(struct) for struct in PUBLISHERS["intake"])
    moves_with_save = False

    def __init__(self, *, acceptance: Acceptance, clock: Clock) -> None:
        self._acceptance = acceptance
        self._clock = clock

    async def handle(self, conn: Connection, records: Sequence[Any]) -> Sequence[Outgoing]:
        """Save what is new in these `Inbound`s and return all that has to be on the log; raises Impossible."""
        inbound: Sequence[Inbound] = records
        batch = await self._acceptance.accept(conn, [one.draft for one in inbound], now=self._clock.now())
        for record, answer in zip(inbound, batch.answers, strict=True):
            if answer.status == "refused":
                raise Impossible(record, answer.code)
        return batch.everything

    async def adopt(self, conn: Connection, records: Sequence[Record]) -> None:
        """Take in own events that a restored database lost: the register and the events, as they are on the log."""
        await _keep_erased(conn, records)
        entries = [entry_of(r.event, submission_id=r.event.causation_id, fingerprint=b"") for r in records]
        await store.enter(conn, {entry.submission_id: entry for entry in entries}.values())
        await save_events(conn, store.SCHEMA, [record.event for record in records])


async def _keep_erased(conn: Connection, records: Sequence[Record]) -> None:
    """Whoever was erased stays so: intake may note it, but only the vault's owner destroys a key that a backup brought back."""
    erased = [r.event for r in records if isinstance(r.event, CustomerErased)]
    if erased and (
        back := await remember_erasures(conn, [Erasure(e.customer_id, e.key, e.occurred_at) for e in erased])
    ):
        raise Stopped(
            "erased_customer_has_a_key",
            zh=f"{len(back)} 个已抹除客户的密钥随旧备份恢复了：请运行 kesu erase --on-record 再次销毁",
            en=f"an older backup brought back the keys of {len(back)} erased customers: destroy them again with "
            "kesu erase --on-record",
        )


def _detail(error: InvalidCloudEvent | Refused) -> str:
    """Why, without anything the record held: dead letters are listed for people who may not read what is in them."""
    path = error.path if isinstance(error, Refused) else ""
    return f"{without_values(error.detail)} {path}".strip()
