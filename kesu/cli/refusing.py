"""How a command that needs no service says that it cannot do its work: a code and what to do, and exit status 1."""

from typing import Final, NoReturn

import typer
from rich.console import Console
from rich.text import Text

errors: Final = Console(stderr=True)


def refuse(code: str, *, zh: str, en: str) -> NoReturn:
    """Say it in both languages and end."""
    errors.print(Text(f"✗ {code}", style="bold red"))
    errors.print(Text(zh))
    errors.print(Text(en))
    raise typer.Exit(1)
