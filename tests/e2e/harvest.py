"""Lets planted people's complaints run through all services, and takes down all that the stack holds afterwards."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import asyncpg
import httpx
import msgspec
from msgspec import Struct

from deploy.stack import Stack
from kesu.demo.session import Plan, demo_session
from kesu.letters import content_of
from shared.events.envelope import ComplaintFact, Personal
from shared.events.registry import EVENTS, decode
from shared.log.customer_keys import TOPIC as KEYS
from shared.log.headers import TYPE, header
from shared.log.submissions import SUBMISSIONS_TOPIC
from shared.pipeline.dead_letters import TOPIC as DEAD_LETTERS
from shared.pipeline.dead_letters import read_letter
from shared.pipeline.records import RawRecord
from shared.saved import COMPLAINTS, CONTROL
from shared.vault import Vault, open_vault
from tests.e2e import holdings
from tests.e2e.planting import by_http, by_kafka

# A fact waits a day for its complaint.
PLAN: Final = Plan(arrivals=timedelta(hours=1), afterwards=timedelta(days=2))
TOPICS: Final = (SUBMISSIONS_TOPIC, COMPLAINTS, CONTROL, DEAD_LETTERS, KEYS)
# What waits: the id it is bound to, and the box.
_WAITING: Final = "SELECT submission_id::text, sealed FROM intake.waiting"


class Harvest(Struct, frozen=True, kw_only=True):
    """Places (topics, files, columns, doors) with all they hold; then what is sealed, as it lies there and opened.

    `waiting`: the tables while facts wait for their complaint; `cells`: the tables when everything is over.
    """

    topics: dict[str, list[bytes]]
    logs: dict[str, list[bytes]]
    waiting: dict[str, list[bytes]]
    cells: dict[str, list[bytes]]
    answers: dict[str, list[bytes]]
    waiting_opened: list[bytes]
    event_boxes: list[bytes]
    events_opened: list[bytes]
    letters_opened: list[bytes]


async def harvest() -> Harvest:
    """One run under the virtual clock: facts that wait for a complaint wait in vain, everything else goes its way."""
    async with demo_session(PLAN) as session, httpx.AsyncClient(timeout=30) as http:
        stack, vault = session.stack, open_vault(session.stack.master_key_file)
        refused = await by_http(http, stack)
        await by_kafka(http, session)
        waiting, waiting_opened = await holdings.cells(stack), await _waiting_opened(stack, vault)
        await session.run([])
        found = await holdings.records(stack, TOPICS)
        sealed = [event for event in _events(found[COMPLAINTS]) if event.sealed]
        return Harvest(
            topics={topic: [part for one in some for part in holdings.parts(one)] for topic, some in found.items()},
            logs=holdings.logs(stack), waiting=waiting, cells=await holdings.cells(stack),
            answers={"refused": [refused]} | await _answers(http, stack, sorted({e.complaint_id for e in sealed})),
            waiting_opened=waiting_opened, event_boxes=[event.sealed.box for event in sealed if event.sealed],
            events_opened=await _events_opened(stack, vault, sealed),
            letters_opened=await _letters_opened(stack, vault, found[DEAD_LETTERS]),
        )  # fmt: skip


def _events(raws: Sequence[RawRecord]) -> list[ComplaintFact]:
    found = [decode(raw.value or b"") for raw in raws if header(raw.headers, TYPE) in EVENTS]
    return [event for event in found if isinstance(event, ComplaintFact)]


async def _waiting_opened(stack: Stack, vault: Vault) -> list[bytes]:
    conn = await asyncpg.connect(stack.database_url())
    try:
        return [vault.open_blob(row["submission_id"], row["sealed"]) for row in await conn.fetch(_WAITING)]
    finally:
        await conn.close()


async def _events_opened(stack: Stack, vault: Vault, sealed: Sequence[ComplaintFact]) -> list[bytes]:
    conn = await asyncpg.connect(stack.database_url())
    try:
        found = await vault.open(conn, [(e.customer_id, e.id, e.sealed) for e in sealed if e.sealed])
    finally:
        await conn.close()
    return [msgspec.json.encode(personal or Personal()) for personal in found]


async def _letters_opened(stack: Stack, vault: Vault, raws: Sequence[RawRecord]) -> list[bytes]:
    letters = [read_letter(raw.value or b"") for raw in raws]
    found = [await content_of(letter, brokers=stack.brokers, vault=vault) for letter in letters]
    return [msgspec.msgpack.encode(content) for content in found]


async def _answers(http: httpx.AsyncClient, stack: Stack, complaint_ids: Sequence[str]) -> dict[str, list[bytes]]:
    """What everybody may ask, and is told without presenting a key."""
    paths = ["/v1/complaints", "/v1/promises", "/v1/summary", "/v1/kpi/daily"]
    paths += [f"/v1/complaints/{id_}{more}" for id_ in complaint_ids for more in ("", "/timeline")]
    urls = [stack.url("reporting") + path for path in paths]
    urls += [f"{stack.url('intake')}/v1/complaints/by-source/crm/{id_}" for id_ in ("http-zh", "kafka-en")]
    found = {}
    for url in urls:
        answer = await http.get(url)
        assert 200 == answer.status_code, answer.text
        found[url] = [answer.content]
    return found
