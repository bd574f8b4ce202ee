"""The running service keeps to its OpenAPI document, whatever is sent to it."""

import asyncio
from typing import Any, Final

import httpx
import msgspec
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from deploy.embedded.stack import EmbeddedStack
from tests.builders import submissions as s

CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES: Final = {"/v1/complaints": 40, "/v1/events": 40}
EXAMPLES_ELSEWHERE: Final = 6
ROUTES_MIN: Final = 19  # complaint, events, two ways to ask, and a route per other kind of submission


def _send_generated(url: str) -> set[str]:
    """Generated requests, half of them made to break the document, to every route; returns the routes."""
    schema = schemathesis.openapi.from_url(f"{url}/docs/openapi.json")
    operations: list[Any] = [result.ok() for result in schema.get_all_operations()]  # type: ignore[union-attr]
    operations = [operation for operation in operations if operation.path.startswith("/v1")]
    for operation in operations:
        _send(operation, url, examples=EXAMPLES.get(operation.path, EXAMPLES_ELSEWHERE))
    return {operation.label for operation in operations}


def _send(operation: Any, url: str, *, examples: int) -> None:
    cases = st.one_of([operation.as_strategy(mode) for mode in GenerationMode])

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(cases)
    def send(case: Any) -> None:
        case.call_and_validate(base_url=url, checks=CHECKS, timeout=10)

    send()


async def test_generated_requests_get_documented_answers(stack: EmbeddedStack) -> None:
    await stack.start_service("intake")
    async with httpx.AsyncClient(base_url=stack.url("intake")) as http:
        body = msgspec.json.encode(s.complaint())
        good = await http.post("/v1/complaints", content=body, headers={"Idempotency-Key": "k"})
        assert 202 == good.status_code, good.text

        routes = await asyncio.to_thread(_send_generated, stack.url("intake"))
        assert len(routes) >= ROUTES_MIN
        again = await http.post("/v1/complaints", content=body, headers={"Idempotency-Key": "k"})
        assert good.content == again.content
    assert {} == stack.ended()
