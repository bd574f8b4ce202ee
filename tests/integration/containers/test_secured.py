"""Encrypted and with logins, as operators run it: from empty servers to a routed complaint, every secret from a file."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import msgspec
import pytest

from deploy.containers.postgres import SUPERUSER
from deploy.embedded.environment import Surroundings, service_environment
from deploy.embedded.ports import free_ports
from deploy.embedded.service_process import ServiceProcess
from shared.events.registry import type_of
from shared.events.routing import ComplaintRouted
from shared.log.access import Brokers
from shared.log.ends import cluster_id, log_ends, partitions_of, reading, stretch
from shared.saved import COMPLAINTS
from tests.builders import submissions
from tests.e2e.doors import kesu
from tests.integration.containers.securing import MUTUAL, Secured

pytestmark = pytest.mark.stack
PARTITIONS = 2
ROUTED_WITHIN_S = 30
_UNENCRYPTED = """
SELECT application_name FROM pg_stat_activity JOIN pg_stat_ssl USING (pid)
WHERE application_name LIKE 'kesu-%' AND NOT ssl
"""
_CONNECTED = "SELECT count(DISTINCT application_name) FROM pg_stat_activity WHERE application_name LIKE 'kesu-%'"


@contextlib.asynccontextmanager
async def _running(secured: Secured, name: str, port: int, directory: Path) -> AsyncIterator[ServiceProcess]:
    """The service as a process of its own, told everything by its environment."""
    around = Surroundings(
        kafka_bootstrap="", idempotent_producer=True, master_key_file=directory / "master", clock_file=None,
        partitions=PARTITIONS, settings=secured.env(f"kesu_{name}"),
    )  # fmt: skip
    service = ServiceProcess(name, http_port=port, log_file=directory / f"{name}.log")
    service.launch(service_environment(around, database_url="", http_port=port, reporting_url="http://127.0.0.1:9"))
    try:
        await service.ready()
        yield service
    finally:
        await service.stop()


async def _routed(secured: Secured) -> list[str]:
    """Keys of the routed events, as a client of our own with the same login reads them."""
    brokers = Brokers(
        bootstrap=secured.kafka_env()["KESU_KAFKA_BOOTSTRAP"], security_protocol="SASL_SSL", ca_file=secured.files.ca,
        sasl_username=secured.kafka_env()["KESU_KAFKA_SASL_USERNAME"], sasl_password_file=secured.secrets / "kafka",
    )  # fmt: skip
    tps, wanted = await partitions_of(brokers, [COMPLAINTS]), ("ce_type", type_of(ComplaintRouted).encode())
    found: list[str] = []
    async with reading(brokers, tps) as consumer:
        for tp, end in (await log_ends(brokers, tps)).items():
            async for raws in stretch(consumer, tp, first=0, end=end):
                found += [raw.key.decode() for raw in raws if raw.key and wanted in raw.headers]
    return found


async def _post(service: ServiceProcess, source_id: str) -> str:
    body = msgspec.json.encode(submissions.complaint(source_id=source_id, occurred_at=None))
    headers = {"content-type": "application/json", "idempotency-key": f'"{source_id}"'}
    async with httpx.AsyncClient(base_url=service.url, timeout=30) as http:
        answer = await http.post("/v1/complaints", content=body, headers=headers)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["complaint_id"])


async def _becomes_routed(secured: Secured, complaint_id: str) -> None:
    until = time.monotonic() + ROUTED_WITHIN_S
    while complaint_id not in await _routed(secured):
        assert time.monotonic() < until, "nothing was routed"
        await asyncio.sleep(0.2)


async def test_from_empty_servers_to_a_routed_complaint(secured: Secured, tmp_path: Path) -> None:
    """The migrate and topics jobs, intake and routing, routing again (it takes up where it left), and `kesu lag`."""
    status, out = await kesu("migrate", "--role-passwords", str(secured.secrets), **secured.migrate_env())
    assert (status, b"intake_0001" in out) == (0, True), out
    status, out = await kesu("topics", "--json", "--partitions", str(PARTITIONS), **secured.kafka_env())
    assert (status, {one["did"] for one in msgspec.json.decode(out)}) == (0, {"made"})
    (tmp_path / "master").write_text("7c" * 32)
    ports = free_ports(2)
    async with _running(secured, "intake", ports[0], tmp_path) as intake:
        async with _running(secured, "routing", ports[1], tmp_path):
            await _becomes_routed(secured, await _post(intake, "first"))
            conn = await asyncpg.connect(secured.postgres.url("kesu"))
            assert [] == await conn.fetch(_UNENCRYPTED)
            assert 2 == await conn.fetchval(_CONNECTED), "both services were looked at"
            await conn.close()
        async with _running(secured, "routing", ports[1], tmp_path):
            await _becomes_routed(secured, await _post(intake, "second"))
            assert 2 == len(await _routed(secured))
    status, out = await kesu("lag", "--json", **secured.env("kesu_admin"))
    assert status == 0, out
    behind = {one["service"] for one in msgspec.json.decode(out)["partitions"] if one["behind"]}
    assert {"followup", "reporting"} <= behind, "these two never ran"


async def test_migrating_again_changes_passwords_and_nothing_else(secured: Secured) -> None:
    """That is how a password is changed: the new file, the job, the service."""
    command = ("migrate", "--role-passwords", str(secured.secrets))
    await kesu(*command, **secured.migrate_env())
    file = secured.secrets / "kesu_reporting"
    before = secured.database_url("kesu_reporting").replace("@", f":{file.read_text().strip()}@")
    file.write_text("another-for-this-test\n")
    status, out = await kesu(*command, **secured.migrate_env())
    assert (status, b"up to date" in out) == (0, True), out
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(before)
    conn = await asyncpg.connect(secured.database_url("kesu_reporting").replace("@", ":another-for-this-test@"))
    await conn.close()
    superuser = await asyncpg.connect(secured.postgres.url("kesu", user=SUPERUSER))
    stored = await superuser.fetchval("SELECT rolpassword FROM pg_authid WHERE rolname = 'kesu_reporting'")
    await superuser.close()
    assert stored.startswith("SCRAM-SHA-256$4096:")


async def test_a_certificate_instead_of_a_password(secured: Secured) -> None:
    brokers = Brokers(
        bootstrap=secured.at(MUTUAL), security_protocol="SSL", ca_file=secured.files.ca,
        cert_file=secured.files.chain, key_file=secured.files.key,
    )  # fmt: skip
    assert await cluster_id(brokers) == secured.kafka.cluster_id
