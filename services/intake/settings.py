"""What intake is told from outside."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class IntakeSettings(ServiceSettings):
    """Limits of the doors; sizes in bytes, durations say their unit."""

    model_config = SettingsConfigDict(env_prefix="KESU_", frozen=True, extra="ignore")

    http_port: int = Field(8801, ge=0, le=65535)
    centre_time_zone: str = Field("Asia/Shanghai", description="of times without a zone in facts and control facts")
    api_keys_file: Path | None = Field(None, description="hashed API keys; needed for an address other than loopback")
    require_idempotency_key: bool = True
    idempotency_days: int = Field(7, ge=1, le=90, description="for how long an Idempotency-Key is remembered")
    body_bytes_max: int = Field(1_048_576, ge=1_024)
    batch_events_max: int = Field(500, ge=1, le=5_000)
    requests_per_s_max: float = Field(5_000, gt=0, description="per channel; a CloudEvent in a batch counts as one")
    requests_burst_max: float = Field(20_000, gt=0)
    gather_ms_max: float = Field(
        2.0, ge=0, le=1_000, description="how long a request may wait for others to commit with"
    )
    gather_drafts_max: int = Field(500, ge=1, le=5_000)
    queue_requests_max: int = Field(5_000, ge=1)
    retry_after_s: int = Field(2, ge=1)
    reporting_url: str = Field("http://127.0.0.1:8804", description="asked where a complaint stands; empty: nobody")
    reporting_timeout_s: float = Field(1.0, gt=0)
    publish_timeout_s: float = Field(10, gt=0, description="then a request is told to come again")
    watermark_s: float = Field(0.25, gt=0, description="between two watermarks: how late follow-up may hear of them")
    sweep_s: float = Field(1.0, gt=0, description="between two looks at what waits")
