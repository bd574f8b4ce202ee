"""What follow-up is told from outside."""

from pydantic import Field

from shared.settings import ServiceSettings


class FollowupSettings(ServiceSettings):
    """`KESU_TIMERS_BATCH_MAX`: complaints whose timers are settled in one transaction."""

    http_port: int = Field(8803, ge=0, le=65535)
    timers_batch_max: int = Field(200, ge=1, le=5_000)
