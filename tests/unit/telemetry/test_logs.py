"""Log lines are JSON, and name the span they are said in."""

import json
from collections.abc import Iterator

import pytest
import structlog

from shared.telemetry.context import current
from shared.telemetry.logs import configure_logging

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


@pytest.fixture
def _json_lines(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:  # lines go to the output that is captured
    configure_logging(service="routing", level="INFO")
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def said(context: str, capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """A line said while `context` is the current one."""
    token = current.set(context)
    try:
        structlog.get_logger("test").info("here")
    finally:
        current.reset(token)
    line: dict[str, str] = json.loads(capsys.readouterr().out)
    return line


@pytest.mark.usefixtures("_json_lines")
def test_inside_a_span_a_line_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    line = said(f"00-{TRACE}-{SPAN}-01", capsys)

    assert ("routing", "here", TRACE, SPAN) == tuple(line[key] for key in ("service", "event", "trace_id", "span_id"))


@pytest.mark.usefixtures("_json_lines")
@pytest.mark.parametrize("context", ["", f"00-{TRACE}-{SPAN}-00"])
def test_outside_of_any_it_names_none(context: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert {"service", "event", "level", "timestamp"} == said(context, capsys).keys()
