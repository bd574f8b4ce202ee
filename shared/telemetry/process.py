"""What the operating system says of this process, read at scrape time."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from shared.telemetry import names
from shared.telemetry.metrics import Metrics

_STARTED_S: Final = time.monotonic()
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")
_STATM: Final = Path("/proc/self/statm")
_DESCRIPTORS: Final = Path("/proc/self/fd")


def observe_process(metrics: Metrics) -> None:
    """Let `metrics` read processor time, memory, open files and age of this process."""
    metrics.observe(names.CPU, _cpu)
    metrics.observe(names.UPTIME, lambda: [(time.monotonic() - _STARTED_S, ())])
    if _STATM.exists():
        metrics.observe(names.MEMORY, lambda: [(int(_STATM.read_text().split()[1]) * _PAGE_BYTES, ())])
        metrics.observe(names.FILES, lambda: [(sum(1 for _ in _DESCRIPTORS.iterdir()), ())])


def _cpu() -> Iterator[tuple[float, tuple[str, ...]]]:
    times = os.times()
    yield times.user, ("user",)
    yield times.system, ("system",)
