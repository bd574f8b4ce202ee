"""Logs: JSON lines on standard output, without personal data."""

import logging
import sys

import structlog


def configure_logging(*, service: str, level: str) -> None:
    """Every line is JSON with time, level and service; libraries' own logging goes the same way, warnings and above."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    logging.basicConfig(stream=sys.stdout, level=logging.WARNING, format=f'{{"service":"{service}","event":"%(message)s","logger":"%(name)s","level":"%(levelname)s"}}')  # fmt: skip
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
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
