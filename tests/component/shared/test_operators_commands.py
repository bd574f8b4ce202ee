"""`kesu publish` and `kesu erase`, as a program calls them."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from typer.testing import CliRunner, Result

from deploy.embedded.broker import Broker
from kesu.cli import app
from shared.events.submissions import ComplaintSubmission, Customer
from shared.ids import complaint_id, derive
from shared.log.headers import TYPE, header
from shared.log.submissions import SUBMISSIONS_TOPIC
from shared.vault import Vault
from tests.component.pipeline.stand import log_of
from tests.fixtures.databases import Database

WORDS = "张三 13800138000"


async def kesu(*command: str, env: dict[str, str], given: bytes = b"") -> Result:
    """In a thread, as a command has an event loop of its own."""
    return await asyncio.to_thread(CliRunner().invoke, app, list(command), env=env, input=given)


def complaint(number: int) -> bytes:
    """One line."""
    submission = ComplaintSubmission(
        source="app", source_id=str(number), channel="app", customer=Customer(phone="13800138000"), text="断网",
        occurred_at=datetime(2026, 3, 2, tzinfo=UTC),
    )  # fmt: skip
    return msgspec.json.encode(submission) + b"\n"


async def test_lines_are_published_and_bad_ones_named(broker_with_topics: Broker, tmp_path: Path) -> None:
    """Good lines go out as CloudEvents under their complaint's key; each bad one is named by its number, never quoted."""
    file, bad = (
        tmp_path / "some.ndjson",
        (b"{nonsense\n", f'{{"{WORDS}":1}}\n'.encode(), b"\xff\n", b"x" * 1_000_001 + b"\n"),
    )
    file.write_bytes(b"".join([complaint(1), *bad, b"\n", complaint(2), complaint(3)[:-1]]))
    env = {"KESU_KAFKA_BOOTSTRAP": broker_with_topics.bootstrap}
    result = await kesu("publish", "complaint", str(file), "--json", env=env)
    assert result.exit_code == 2, result.output
    said = json.loads(result.stdout)
    assert (said["type"], said["sent"]) == ("kesu.submission.complaint.v1", 3)
    assert [one["line"] for one in said["refused"]] == [2, 3, 4, 5]
    assert "张三" not in result.output
    raws = [raw for found in (await log_of(broker_with_topics.bootstrap, SUBMISSIONS_TOPIC)).values() for raw in found]
    keys = {complaint_id(tenant="default", source="app", source_id=str(n)).encode() for n in (1, 2, 3)}
    assert {raw.key for raw in raws} == keys
    assert {header(raw.headers, TYPE) for raw in raws} == {"kesu.submission.complaint.v1"}


async def test_standard_input_and_a_type_that_is_none(broker_with_topics: Broker) -> None:
    """`-` reads what is piped in; an unknown type names the known ones, in two languages."""
    env = {"KESU_KAFKA_BOOTSTRAP": broker_with_topics.bootstrap}
    result = await kesu("publish", "kesu.submission.complaint.v1", "-", env=env, given=complaint(1))
    assert (result.exit_code, "1 条已发送 | sent" in result.stdout) == (0, True)
    result = await kesu("publish", "opinion", "-", env=env, given=b"")
    assert result.exit_code == 1
    assert "complaint" in result.output


async def test_a_customer_is_erased_once(database: Database) -> None:
    """Status 0 and true, then 2 and false; not without a word of consent, and not for a name that is no id."""
    customer = derive("customer", "ann")
    async with database.connected("intake") as conn:
        await Vault(bytes(32)).ring(conn, [customer])
    env: dict[str, Any] = {"KESU_DATABASE_URL": database.url()}
    refused = await kesu("erase", customer, "--json", env=env)
    assert (refused.exit_code, refused.stdout) == (1, "")
    answers = [await kesu("erase", customer, "--yes", "--json", env=env) for _ in range(2)]
    assert [(one.exit_code, json.loads(one.stdout)["erased"]) for one in answers] == [(0, True), (2, False)]
    assert (await kesu("erase", "张三", "--yes", env=env)).exit_code == 1
    async with database.connected() as conn:
        assert await conn.fetchval("SELECT count(*) FROM vault.customer_keys WHERE wrapped IS NULL") == 1
