"""What intake works with: what arrived, what is to become of it, and what it answers."""

from datetime import datetime
from typing import Literal, TypeAlias

from msgspec import Struct

from shared.events.envelope import ComplaintFact, ControlFact, Language, Personal
from shared.events.intake import ComplaintReceived
from shared.events.submissions import Submission
from shared.pipeline.records import Outgoing

Door = Literal["kafka", "http"]
Status = Literal["accepted", "duplicate", "waiting", "refused"]


class Refused(Exception):
    """A submission that can never be taken. `code` is one of shared.problems; neither part quotes personal data."""

    def __init__(self, code: str, detail: str = "", *, path: str = "") -> None:
        super().__init__(f"{code}: {detail} {path}".rstrip())
        self.code = code
        self.detail = detail
        self.path = path


class Place(Struct, frozen=True):
    """Where a record stood."""

    topic: str
    partition: int
    offset: int


class Arrival(Struct, frozen=True, kw_only=True):
    """A submission at a door: its CloudEvent type, its content, when we took it (UTC), and by which channel's key."""

    type: str
    submission: Submission
    accepted_at: datetime
    door: Door
    channel_id: str = ""
    lang: Language | None = None
    place: Place | None = None


class ComplaintDraft(Struct, frozen=True, kw_only=True):
    """A complaint ready to be saved, but for its sealed part."""

    submission_id: str
    fingerprint: bytes
    event: ComplaintReceived
    personal: Personal


class FactDraft(Struct, frozen=True, kw_only=True):
    """A fact of a complaint; its customer and language are the complaint's, once that (and `other_id`) is known."""

    submission_id: str
    fingerprint: bytes
    event: ComplaintFact
    personal: Personal | None = None
    other_id: str = ""
    arrival: Arrival


class ControlDraft(Struct, frozen=True, kw_only=True):
    """A fact that belongs to no complaint, ready to be saved."""

    submission_id: str
    fingerprint: bytes
    event: ControlFact


Draft: TypeAlias = ComplaintDraft | FactDraft | ControlDraft


class Known(Struct, frozen=True, kw_only=True):
    """A complaint as intake's register has it; `unpublished` is its first event where that may not be on the log yet."""

    complaint_id: str
    customer_id: str
    tenant: str
    lang: Language
    unpublished: Outgoing | None = None


class Registered(Struct, frozen=True):
    """A submission that the register has: the event it became, and the fingerprint of its content (empty: unknown)."""

    submission_id: str
    event_id: str
    fingerprint: bytes


class Waiting(Struct, frozen=True, kw_only=True):
    """A fact that waits for its complaint. `sealed` is its arrival (see waiting.py)."""

    submission_id: str
    tenant: str
    complaint_id: str
    waits_until: datetime
    sealed: bytes


class Accepted(Struct, frozen=True, kw_only=True):
    """The answer to one draft. `warnings` and a refusal's `code` are codes of shared.problems."""

    status: Status
    submission_id: str
    complaint_id: str = ""
    event_id: str = ""
    code: str = ""
    warnings: tuple[str, ...] = ()


class Batch(Struct, frozen=True):
    """What became of a batch: one answer per draft, in order, and what has to be on the log before it counts.

    `keys` go to a topic beside the log, in the same publication.
    """

    answers: list[Accepted]
    outgoing: list[Outgoing]
    keys: list[Outgoing] = []

    @property
    def everything(self) -> list[Outgoing]:
        """All that is to be published."""
        return [*self.keys, *self.outgoing]
