"""Encrypted and with a login: a service over SASL_SSL to Kafka and TLS to PostgreSQL, and what it says where it is refused."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from msgspec import Struct

from deploy.containers.kafka import KafkaContainer, Listener
from deploy.containers.postgres import PostgresContainer
from deploy.topics import ensure_topics
from shared.clock import SystemClock
from shared.errors import Stopped
from shared.log.access import Brokers
from shared.log.producer import LogProducer
from shared.settings import ServiceSettings
from tests.component.pipeline import stand
from tests.component.pipeline.echo import EchoHandler, create
from tests.builders.certificates import Vouched, vouched

pytestmark = [pytest.mark.stack, pytest.mark.asyncio(loop_scope="module")]
COUNT = 30
USER, PASSWORD = "kesu-routing", "of-a-test-on-loopback"
SECURED = "SECURED"
POSTGRES_UID = 999  # of the image's postgres, who must own the server's key
KEYS = "/etc/kafka/secrets/keystore.pem"
KAFKA = {
    "LISTENER_NAME_SECURED_SSL_KEYSTORE_TYPE": "PEM",
    "LISTENER_NAME_SECURED_SSL_KEYSTORE_LOCATION": KEYS,
    "LISTENER_NAME_SECURED_SASL_ENABLED_MECHANISMS": "SCRAM-SHA-512",
    "LISTENER_NAME_SECURED_SCRAM___SHA___512_SASL_JAAS_CONFIG": (
        "org.apache.kafka.common.security.scram.ScramLoginModule required;"
    ),
}


class Secured(Struct, frozen=True):
    """Both servers, what vouches for them, and a file with Kafka's password."""

    kafka: KafkaContainer
    postgres: PostgresContainer
    files: Vouched
    password_file: Path

    def settings(self, **given: Any) -> ServiceSettings:
        """Of a service that does everything right, but for what is given."""
        url = self.postgres.url(password="x").replace("127.0.0.1", "localhost")
        right: dict[str, Any] = {
            "database_url": f"{url}?sslmode=verify-full&sslrootcert={self.files.ca}",
            "kafka_bootstrap": f"127.0.0.1:{self.kafka.listener_port(SECURED)}",
            "kafka_security_protocol": "SASL_SSL", "kafka_ca_file": self.files.ca, "kafka_sasl_username": USER,
            "kafka_sasl_password_file": self.password_file, "database_password_file": self._database_password(),
            "fetch_wait_ms_max": 40, "session_timeout_ms": 2_000, "retry_delay_s_max": 0.5,
        }  # fmt: skip
        return ServiceSettings(**(right | given))

    def _database_password(self) -> Path:
        file = self.files.ca.parent / "database-password"
        file.write_text(self.postgres.password + "\n")
        return file


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def secured(container_engine: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Secured]:
    """Kafka with a SASL_SSL listener and one user; PostgreSQL that offers TLS."""
    if os.geteuid() != 0:
        pytest.skip("giving the server's key to the image's postgres needs root")
    directory = tmp_path_factory.mktemp("secured")
    files, key = vouched(directory), directory / "postgres-key.pem"
    shutil.copy(files.key, key)
    os.chown(key, POSTGRES_UID, POSTGRES_UID)
    key.chmod(0o600)
    kafka = KafkaContainer(
        listeners=[Listener(name=SECURED, protocol="SASL_SSL")], settings=KAFKA, mounts={files.keystore: KEYS}
    )
    postgres = PostgresContainer(
        fsync=False, mounts={files.chain: "/tls/chain.pem", key: "/tls/key.pem"},
        settings={"ssl": "on", "ssl_cert_file": "/tls/chain.pem", "ssl_key_file": "/tls/key.pem"},
    )  # fmt: skip
    password_file = directory / "kafka-password"
    password_file.write_text(PASSWORD)
    try:
        await asyncio.gather(kafka.start(), postgres.start())
        await kafka.run(
            "kafka-configs.sh", "--bootstrap-server", kafka.inside_bootstrap, "--alter", "--entity-type", "users",
            "--entity-name", USER, "--add-config", f"SCRAM-SHA-512=[password={PASSWORD}]",
        )  # fmt: skip
        one = Secured(kafka, postgres, files, password_file)
        await ensure_topics(one.settings().brokers, partitions=2)
        yield one
    finally:
        await asyncio.gather(kafka.discard(), postgres.discard())


async def _refusal(settings: ServiceSettings) -> Stopped:
    """Why a service with these settings stops; it must do so by itself, and soon."""
    service = create("echo", settings)
    assert await asyncio.wait_for(service.run(), 20) == 1
    assert isinstance(service._failure, Stopped), repr(service._failure)
    return service._failure


async def _encrypted_run(settings: ServiceSettings) -> bool:
    """One life of the service, until it is done; whether its connection to the database was encrypted."""
    handler = EchoHandler("echo")
    service = create("echo", settings, handler=handler)
    async with stand.running(service):
        await stand.until(lambda: service.pipeline.handled >= COUNT or handler.adopted, "it has done its work")
        return bool(await service.pool.fetchval("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))


async def test_a_service_works_encrypted_with_its_login(secured: Secured) -> None:
    """Every client of it: the admin's, the producer's, the group's, and the one that adopts."""
    settings = secured.settings()
    await stand.make_schema(settings.database, "echo")
    brokers: Brokers = settings.brokers
    producer = LogProducer(brokers=brokers, source="/test", clock=SystemClock())
    await producer.start()
    await producer.publish(stand.complaints(COUNT))
    for _ in range(2):  # the second time it takes up where it left, and adopts its own
        assert await _encrypted_run(settings)
    await producer.stop()
    conn = await asyncpg.connect(settings.database)
    assert await conn.fetchval("SELECT count(*) FROM echo.events") == COUNT
    await conn.close()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("kafka_password", "kafka_login_refused"),
        ("kafka_authority", "kafka_certificate_refused"),
        ("kafka_no_password_file", "kafka_login_missing"),
        ("kafka_no_such_authority", "kafka_secret_unreadable"),
        ("database_password", "database_login_refused"),
        ("database_authority", "database_certificate_refused"),
        ("database_no_password_file", "database_password_unreadable"),
    ],
)
async def test_a_refusal_is_told_clearly_and_at_once(secured: Secured, tmp_path: Path, wrong: str, code: str) -> None:
    """Trying again would not help: the service stops, says why in both languages, and names no secret."""
    other = vouched(tmp_path / "other").ca
    bad = tmp_path / "bad"
    bad.write_text("not-the-password")
    elsewhere = tmp_path / "nowhere"
    url = secured.settings().database_url
    given: dict[str, dict[str, Any]] = {
        "kafka_password": {"kafka_sasl_password_file": bad},
        "kafka_authority": {"kafka_ca_file": other},
        "kafka_no_password_file": {"kafka_sasl_password_file": None},
        "kafka_no_such_authority": {"kafka_ca_file": elsewhere},
        "database_password": {"database_password_file": bad},
        "database_authority": {"database_url": url.replace(str(secured.files.ca), str(other))},
        "database_no_password_file": {"database_password_file": elsewhere},
    }
    refusal = await _refusal(secured.settings(**given[wrong]))
    stand_said = (refusal.code, any("\u4e00" <= char <= "\u9fff" for char in refusal.zh), refusal.en.isascii())
    assert stand_said == (code, True, True)
    assert "not-the-password" not in str(refusal)
