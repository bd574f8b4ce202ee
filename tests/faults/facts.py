"""What a run left on the log, complaint by complaint, in a form in which two runs can be compared."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, TypeAlias

import asyncpg
import msgspec

from deploy.stack import Stack
from shared.events.envelope import ComplaintFact
from shared.events.registry import EVENTS, decode
from shared.log.ends import log_end, partitions_of, reading, stretch
from shared.log.headers import TYPE, header
from shared.saved import COMPLAINTS
from shared.vault import open_vault

# Complaint id → event id → the event as plain data.
Facts: TypeAlias = dict[str, dict[str, Any]]


async def facts_of(stack: Stack) -> Facts:
    """Complaint id → event id → the event as plain data, its sealed part opened (each run has its own customers' keys)."""
    found: Facts = {}
    events = await _events(stack)
    for event in events:
        plain = msgspec.to_builtins(event)
        plain.pop("sealed", None)
        found.setdefault(event.complaint_id, {})[event.id] = plain
    for event, personal in await _opened(stack, events):
        found[event.complaint_id][event.id]["personal"] = personal
    return found


async def _events(stack: Stack) -> list[ComplaintFact]:
    events = []
    tps = await partitions_of(stack.brokers, [COMPLAINTS])
    async with reading(stack.brokers, tps) as consumer:
        for tp in tps:
            async for raws in stretch(consumer, tp, first=0, end=await log_end(consumer, tp)):
                for raw in raws:
                    if header(raw.headers, TYPE) in EVENTS:
                        event = decode(raw.value or b"")
                        assert isinstance(event, ComplaintFact)
                        events.append(event)
    return events


async def _opened(stack: Stack, events: Sequence[ComplaintFact]) -> list[tuple[ComplaintFact, Any]]:
    sealed = [event for event in events if event.sealed]
    conn = await asyncpg.connect(stack.database_url())
    try:
        vault = open_vault(stack.master_key_file)
        personal = await vault.open(conn, [(e.customer_id, e.id, e.sealed) for e in sealed if e.sealed])
    finally:
        await conn.close()
    return [(event, msgspec.to_builtins(one)) for event, one in zip(sealed, personal, strict=True)]


def alone_with_their_customer(facts: Facts) -> set[str]:
    """Complaints whose customer has no other."""
    customers = {id_: next(iter(events.values()))["customer_id"] for id_, events in facts.items()}
    counts = Counter(customers.values())
    return {id_ for id_, customer in customers.items() if counts[customer] == 1}


def received_only(facts: Facts) -> Facts:
    """What came from outside, without what was decided about it."""
    return {
        id_: {event: fact for event, fact in events.items() if fact["type"] == "kesu.complaint.received.v1"}
        for id_, events in facts.items()
    }


def differences(one: Facts, other: Facts, *, among: Collection[str]) -> list[str]:
    """Where two runs differ in these complaints: complaint, event and field, at most twenty places."""
    found: list[str] = []
    for complaint in sorted(among):
        here, there = one.get(complaint, {}), other.get(complaint, {})
        for id_ in sorted(here.keys() | there.keys()):
            if here.get(id_) != there.get(id_):
                found.append(_difference(complaint, here.get(id_), there.get(id_)))
            if len(found) == 20:
                return found
    return found


def _difference(complaint: str, here: Any, there: Any) -> str:
    if here is None or there is None:
        only = here or there
        return f"{complaint}: {only['type']} of {only['occurred_at']} only in {'the first' if there is None else 'the second'}"
    fields = {
        name: (here.get(name), there.get(name))
        for name in here.keys() | there.keys()
        if here.get(name) != there.get(name)
    }
    return f"{complaint}: {here['type']} differs in {fields}"
