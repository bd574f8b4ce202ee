"""Secrets come in files of their own: they stand in no address, no environment and no list of processes."""

from pathlib import Path

from shared.errors import Stopped


def secret_in(file: Path, *, code: str) -> str:
    """What the file holds, without the end of its line; raises Stopped(`code`) where it cannot be read or is empty."""
    try:
        found = file.read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise unreadable(file, code=code) from error
    if not found:
        raise Stopped(code, zh=f"密码文件是空的：{file}", en=f"the file of a secret is empty: {file}")
    return found


def unreadable(file: Path, *, code: str) -> Stopped:
    """Says which file it is; what is in it is never said."""
    return Stopped(code, zh=f"读不出文件：{file}", en=f"the file cannot be read: {file}")
