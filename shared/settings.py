"""What every service is told from outside: frozen, from the environment (`KESU_…`), checked at start."""

from pathlib import Path
from typing import Annotated, Final

from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.database_access import full_address
from shared.log.access import Brokers, SaslMechanism, SecurityProtocol

# Errors show nothing that was given: it may be a password.
FROM_ENVIRONMENT: Final = SettingsConfigDict(env_prefix="KESU_", frozen=True, extra="ignore", hide_input_in_errors=True)
# An empty name is none: that is how compose files leave something out.
OptionalFile = Annotated[Path | None, BeforeValidator(lambda given: given or None)]


class KafkaSettings(BaseSettings):
    """How Kafka is reached, by services and commands alike."""

    model_config = FROM_ENVIRONMENT

    kafka_bootstrap: str = "127.0.0.1:9092"
    kafka_security_protocol: SecurityProtocol = "PLAINTEXT"
    kafka_ca_file: OptionalFile = Field(None, description="PEM; without it the system's certificate authorities count")
    kafka_cert_file: OptionalFile = Field(None, description="PEM, where the brokers ask for a client's certificate")
    kafka_key_file: OptionalFile = None
    kafka_sasl_mechanism: SaslMechanism = "SCRAM-SHA-512"
    kafka_sasl_username: str = ""
    kafka_sasl_password_file: OptionalFile = None
    kafka_request_timeout_ms: int = Field(40_000, ge=1_000)

    @property
    def brokers(self) -> Brokers:
        """The brokers and how they are talked to."""
        return Brokers(
            bootstrap=self.kafka_bootstrap, security_protocol=self.kafka_security_protocol,
            ca_file=self.kafka_ca_file, cert_file=self.kafka_cert_file, key_file=self.kafka_key_file,
            sasl_mechanism=self.kafka_sasl_mechanism, sasl_username=self.kafka_sasl_username,
            sasl_password_file=self.kafka_sasl_password_file, request_timeout_ms=self.kafka_request_timeout_ms,
        )  # fmt: skip


class DatabaseSettings(BaseSettings):
    """How PostgreSQL is reached. TLS is asked for in the address: `?sslmode=verify-full&sslrootcert=…`."""

    model_config = FROM_ENVIRONMENT

    database_url: str
    database_password_file: OptionalFile = Field(None, description="instead of a password in the address")
    database_connect_timeout_s: float = Field(10, gt=0)
    database_command_timeout_s: float = Field(60, gt=0)

    @property
    def database(self) -> str:
        """The database's address, password included."""
        return full_address(self.database_url, self.database_password_file)


class ServiceSettings(KafkaSettings, DatabaseSettings):
    """Shared by all services; each adds its own. Durations say their unit in the name."""

    master_key_file: OptionalFile = None
    clock_file: OptionalFile = None
    http_host: str = "127.0.0.1"
    http_port: int = Field(0, ge=0, le=65535)
    log_level: str = "INFO"

    partitions: int = Field(2, ge=1, le=512, description="of kesu.complaints; fixed for the life of the log")
    batch_records_max: int = Field(1_500, ge=1, le=10_000)
    fetch_wait_ms_max: int = Field(100, ge=1, le=5_000)
    fetch_bytes_max: int = Field(4_000_000, ge=100_000)
    idempotent_producer: bool = True
    produce_timeout_s: float = Field(30, gt=0)
    session_timeout_ms: int = Field(30_000, ge=1_000)
    poll_interval_ms_max: int = Field(300_000, ge=10_000)
    retry_delay_s_max: float = Field(10, gt=0)
    gap_tries_max: int = Field(8, ge=1, description="seeks back for a record the broker withholds")
    dead_letters_in_a_row_max: int = Field(200, ge=1)
    dead_letters_share_max: float = Field(0.5, gt=0, le=1, description="of the last 1,000 records")
    probe_every_s: float = Field(1, gt=0, description="between two looks whether database and broker are there")
    probe_timeout_s: float = Field(2, gt=0, description="then they count as away, and the service as not ready")
    metrics: bool = Field(True, description="serve GET /metrics")
    otlp_endpoint: str = Field("", description="where traces go (OTLP over HTTP, http://host:4318); empty: nowhere")
    trace_sample_ratio: float = Field(0.01, ge=0, le=1, description="of requests whose sender has not decided")
    traces_per_s_max: int = Field(
        100, ge=0, description="begun or taken from a sender, per door; more go on unrecorded"
    )
    trace_export_s: float = Field(5, gt=0, description="between two deliveries of traces")
    drain_timeout_s: float = Field(10, gt=0)
    crash_at: str = Field("", description="tests only: end the process at this point of the pipeline")
