"""What every service is told from outside: frozen, from the environment (`KESU_…`), checked at start."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """Shared by all services; each adds its own. Durations say their unit in the name."""

    model_config = SettingsConfigDict(env_prefix="KESU_", frozen=True, extra="ignore")

    database_url: str
    kafka_bootstrap: str = "127.0.0.1:9092"
    master_key_file: Path | None = None
    clock_file: Path | None = None
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
    drain_timeout_s: float = Field(10, gt=0)
    crash_at: str = Field("", description="tests only: end the process at this point of the pipeline")
