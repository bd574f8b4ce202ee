"""How a command ends when it cannot do its work: a code and what to do, in Chinese and English, and exit status 1."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from aiokafka.errors import KafkaError
from asyncpg import (
    CannotConnectNowError,
    ClientConfigurationError,
    InvalidAuthorizationSpecificationError,
    LockNotAvailableError,
    PostgresConnectionError,
    TooManyConnectionsError,
)
from rich.console import Console
from rich.text import Text

from deploy.embedded.errors import CannotStart
from deploy.migrations.scripts import BadNumbering
from deploy.topics import WrongPartitions
from kesu.reaching import broker_not_reachable
from shared.database_access import refusal
from shared.errors import NotNow, Stopped

AWAY = (
    ConnectionError,
    TimeoutError,
    PostgresConnectionError,
    CannotConnectNowError,
    TooManyConnectionsError,
    LockNotAvailableError,
)
REFUSED = (InvalidAuthorizationSpecificationError, ClientConfigurationError, ssl.SSLError)
errors = Console(stderr=True)


@contextmanager
def said_clearly() -> Iterator[None]:
    """Turn what a person can put right into a message; anything else stays an error with its trace."""
    try:
        yield
    except (CannotStart, Stopped, WrongPartitions) as error:
        _say(error.code, zh=error.zh, en=error.en)
        raise typer.Exit(1) from error
    except NotNow as error:
        _say("not_now", zh=f"暂时做不到：{error}", en=f"not possible now: {error}")
        raise typer.Exit(1) from error
    except KafkaError as error:
        away = broker_not_reachable(error)
        _say(away.code, zh=away.zh, en=away.en)
        raise typer.Exit(1) from error
    except BadNumbering as error:
        _say("bad_numbering", zh=f"迁移文件编号有误：{error}", en=f"migration files are numbered wrongly: {error}")
        raise typer.Exit(1) from error
    except (*REFUSED, *AWAY) as error:
        if stopped := refusal(error):
            _say(stopped.code, zh=stopped.zh, en=stopped.en)
            raise typer.Exit(1) from error
        reason = f"{type(error).__name__}: {error}"
        _say(
            "database_not_reachable",
            zh=f"连不上数据库，或它正忙：{reason}",
            en=f"the database is away or busy: {reason}",
        )
        raise typer.Exit(1) from error


def _say(code: str, *, zh: str, en: str) -> None:
    errors.print(Text(f"✗ {code}", style="bold red"))
    errors.print(Text(zh))
    errors.print(Text(en))
