"""Trace contexts are passed on, from a request or a record to the events that come of it; `spans.py` records on top of that."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeAlias

from msgspec.structs import replace

from shared.pipeline.records import Headers, Outgoing
from shared.telemetry.context import current, of_own_record, of_record, of_request

HttpHeaders: TypeAlias = Iterable[tuple[bytes, bytes]]
ContextOf: TypeAlias = Callable[[Headers], str]


class BatchTrace:
    """The contexts that the events of a batch take along, by complaint."""

    def __init__(self, contexts: Mapping[str, str]) -> None:
        self._contexts = contexts

    def carried(self, events: Sequence[Outgoing]) -> Sequence[Outgoing]:
        """`events`, each with the context of its complaint."""
        return carrying(events, self._contexts)

    def reached(self, point: str) -> None:
        """The batch has come to `point`."""


class RequestTrace:
    """A request under way."""

    def answered(self, route: str, status: int) -> None:
        """It was answered."""


UNTRACED = BatchTrace({})
_REQUEST = RequestTrace()


class Tracing:
    """Passes contexts on and records nothing: of a batch or a request without a context it asks nothing more."""

    def context_of(self, *, foreign: bool) -> ContextOf:
        """How to find a record's context; `foreign`: others than our services write to the topic."""
        return of_record if foreign else of_own_record

    def batch(self, traced: Sequence[tuple[Any, str]], *, records: int) -> AbstractContextManager[BatchTrace]:
        """Around a batch of so many `records`; `traced`: those with a context (each has its `event` and its place)."""
        return self._batch(traced, records) if traced else _UNTRACED_BATCH

    def request(self, method: str, headers: HttpHeaders) -> AbstractContextManager[RequestTrace]:
        """Around an HTTP request."""
        return self._request(method, of_request(headers))

    def publishing(self, events: Sequence[Outgoing]) -> AbstractContextManager[Sequence[Outgoing]]:
        """Around the publication of `events`; inside it, publish what is given there."""
        return _Same(events)

    async def close(self) -> None:
        """Send what was recorded, for a moment at most."""

    def _request(self, _method: str, context: str) -> AbstractContextManager[RequestTrace]:
        return self._passed(context) if context else _UNTRACED_REQUEST

    @contextmanager
    def _batch(self, traced: Sequence[tuple[Any, str]], _records: int) -> Iterator[BatchTrace]:
        yield BatchTrace({key_of(record): context for record, context in traced})

    @contextmanager
    def _passed(self, context: str) -> Iterator[RequestTrace]:
        token = current.set(context)
        try:
            yield _REQUEST
        finally:
            current.reset(token)


class _Same(AbstractContextManager[Any]):
    """Gives what it was made with, at almost no cost; it may be entered any number of times."""

    def __init__(self, given: Any) -> None:
        self._given = given

    def __enter__(self) -> Any:
        return self._given

    def __exit__(self, *_raised: object) -> None:
        return None


_UNTRACED_BATCH = _Same(UNTRACED)
_UNTRACED_REQUEST = _Same(_REQUEST)


def carrying(events: Sequence[Outgoing], contexts: Mapping[str, str]) -> Sequence[Outgoing]:
    """`events`, those whose complaint has a context with it."""
    if not contexts:
        return events
    return [replace(one, trace=context) if (context := contexts.get(one.key)) else one for one in events]


def key_of(record: Any) -> str:
    """The complaint that a handler's record is about; empty for a control fact."""
    return getattr(record.event, "complaint_id", "")
