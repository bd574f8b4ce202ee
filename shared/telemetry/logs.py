"""Logs: JSON lines on standard output, without personal data."""

import logging
import sys
from traceback import extract_tb
from typing import Final

import structlog
from structlog.typing import EventDict, WrappedLogger

from shared.errors import NotNow, Stopped
from shared.telemetry.context import current, is_sampled

FRAMES_MAX: Final = 8


def configure_logging(*, service: str, level: str) -> None:
    """Every line is JSON with time, level and service, and the ids of the span it is said in; libraries' own logging goes the same way, warnings and above."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    logging.basicConfig(stream=sys.stdout, level=logging.WARNING, format=f'{{"service":"{service}","event":"%(message)s","logger":"%(name)s","level":"%(levelname)s"}}')  # fmt: skip
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            with_trace_ids,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)


def with_trace_ids(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Name the span in which the line is said, where it is recorded."""
    traceparent = current.get()
    if is_sampled(traceparent):
        _, line["trace_id"], line["span_id"], _ = traceparent.split("-")
    return line


def told(error: BaseException, *, where: bool = False) -> dict[str, str]:
    """What a log line may say of `error`: its kind, and its words only where they are ours or the operating system's.

    Drivers and decoders quote the values they did not like, and those may be personal. `where`: the places it came by.
    """
    said = {"error": type(error).__name__}
    if isinstance(error, NotNow | Stopped | OSError):
        said["reason"] = str(error)[:1000]
    if isinstance(state := getattr(error, "sqlstate", None), str):
        said["sqlstate"] = state
    if where:
        frames = extract_tb(error.__traceback__)[-FRAMES_MAX:]
        said["where"] = " > ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
    return said
