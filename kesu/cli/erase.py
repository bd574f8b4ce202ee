"""`kesu erase`: destroys a customer's keys, so that every event of the customer reads as erased, for ever.

That it happened is a fact on the log: whoever restores an older backup destroys the keys again.
"""

import asyncio
import sys
import uuid
from datetime import datetime
from pathlib import Path
from typing import Annotated

import asyncpg
import msgspec
import typer
from rich.console import Console

from kesu.backup.erasures import erase_all_on_record
from kesu.cli.said_clearly import errors, said_clearly
from kesu.cli.where import BOOTSTRAP, DATABASE_URL, database_of, located
from shared.clock import open_clock
from shared.errors import Stopped
from shared.events.envelope import Actor
from shared.events.intake import CustomerErased
from shared.events.registry import type_of
from shared.ids import derive, event_id
from shared.saved import save_events
from shared.vault import Erasure, Vault

NO_KEY = 2
CONNECT_TIMEOUT_S = 10

CustomerId = Annotated[str, typer.Argument(metavar="CUSTOMER_ID", help="客户号（UUID）| the customer_id, a UUID")]
OnRecord = Annotated[
    bool,
    typer.Option(
        "--on-record",
        help="再次销毁日志上已抹除客户的密钥（恢复旧备份之后）| erase again all whose erasure is on the log",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="不再询问 | do not ask again")]
AsJson = Annotated[bool, typer.Option("--json", help="只输出 JSON（须加 --yes）| JSON on standard output; needs --yes")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "erase", help="抹除客户：销毁其密钥，不可恢复 | Erase a customer: destroy the keys; there is no way back"
    )(_erase)


def _erase(
    customer_id: CustomerId = "", yes: Yes = False, on_record: OnRecord = False, database_url: DATABASE_URL = "",
    kafka_bootstrap: BOOTSTRAP = "", as_json: AsJson = False,
) -> None:  # fmt: skip
    """Exit status 0: the keys are destroyed; 2: there were none (any more)."""
    with said_clearly():
        if on_record:
            at = located(database_url, kafka_bootstrap)
            again = asyncio.run(erase_all_on_record(at.database_url, at.brokers))
            Console().print(f"✓ {again} 个密钥再次销毁 | keys destroyed again", highlight=False)
            raise typer.Exit(0)
        customer = _uuid(customer_id)
        address, clock_file = _database(database_url)
        if not yes:
            if as_json:
                raise Stopped("not_confirmed", zh="--json 须同时给 --yes", en="--json needs --yes as well")
            typer.confirm(
                f"销毁 {customer} 的密钥，不可恢复？| Destroy the keys of {customer} for ever?", abort=True, err=True
            )
        erased_at = open_clock(clock_file).now()
        erased = asyncio.run(_destroy(address, customer, erased_at))
    _say(customer, erased=erased, at=erased_at, as_json=as_json)
    raise typer.Exit(0 if erased else NO_KEY)


def _database(given: str) -> tuple[str, Path | None]:
    """The database to erase in, and its clock: what was given, or the embedded stack's. No broker is needed."""
    if given:
        return database_of(given), None
    here = located()
    return here.database_url, here.clock_file


def _say(customer: str, *, erased: bool, at: datetime, as_json: bool) -> None:
    if as_json:
        sys.stdout.buffer.write(msgspec.json.encode({"customer_id": customer, "erased": erased, "at": at}) + b"\n")
    elif erased:
        Console().print(
            "✓ 密钥已销毁：该客户的内容在日志、各表与备份恢复后一律读作 [erased] | keys destroyed", markup=False
        )
    else:
        errors.print("该客户没有密钥（或早已抹除）| the customer has no key, or was erased before")


async def _destroy(database_url: str, customer_id: str, at: datetime) -> bool:
    """Destroyed and on record in one transaction; intake puts the record on the log like anything else it saved."""
    conn = await asyncpg.connect(database_url, timeout=CONNECT_TIMEOUT_S)
    try:
        async with conn.transaction():
            erasure = await Vault.erase(conn, customer_id, at)
            if erasure:
                await save_events(conn, "intake", [_fact(erasure)], pending=True)
        return erasure is not None
    finally:
        await conn.close()


def _fact(erasure: Erasure) -> CustomerErased:
    cause = derive("erasure", erasure.customer_id, str(erasure.key))
    id_ = event_id(cause=cause, type_=type_of(CustomerErased))
    return CustomerErased(
        id=id_, actor=Actor(role="system", id="erase"), occurred_at=erasure.at, accepted_at=erasure.at,
        causation_id=cause, correlation_id=id_, customer_id=erasure.customer_id, key=erasure.key,
    )  # fmt: skip


def _uuid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError as error:
        raise Stopped(
            "no_customer_id", zh=f"不是客户号（UUID）：{text}", en=f"not a customer_id (a UUID): {text}"
        ) from error
