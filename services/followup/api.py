"""Follow-up's HTTP routes: what is promised, how a due time came about, and whom to call."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from litestar import get
from litestar.exceptions import NotFoundException, ValidationException
from litestar.params import FromPath, FromQuery, QueryParameter
from msgspec import Struct

from services.followup import store
from services.followup.calendar.tables import Calendars
from services.followup.model import EndedPromise, Ledger, Waiting
from services.followup.rules.explaining import Explanation, explain
from services.followup.store import Listed
from shared.events.followup import CallbackPlanned, PromiseOpened
from shared.runtime.service import Service

START: Final = (datetime(1, 1, 1, tzinfo=UTC), str(UUID(int=0)))
FOR_EVER: Final = datetime(9999, 1, 1, tzinfo=UTC)

Limit = Annotated[int, QueryParameter(ge=1, le=500, description="每页投诉数 | complaints per page")]
Before = Annotated[datetime | None, QueryParameter(description="早于此时间到期 | due before this time")]


class OpenPromise(Struct, frozen=True):
    """A promise that is open, and the complaint it was made on."""

    complaint_id: str
    promise: PromiseOpened


class OpenCallback(Struct, frozen=True):
    """A callback that is planned, or `requested`: its window is open."""

    complaint_id: str
    callback: CallbackPlanned
    requested: bool


class Promises(Struct, frozen=True):
    """One page; `next` is the cursor of the page after it, "" on the last."""

    items: list[OpenPromise]
    next: str


class Callbacks(Struct, frozen=True):
    """One page; `next` is the cursor of the page after it, "" on the last."""

    items: list[OpenCallback]
    next: str


class LedgerOfComplaint(Struct, frozen=True):
    """Everything promised on one complaint."""

    open: tuple[PromiseOpened, ...]
    ended: tuple[EndedPromise, ...]
    callbacks: tuple[CallbackPlanned, ...]


def routes(*, service: Service, calendars: Calendars, partitions: int) -> list[Any]:
    """The handlers, with what they need bound."""

    async def page(cursor: str, until: datetime, limit: int) -> list[Listed]:
        async with service.pool.acquire() as conn:
            return await store.page(conn, range(partitions), after=_position(cursor), until=until, limit=limit)

    async def found(complaint_id: UUID) -> tuple[str, Ledger]:
        async with service.pool.acquire() as conn:
            state = await store.state_of(conn, str(complaint_id))
        if state is None or isinstance(state, Waiting):
            raise NotFoundException("nothing is promised on this complaint | 此投诉没有承诺")
        return state.terms.time_zone, state.ledger

    @get("/v1/promises", tags=["promises"], summary="未了结的承诺，按到期先后 | Open promises, by what falls due next")
    async def promises(cursor: FromQuery[str] = "", due_before: Before = None, limit: Limit = 100) -> Promises:
        until = due_before or FOR_EVER
        listed = await page(cursor, until, limit)
        items = [OpenPromise(c, p) for c, ledger in map(_ledger, listed) for p in ledger.promises if p.due_at < until]
        return Promises(items, _cursor(listed, limit))

    @get("/v1/callbacks", tags=["callbacks"], summary="待回访，按时间先后 | Callbacks planned or asked for, by time")
    async def callbacks(cursor: FromQuery[str] = "", due_before: Before = None, limit: Limit = 100) -> Callbacks:
        until = due_before or FOR_EVER
        listed = await page(cursor, until, limit)
        items = [
            OpenCallback(c, k, k.callback_id in ledger.requested)
            for c, ledger in map(_ledger, listed)
            for k in ledger.callbacks
            if k.not_before < until
        ]
        return Callbacks(items, _cursor(listed, limit))

    @get(
        "/v1/complaints/{complaint_id:uuid}/promises",
        tags=["promises"],
        summary="某件投诉的承诺台账 | The ledger of a complaint",
    )
    async def ledger_of(complaint_id: FromPath[UUID]) -> LedgerOfComplaint:
        _, ledger = await found(complaint_id)
        return LedgerOfComplaint(ledger.promises, ledger.ended, ledger.callbacks)

    @get(
        "/v1/complaints/{complaint_id:uuid}/promises/{promise_id:uuid}/ledger",
        tags=["promises"],
        summary="到期时间如何得出：计入的时段 | How a due time came about: the intervals that counted",
    )
    async def ledger(complaint_id: FromPath[UUID], promise_id: FromPath[UUID]) -> Explanation:
        time_zone, kept = await found(complaint_id)
        for promise in (*kept.promises, *(e.promise for e in kept.ended)):
            if promise.promise_id == str(promise_id):
                return explain(promise, calendars.of(time_zone))
        raise NotFoundException("no such promise on this complaint | 此投诉没有这个承诺")

    return [promises, callbacks, ledger_of, ledger]


def _ledger(listed: Listed) -> tuple[str, Ledger]:
    state = listed.state
    return listed.complaint_id, Ledger() if isinstance(state, Waiting) else state.ledger


def _cursor(listed: list[Listed], limit: int) -> str:
    if len(listed) < limit:
        return ""
    return urlsafe_b64encode(f"{listed[-1].due_at.isoformat()} {listed[-1].complaint_id}".encode()).decode()


def _position(cursor: str) -> tuple[datetime, str]:
    if not cursor:
        return START
    try:
        at, _, complaint_id = urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        return datetime.fromisoformat(at), str(UUID(complaint_id))
    except ValueError:
        raise ValidationException("this is no cursor of ours | 游标不合法") from None
