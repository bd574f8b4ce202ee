"""No planted name, number or word stands in plain in any table or event."""

import msgspec

from shared.events.envelope import ComplaintFact
from shared.events.submissions import Customer
from shared.vault import Vault
from tests.builders import submissions as s
from tests.builders.common import T0
from tests.component.intake.desk import Desk
from tests.component.intake.door import Door

PLANTED = [
    "欧阳植入",
    "13987654321",
    "ACC-PLANTED-1",
    "planted@example.com",
    "植入路九号",
    "planted-handle",
    "ORD-PLANTED",
    "密语",
]
CUSTOMER = Customer(
    name="欧阳植入", phone="139 8765 4321", account="ACC-PLANTED-1", email="planted@example.com",
    address="植入路九号", handle="planted-handle",
)  # fmt: skip


async def _all_rows(desk: Desk) -> str:
    async with desk.pool.acquire() as conn:
        tables = await conn.fetch(
            "SELECT table_schema || '.' || table_name FROM information_schema.tables WHERE table_schema IN ('intake', 'vault')"
        )
        rows = [str(dict(row)) for table in tables for row in await conn.fetch(f"SELECT * FROM {table[0]}")]
        texts = await conn.fetch("SELECT convert_from(body, 'UTF8') FROM intake.events")
    return "\n".join(rows + [row[0] for row in texts])


async def test_nothing_personal_stands_in_plain(desk: Desk, door: Door) -> None:
    complaint = s.complaint(customer=CUSTOMER, text="密语：欧阳植入 13987654321", order_number="ORD-PLANTED")
    async with door.client() as http:
        await http.post("/v1/complaints", content=msgspec.json.encode(complaint), headers={"Idempotency-Key": "k"})
    await desk.submit(s.contact(note="密语"), s.contact(source_id="w", about=s.OTHER, note="密语"), at=T0)

    rows = await _all_rows(desk)
    published = b"".join(event.value for event in door.log.events).decode()
    assert "kesu.complaint.received.v1" in rows and "waits_until" in rows
    assert [] == [word for word in PLANTED if word in rows or word in published or word.encode().hex() in rows]


async def test_what_was_sealed_opens_again_with_the_number_normalised(desk: Desk, vault: Vault) -> None:
    await desk.submit(s.complaint(customer=CUSTOMER, text="密语"), s.contact(note="密语二"))
    events = [event for event in await desk.events() if isinstance(event, ComplaintFact)]
    sealed = [(event.customer_id, event.id, event.sealed) for event in events if event.sealed]
    assert 2 == len(sealed)

    async with desk.pool.acquire() as conn:
        opened = await vault.open(conn, sealed)
    found = {personal.text: (personal.phone, personal.name) for personal in opened if personal}
    assert {"密语": ("+8613987654321", "欧阳植入"), "密语二": ("", "")} == found
