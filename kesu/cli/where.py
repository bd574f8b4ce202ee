"""Where a command finds the database and the broker: options, the environment, or the embedded stack that runs here."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from msgspec import Struct
from pydantic import ValidationError

from deploy.embedded.running import running
from shared.errors import Stopped
from shared.log.access import Brokers
from shared.settings import DatabaseSettings, KafkaSettings

T = TypeVar("T")
DATABASE_URL = Annotated[
    str, typer.Option(envvar="KESU_DATABASE_URL", help="数据库（管理角色）| the database, as kesu_admin")
]
BOOTSTRAP = Annotated[str, typer.Option(envvar="KESU_KAFKA_BOOTSTRAP", help="Kafka 地址 | where Kafka listens")]
CLOCK_FILE = Annotated[
    Path | None, typer.Option(envvar="KESU_CLOCK_FILE", exists=True, help="虚拟时钟文件 | the file of a virtual clock")
]


class Where(Struct, frozen=True, kw_only=True):
    """Database, broker and clock a command works with, and the addresses of services that are known."""

    database_url: str
    brokers: Brokers
    clock_file: Path | None
    master_key_file: Path | None
    http: dict[str, str] = {}


def located(
    database_url: str = "", bootstrap: str = "", clock_file: Path | None = None, master_key_file: Path | None = None
) -> Where:
    """What was given, completed by the newest embedded stack that runs here; raises Stopped where nothing is known."""
    stacks = [] if database_url or bootstrap else running()
    if stacks:
        here = stacks[-1]
        return Where(
            database_url=here.database_url, brokers=Brokers(bootstrap=here.kafka_bootstrap),
            clock_file=Path(here.clock_file) if here.clock_file else None,
            master_key_file=Path(here.master_key_file), http=here.http,
        )  # fmt: skip
    if not bootstrap:
        raise Stopped(
            "nowhere_to_look",
            zh="没有正在运行的内嵌栈，也未给出 KESU_KAFKA_BOOTSTRAP / KESU_DATABASE_URL",
            en="no embedded stack runs here, and neither KESU_KAFKA_BOOTSTRAP nor KESU_DATABASE_URL is given",
        )
    return Where(
        database_url=database_of(database_url),
        brokers=brokers_of(bootstrap),
        clock_file=clock_file,
        master_key_file=master_key_file,
    )


def brokers_of(bootstrap: str) -> Brokers:
    """The brokers there, with what the environment says of encryption and login (`KESU_KAFKA_…`)."""
    return _valid(lambda: KafkaSettings(kafka_bootstrap=bootstrap)).brokers


def database_of(url: str) -> str:
    """The database's address with the password of `KESU_DATABASE_PASSWORD_FILE`, where that is given."""
    return _valid(lambda: DatabaseSettings(database_url=url)).database if url else url


def _valid(make: Callable[[], T]) -> T:
    try:
        return make()
    except ValidationError as error:
        wrong = "; ".join(
            f"KESU_{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors(include_input=False)
        )
        raise Stopped("settings_invalid", zh=f"设置有误：{wrong}", en=f"settings are wrong: {wrong}") from None
