"""What routing is told from outside."""

from pathlib import Path

from pydantic import Field, SecretStr

from shared.settings import ServiceSettings


class RoutingSettings(ServiceSettings):
    """`KESU_PACK_DIR`: the policy pack a centre begins with; the default pack where it is not given.

    `KESU_REVEAL_KEY`: who presents it may read the words of a complaint in the explanation of its decisions; nobody may
    where it is not set.
    """

    http_port: int = Field(8802, ge=0, le=65535)
    pack_dir: Path | None = None
    reveal_key: SecretStr | None = Field(None, min_length=16)
