"""Apache Kafka that asks for TLS, logins and certificates, PostgreSQL that offers TLS, and what operators give Kesu for both."""

import asyncio
import os
import secrets
import shutil
from pathlib import Path
from typing import Final

from msgspec import Struct

from deploy.containers.kafka import KafkaContainer, Listener
from deploy.containers.postgres import SUPERUSER, PostgresContainer
from deploy.embedded.environment import SERVICES
from tests.builders.certificates import Vouched, vouched

USER: Final = "kesu"
DATABASE: Final = "kesu"
LOGIN: Final = "LOGIN"  # TLS, and SCRAM-SHA-512
MUTUAL: Final = "MUTUAL"  # TLS, both sides with certificates
POSTGRES_UID: Final = 999  # of the image's postgres, who must own the server's key
KEYS: Final = "/etc/kafka/secrets/keystore.pem"
AUTHORITY: Final = "/etc/kafka/secrets/ca.pem"
_STORE: Final = "LISTENER_NAME_{}_SSL_KEYSTORE_TYPE", "LISTENER_NAME_{}_SSL_KEYSTORE_LOCATION"
KAFKA: Final = {
    **{name.format(listener): value for listener in (LOGIN, MUTUAL) for name, value in zip(_STORE, ("PEM", KEYS), strict=True)},
    "LISTENER_NAME_MUTUAL_SSL_CLIENT_AUTH": "required",
    "LISTENER_NAME_MUTUAL_SSL_TRUSTSTORE_TYPE": "PEM",
    "LISTENER_NAME_MUTUAL_SSL_TRUSTSTORE_LOCATION": AUTHORITY,
    "LISTENER_NAME_LOGIN_SASL_ENABLED_MECHANISMS": "SCRAM-SHA-512",
    "LISTENER_NAME_LOGIN_SCRAM___SHA___512_SASL_JAAS_CONFIG": (
        "org.apache.kafka.common.security.scram.ScramLoginModule required;"
    ),
}  # fmt: skip


class Secured(Struct, frozen=True):
    """Both servers, what vouches for them, and a directory with a file per secret."""

    kafka: KafkaContainer
    postgres: PostgresContainer
    files: Vouched
    secrets: Path

    def kafka_env(self) -> dict[str, str]:
        """What reaches Kafka with a login."""
        return {
            "KESU_KAFKA_BOOTSTRAP": self.at(LOGIN), "KESU_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            "KESU_KAFKA_CA_FILE": str(self.files.ca), "KESU_KAFKA_SASL_USERNAME": USER,
            "KESU_KAFKA_SASL_PASSWORD_FILE": str(self.secrets / "kafka"),
        }  # fmt: skip

    def at(self, listener: str) -> str:
        """The address of one of Kafka's listeners."""
        return f"127.0.0.1:{self.kafka.listener_port(listener)}"

    def database_url(self, role: str) -> str:
        """The database over TLS, without a password."""
        where = f"{role}@localhost:{self.postgres.port}/{DATABASE}"
        return f"postgresql://{where}?sslmode=verify-full&sslrootcert={self.files.ca}"

    def env(self, role: str) -> dict[str, str]:
        """What a service, or a command as kesu_admin, is given to reach both."""
        return self.kafka_env() | {
            "KESU_DATABASE_URL": self.database_url(role), "KESU_DATABASE_PASSWORD_FILE": str(self.secrets / role),
        }  # fmt: skip

    def migrate_env(self) -> dict[str, str]:
        """What `kesu migrate` is given."""
        return {
            "KESU_ADMIN_DATABASE_URL": self.database_url("kesu_admin"),
            "KESU_ADMIN_DATABASE_PASSWORD_FILE": str(self.secrets / "kesu_admin"),
            "KESU_SUPERUSER_DATABASE_URL": self.database_url(SUPERUSER),
            "KESU_SUPERUSER_DATABASE_PASSWORD_FILE": str(self.secrets / SUPERUSER),
        }


def prepared(directory: Path) -> Secured:
    """Certificates, secrets, and servers that are not started yet. Needs root, for the database's key."""
    files, key = vouched(directory / "certificates"), directory / "postgres-key.pem"
    shutil.copy(files.key, key)
    key.chmod(0o600)
    os.chown(key, POSTGRES_UID, POSTGRES_UID)
    kafka = KafkaContainer(
        listeners=[Listener(name=LOGIN, protocol="SASL_SSL"), Listener(name=MUTUAL, protocol="SSL")],
        settings=KAFKA, mounts={files.keystore: KEYS, files.ca: AUTHORITY},
    )  # fmt: skip
    postgres = PostgresContainer(
        fsync=False, mounts={files.chain: "/tls/chain.pem", key: "/tls/key.pem"},
        settings={"ssl": "on", "ssl_cert_file": "/tls/chain.pem", "ssl_key_file": "/tls/key.pem"},
    )  # fmt: skip
    passwords = directory / "secrets"
    passwords.mkdir()
    for name in ("kafka", "kesu_admin", *(f"kesu_{service}" for service in SERVICES)):
        (passwords / name).write_text(secrets.token_urlsafe(18) + "\n")
    (passwords / SUPERUSER).write_text(postgres.password + "\n")
    return Secured(kafka, postgres, files, passwords)


async def started(one: Secured) -> None:
    """Both servers up, with the user in Kafka and an empty database; nothing else."""
    await asyncio.gather(one.kafka.start(), one.postgres.start())
    password = (one.secrets / "kafka").read_text().strip()
    await one.kafka.run(
        "kafka-configs.sh", "--bootstrap-server", one.kafka.inside_bootstrap, "--alter", "--entity-type", "users",
        "--entity-name", USER, "--add-config", f"SCRAM-SHA-512=[password={password}]",
    )  # fmt: skip
    await one.postgres.run("psql", f"--username={SUPERUSER}", "--command", f"CREATE DATABASE {DATABASE}")


async def discarded(one: Secured) -> None:
    """Both servers gone."""
    await asyncio.gather(one.kafka.discard(), one.postgres.discard())
