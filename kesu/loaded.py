"""Prints where the bytecode is of all modules that services and commands load: the image keeps these files, and no others."""

import asyncio
import pkgutil
import sys
from importlib import import_module
from importlib.util import cache_from_source
from typing import Final

import alembic.context  # noqa: F401 - loaded when the first migration is made
import sqlalchemy.dialects.postgresql.asyncpg  # noqa: F401
import uvicorn.lifespan.on
import uvicorn.logging
import uvicorn.loops.uvloop
import uvicorn.protocols.http.httptools_impl  # noqa: F401

import kesu.cli
from deploy.embedded.environment import SERVICES
from kesu.cli import COMMANDS, HERE_ONLY

_ALSO: Final = ("encodings.idna", "http.client", "compileall", "stringprep")  # loaded by a name or a health check


def loaded() -> list[str]:
    """Their source files, once each, sorted."""
    for service in SERVICES:
        for module in pkgutil.walk_packages(import_module(f"services.{service}").__path__, f"services.{service}."):
            if not module.name.endswith("__main__"):
                import_module(module.name)
    for command in COMMANDS.keys() - set(HERE_ONLY):
        import_module(f"{kesu.cli.__name__}.{COMMANDS[command]}")
    for name in _ALSO:
        import_module(name)
    asyncio.run(asyncio.sleep(0))  # it loads the selectors of this system
    files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    return sorted(file for file in files if file and file.endswith(".py"))


if __name__ == "__main__":
    sys.stdout.writelines(f"{cache_from_source(file)}\n" for file in loaded())
