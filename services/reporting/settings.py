"""What reporting is told from outside."""

from pydantic import Field, SecretStr

from shared.settings import ServiceSettings


class ReportingSettings(ServiceSettings):
    """`KESU_REVEAL_KEY`: who presents it may read the personal part of a complaint; nobody may where it is not set."""

    http_port: int = Field(8804, ge=0, le=65535)
    reveal_key: SecretStr | None = Field(None, min_length=16)
