"""How a verification says how far it is."""

from typing import Literal, Protocol, TypeAlias

Stage: TypeAlias = Literal["log", "waiting", "tables", "newer", "events", "complaints"]


class Watched(Protocol):
    """Whoever wants to know: `begin` a stage of about `total` steps (None: unknown), then `count` steps of it."""

    def begin(self, stage: Stage, total: int | None) -> None:
        """A stage begins."""

    def count(self, steps: int) -> None:
        """So many more of its steps are done."""


class Unwatched:
    """Nobody wants to know."""

    def begin(self, stage: Stage, total: int | None) -> None:
        """Says nothing."""

    def count(self, steps: int) -> None:
        """Says nothing."""
