"""Log lines are JSON, and name the span they are said in."""

import json
import subprocess
import sys

import pytest

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
# In a process of its own, as services do: logging belongs to the whole process.
SAYS = """
import sys, structlog
from shared.telemetry.context import current
from shared.telemetry.logs import configure_logging
configure_logging(service="routing", level="INFO")
current.set(sys.argv[1])
structlog.get_logger("test").info("here")
"""


def said(context: str) -> dict[str, str]:
    """A line said while `context` is the current one."""
    run = subprocess.run([sys.executable, "-c", SAYS, context], capture_output=True, text=True, check=True, timeout=60)
    line: dict[str, str] = json.loads(run.stdout)
    return line


def test_inside_a_span_a_line_names_it() -> None:
    line = said(f"00-{TRACE}-{SPAN}-01")

    assert ("routing", "here", TRACE, SPAN) == tuple(line[key] for key in ("service", "event", "trace_id", "span_id"))


@pytest.mark.parametrize("context", ["", f"00-{TRACE}-{SPAN}-00"])
def test_outside_of_any_it_names_none(context: str) -> None:
    assert {"service", "event", "level", "timestamp"} == said(context).keys()
