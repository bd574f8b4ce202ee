"""What routing is told from outside."""

from pathlib import Path

from pydantic import Field

from shared.settings import ServiceSettings


class RoutingSettings(ServiceSettings):
    """`KESU_PACK_DIR`: the policy pack in force; the default pack where it is not given."""

    http_port: int = Field(8802, ge=0, le=65535)
    pack_dir: Path | None = None
