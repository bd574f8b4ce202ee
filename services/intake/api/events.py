"""The CloudEvents door: one event (binary or structured) or a batch, each event answered for itself."""

from collections.abc import Sequence
from typing import Any, Final

from litestar import Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec

from services.intake.api.bodies import Answer, Result, Results, answer_of, encoded
from services.intake.api.described import ReadySchema, operation, problems, schema_of
from services.intake.api.doors import Caller, Doors
from services.intake.api.errors import problem_of
from services.intake.api.requests import (
    AnyRequest,
    Headers,
    body_of,
    caller_of,
    content_type_of,
    headers_of,
    language_hint,
)
from services.intake.model import Accepted, Draft, Refused
from services.intake.rules.key_information import KeyTable
from services.intake.rules.reading import check_document, read
from shared.cloudevents import http, structured
from shared.cloudevents.event import BATCH, STRUCTURED, CloudEvent, InvalidCloudEvent, is_json
from shared.events.submissions import SUBMISSIONS
from shared.problems import Problem, ProblemBody, language_of
from shared.problems import body_of as problem_body

_STATUSES: Final = (400, 401, 403, 409, 413, 415, 422, 429, 500, 503)


def event_route(doors: Doors, table: KeyTable) -> HTTPRouteHandler:
    """POST /v1/events."""

    @post(
        "/v1/events",
        status_code=202,
        tags=["submissions"],
        summary="提交 CloudEvents | Submit CloudEvents, one or a batch",
        operation_class=operation(_contents()),
        responses={
            202: ResponseSpec(Answer, generate_examples=False, description="one event is on the log"),
            200: ResponseSpec(Results, generate_examples=False, description="a batch: an answer per event"),
            **problems(*_STATUSES),
        },
    )
    async def submit_events(request: AnyRequest) -> Response[bytes]:
        headers = headers_of(request)
        caller = caller_of(doors, headers)
        content_type = content_type_of(headers)
        mode = http.mode_of(content_type)
        body = await body_of(request)
        if mode == "batch":
            return await _batch(request, caller, body, doors, table)
        doors.charge(caller, events=1)
        draft = doors.draft(caller, *_read(mode, headers, content_type, body), lang=language_hint(headers))
        taken = await doors.take([draft], write=_nothing)
        if taken.answers[0].status == "refused":
            raise Problem(taken.answers[0].code)
        return Response(encoded(answer_of(taken.answers[0], draft, table)), media_type="application/json")

    return submit_events


def _read(mode: http.Mode, headers: Headers, content_type: str, body: bytes) -> tuple[str, Any]:
    if mode == "structured":
        return _structured(body)
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.items()]
    return _submission(http.decode_binary(pairs, body, content_type=content_type), checked=False)


def _structured(body: bytes) -> tuple[str, Any]:
    check_document(body)
    return _submission(structured.decode(body), checked=True)


def _submission(event: CloudEvent, *, checked: bool) -> tuple[str, Any]:
    if not is_json(event.datacontenttype):
        raise Refused("data_not_json")
    return event.type, read(event.type, event.data, checked=checked)


async def _batch(request: AnyRequest, caller: Caller, body: bytes, doors: Doors, table: KeyTable) -> Response[bytes]:
    documents = structured.split_batch(body)
    if len(documents) > doors.batch_events_max:
        raise Problem("batch_too_large", f"at most {doors.batch_events_max} events")
    doors.charge(caller, events=max(1, len(documents)))
    lang = language_of(request.headers.get("accept-language"))
    drafts: list[Draft] = []
    read_: list[Draft | ProblemBody] = []
    for document in documents:
        try:
            draft = doors.draft(caller, *_structured(document))
            drafts.append(draft)
            read_.append(draft)
        except (Refused, InvalidCloudEvent) as error:
            read_.append(problem_body(problem_of(error), lang=lang))
    answers = iter((await doors.take(drafts, write=_nothing)).answers if drafts else ())
    results = tuple(
        Result(index=n, problem=one) if isinstance(one, ProblemBody) else _result(n, one, next(answers), table, lang)
        for n, one in enumerate(read_)
    )
    refused = sum(result.problem is not None for result in results)
    content = encoded(Results(taken=len(results) - refused, refused=refused, results=results))
    return Response(content, status_code=200, media_type="application/json")


def _result(index: int, draft: Draft, accepted: Accepted, table: KeyTable, lang: str) -> Result:
    if accepted.status == "refused":
        return Result(index=index, problem=problem_body(Problem(accepted.code), lang=lang))
    return Result(index=index, answer=answer_of(accepted, draft, table))


def _nothing(_: Sequence[Accepted]) -> bytes:
    return b""  # without an Idempotency-Key no answer is kept


def _contents() -> dict[str, Any]:
    kinds = {type_: schema_of(struct).ready for type_, struct in SUBMISSIONS.items()}
    envelopes = [
        {
            "type": "object",
            "required": ["specversion", "id", "source", "type", "data"],
            "properties": {
                "specversion": {"const": "1.0"},
                "id": {"type": "string", "minLength": 1},
                "source": {"type": "string", "format": "uri-reference", "minLength": 1},
                "type": {"const": type_},
                "time": {"type": "string", "format": "date-time"},
                "partitionkey": {"type": "string"},
                "datacontenttype": {"type": "string"},
                "data": kind,
            },
        }
        for type_, kind in kinds.items()
    ]
    event = {"oneOf": envelopes}
    return {
        STRUCTURED: ReadySchema(ready=event),
        BATCH: ReadySchema(ready={"type": "array", "items": event, "maxItems": 500}),
        "application/json": ReadySchema(ready={"anyOf": list(kinds.values())}),
    }
