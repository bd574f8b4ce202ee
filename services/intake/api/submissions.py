"""The plain JSON doors: a complaint, or one of the other facts, with an Idempotency-Key."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from litestar import Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec

from services.intake.answers import Claim
from services.intake.api.bodies import Answer, answer_of, encoded
from services.intake.api.described import header_parameter, operation, problems
from services.intake.api.doors import Doors
from services.intake.api.requests import AnyRequest, caller_of, headers_of, json_body, language_hint, text
from services.intake.model import Accepted
from services.intake.rules.idempotency import idempotency_key
from services.intake.rules.key_information import KeyTable
from services.intake.rules.reading import read
from shared.events.submissions import SUBMISSIONS, ComplaintSubmission
from shared.problems import Problem

COMPLAINT: Final = "kesu.submission.complaint.v1"
_PREFIX: Final = "kesu.submission."
_STATUSES: Final = (400, 401, 403, 409, 413, 415, 422, 429, 500, 503)


def submission_routes(doors: Doors, table: KeyTable) -> list[HTTPRouteHandler]:
    """POST /v1/complaints, and POST /v1/facts/… for each other kind of submission."""
    routes = [_route("/v1/complaints", COMPLAINT, doors, table, summary="提交投诉 | Submit a complaint")]
    for type_ in SUBMISSIONS:
        if type_ != COMPLAINT:
            kind = type_.removeprefix(_PREFIX).rpartition(".")[0]
            summary = f"提交事实 | Submit a fact: {kind}"
            routes.append(_route(f"/v1/facts/{kind}", type_, doors, table, summary=summary))
    return routes


def _route(path: str, type_: str, doors: Doors, table: KeyTable, *, summary: str) -> HTTPRouteHandler:
    parameter = header_parameter(
        "Idempotency-Key", "同一请求重发时使用同一个键 | The same for every try of one request",
        required=doors.require_idempotency_key,
    )  # fmt: skip

    @post(
        path,
        status_code=202,
        name=type_,
        operation_id=type_,
        tags=["submissions"],
        summary=summary,
        operation_class=operation({"application/json": SUBMISSIONS[type_]}, parameters=[parameter]),
        responses={
            202: ResponseSpec(Answer, generate_examples=False, description="on the log"),
            **problems(*_STATUSES),
        },
    )
    async def submit(request: AnyRequest) -> Response[bytes]:
        return await _submit(request, type_, doors, table)

    return submit


async def _submit(request: AnyRequest, type_: str, doors: Doors, table: KeyTable) -> Response[bytes]:
    headers = headers_of(request)
    caller = caller_of(doors, headers)
    doors.charge(caller, events=1)
    key = idempotency_key(text(headers, b"idempotency-key"), required=doors.require_idempotency_key)
    submission = read(type_, await json_body(request, headers))
    draft = doors.draft(caller, type_, submission, lang=language_hint(headers))

    def write(answers: Sequence[Accepted]) -> bytes:
        return encoded(answer_of(answers[0], draft, table))

    claim = Claim(caller.channel, key, draft.fingerprint) if key else None
    taken = await doors.take([draft], write=write, claim=claim)
    if taken.before is None and taken.answers[0].status == "refused":
        raise Problem(taken.answers[0].code)
    location = {}
    if isinstance(submission, ComplaintSubmission):
        source, source_id = quote(submission.source, safe=""), quote(submission.source_id, safe="")
        location = {"Location": f"/v1/complaints/by-source?source={source}&source_id={source_id}"}
    content: Any = taken.before or write(taken.answers)
    return Response(content, media_type="application/json", headers=location)
