"""What is learned from: cases with what people say of them."""

from typing import Annotated

from msgspec import Meta, Struct

from services.routing.model import Case
from shared.events.intake import Demand
from shared.events.routing import Cause, CrossLevel, Severity


class Labels(Struct, frozen=True, kw_only=True):
    """What people say of a case; None where nobody did. `also` are the other causes it touches."""

    is_complaint: bool | None = None
    cause: Cause | None = None
    also: tuple[Cause, ...] = ()
    cross_level: CrossLevel | None = None
    abuse: bool | None = None
    repeat: bool | None = None
    severity: Severity | None = None
    emotion: Annotated[float, Meta(ge=1, le=10)] | None = None
    demands: tuple[Demand, ...] = ()

    @property
    def teach(self) -> bool:
        """Whether there is anything in them to learn from."""
        return any(
            label is not None
            for label in (self.is_complaint, self.cause, self.abuse, self.repeat, self.severity, self.emotion)
        )


class Example(Struct, frozen=True):
    """One case to learn from."""

    case: Case
    labels: Labels


class CannotLearn(Exception):
    """The examples teach nothing: `code`, and `zh` and `en` for people."""

    def __init__(self, code: str, *, zh: str, en: str) -> None:
        super().__init__(en)
        self.code = code
        self.zh = zh
        self.en = en
