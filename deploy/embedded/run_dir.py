"""The directory an embedded stack lives in: made when it starts, removed when it ends, swept where one was killed."""

import fcntl
import os
import secrets
import shutil
import stat
import tempfile
from pathlib import Path
from typing import Final

from deploy.embedded.errors import CannotStart

FREE_BYTES_MIN: Final = 1_000_000_000
MASTER_KEY_BYTES: Final = 32
_LOCK: Final = "in-use.lock"


class RunDir:
    """A directory of our own; another user may pass through it (the database's) but list nothing."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self._lock = lock

    @classmethod
    def create(cls, parent: Path | None = None) -> "RunDir":
        """Make one below `parent` (default: the system's temporary directory); raises CannotStart without room."""
        root = parent or Path(tempfile.gettempdir())
        _require_space(root)
        home = _home(root)
        with (home / ".lock").open("w") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)  # nobody sweeps a directory that is not locked yet
            _sweep(home)
            path = Path(tempfile.mkdtemp(prefix="run-", dir=home))
            lock = os.open(path / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(lock, fcntl.LOCK_EX)
        path.chmod(0o711)
        (path / "logs").mkdir(mode=0o700)
        return cls(path, lock)

    def log_file(self, name: str) -> Path:
        """Where `name` writes its log."""
        return self.path / "logs" / f"{name}.log"

    def log_tail(self, name: str, lines_max: int = 20) -> str:
        """The last lines that `name` wrote."""
        try:
            lines = self.log_file(name).read_text(errors="replace").splitlines()
        except OSError:
            return ""
        return "\n".join(lines[-lines_max:])

    def write_secret(self, name: str, content: str) -> Path:
        """A file only we can read."""
        file = self.path / name
        with os.fdopen(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as out:
            out.write(content)
        return file

    def make_master_key(self, key: str | None = None) -> Path:
        """The vault's master key, in hex: `key`, or a fresh one."""
        return self.write_secret("master.key", key or secrets.token_hex(MASTER_KEY_BYTES))

    def remove(self) -> None:
        """Delete it with all it holds."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def _require_space(root: Path) -> None:
    free = shutil.disk_usage(root).free
    if free < FREE_BYTES_MIN:
        raise CannotStart(
            "no_space",
            zh=f"{root} 只剩 {free // 1_000_000} MB，至少需要 {FREE_BYTES_MIN // 1_000_000} MB（可用 TMPDIR 换位置）",
            en=f"{root} has {free // 1_000_000} MB left, {FREE_BYTES_MIN // 1_000_000} MB are needed (TMPDIR moves it)",
        )


def _home(root: Path) -> Path:
    home = root / f"kesu-{os.getuid()}"
    home.mkdir(mode=0o711, exist_ok=True)
    found = home.lstat()  # in a directory open to all, somebody else may have put a link there
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise CannotStart("run_dir_not_ours", zh=f"{home} 属于别的用户", en=f"{home} belongs to another user")
    return home


def _sweep(home: Path) -> None:
    """Remove what killed runs left behind: nobody holds their lock any more."""
    for left in home.glob(f"run-*/{_LOCK}"):
        try:
            lock = os.open(left, os.O_RDWR)
        except OSError:
            continue  # its owner is removing it now
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left.parent, ignore_errors=True)
        except BlockingIOError:
            pass  # in use
        finally:
            os.close(lock)
