"""How commands that look at something end: 0 all holds, 1 it could not be looked at (see said_clearly), 2 found something."""

from typing import Final

FOUND_SOMETHING: Final = 2
