"""What is read of a service at every scrape: how far it is behind, what it lacks, what its pool does."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from shared.telemetry import names
from shared.telemetry.metrics import Metrics, Read, Values

if TYPE_CHECKING:
    from shared.runtime.service import Service

Readings: TypeAlias = Iterator[tuple[float, Values]]


def observe(service: Service, metrics: Metrics) -> None:
    """Let `metrics` ask `service` at every scrape."""
    metrics.observe(names.READY, lambda: [(float(service.is_ready()), ())])
    metrics.observe(names.MISSING, lambda: [(1.0, (part,)) for part in service.missing()])
    metrics.observe(names.STOPPED, lambda: [(1.0, (code,)) for code in (service.stopped_by,) if code])
    metrics.observe(names.LAG, lambda: _lag(service))
    metrics.observe(names.BEHIND, lambda: _behind(service))
    metrics.observe(names.OLDEST, lambda: _oldest(service))
    metrics.observe(names.DB_CONNECTIONS, lambda: _connections(service))
    metrics.observe(names.DB_CONNECTIONS_MAX, lambda: _connections_max(service))
    for metric, read in service.readings.items():
        metrics.observe(metric, partial(_while_started, service, read))


def _while_started(service: Service, read: Read) -> Readings:
    if service.started:
        yield from read()


def _lag(service: Service) -> Readings:
    if service.started:
        for tp, at in service.reader.next.items():
            if (end := service.reader.end(tp)) is not None:
                yield max(0, end - at), (tp.topic, str(tp.partition))


def _behind(service: Service) -> Readings:
    """By Kesu's clock, which may be virtual; the times of the log are its times."""
    if service.started:
        for tp in service.reader.next:
            if (through := service.reader.through.of(tp)) is not None:
                age_s = (service.clock.now() - through).total_seconds()
                yield max(0.0, age_s), (tp.topic, str(tp.partition))


def _oldest(service: Service) -> Readings:
    if service.started:
        in_hand_ms = service.reader.in_hand_ms
        yield max(0.0, service.clock.now().timestamp() - in_hand_ms / 1_000) if in_hand_ms is not None else 0.0, ()


def _connections(service: Service) -> Readings:
    if service.started:
        idle = service.pool.get_idle_size()
        yield idle, ("idle",)
        yield service.pool.get_size() - idle, ("used",)


def _connections_max(service: Service) -> Readings:
    if service.started:
        yield service.pool.get_max_size(), ()
