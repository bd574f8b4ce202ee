"""`kesu verify` as a script calls it: statuses, codes, and nothing but JSON on standard output where that is asked for."""

import asyncio
from pathlib import Path

import msgspec
from typer.testing import CliRunner, Result

from deploy.embedded.broker import Broker
from kesu.cli import app
from kesu.verify.report import Report
from tests.component.verify.bench import Bench, noise, saved
from tests.fixtures.databases import Database

NOWHERE = "127.0.0.1:9"


async def kesu_verify(database_url: str, bootstrap: str, *command: str) -> Result:
    """In a thread, as the command has an event loop of its own."""
    env = {"KESU_DATABASE_URL": database_url, "KESU_KAFKA_BOOTSTRAP": bootstrap, "COLUMNS": "160"}
    return await asyncio.to_thread(CliRunner().invoke, app, ["verify", *command], env=env)


async def test_statuses(broker_with_topics: Broker, database: Database, tmp_path: Path) -> None:
    """0 where all holds; 2 where something is found, which is named in two languages."""
    bench, url, at = Bench(broker_with_topics, database), database.url(), broker_with_topics.bootstrap
    await bench.read()
    empty = await kesu_verify(url, at, "--json", "--spill", str(tmp_path))
    assert (empty.exit_code, msgspec.json.decode(empty.stdout, type=Report).ok) == (0, True)
    await bench.publish(*await saved(bench, [noise(1)]))
    await bench.read(less=10)
    result = await kesu_verify(url, at, "--wait", "0")
    assert result.exit_code == 2
    for text in ("reader_behind", "有服务还没有读到日志末尾", "has not read to the end", "unread events, left out"):
        assert text in result.stdout


async def test_what_keeps_it_from_looking(broker_with_topics: Broker, database: Database, tmp_path: Path) -> None:
    """Status 1 and a code: never mistaken for a finding."""
    url, at = database.url(), broker_with_topics.bootstrap
    for code, result in (
        ("broker_not_reachable", await kesu_verify(url, NOWHERE)),
        ("database_not_reachable", await kesu_verify(f"postgresql://kesu_admin@{NOWHERE}/kesu", at)),
        ("spill_not_writable", await kesu_verify(url, at, "--spill", str(tmp_path / "missing"))),
    ):
        assert result.exit_code == 1, (code, result.output)
        assert code in result.output
