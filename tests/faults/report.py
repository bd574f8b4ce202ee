"""What was injected and how it went: printed at the end, and kept as a file."""

import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Final

import msgspec
from msgspec import Struct, field

from tests.faults.catalogue import Fault

FOLDER: Final = Path(__file__).parents[2] / "build" / "faults"
LOG_LINES_MAX: Final = 40


class Happened(Struct, kw_only=True):
    """One fault: when (seconds since the start), how long, and what came of it."""

    scenario: str
    fault: Fault
    at_s: float
    seconds: float = 0
    recovery_s: float = 0
    drain_s: float = 0
    unready_after_s: dict[str, float] = field(default_factory=dict)
    not_alive: int = 0
    ended: dict[str, int] = field(default_factory=dict)


class Left(Struct, frozen=True, kw_only=True):
    """What a scenario left, against the undisturbed run."""

    scenario: str
    complaints: int
    lost: int
    doubled: int
    silent_promises: int
    false_breaks: int
    findings: dict[str, int]


class Report:
    """Everything of one run of the suite."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self.happened: list[Happened] = []
        self.left: list[Left] = []
        self.measured: dict[str, float] = {}

    def begin(self, scenario: str, fault: Fault) -> Happened:
        """A fault begins now."""
        one = Happened(scenario=scenario, fault=fault, at_s=time.monotonic() - self._began)
        self.happened.append(one)
        return one

    def done(self, one: Happened) -> None:
        """All is handled again."""
        one.seconds = time.monotonic() - self._began - one.at_s
        FOLDER.mkdir(parents=True, exist_ok=True)
        with (FOLDER / "faults.log").open("a") as log:
            log.write(f"{_line(one)}\n")

    def log(self) -> str:
        """The last faults with their times, for whoever looks into a failure."""
        return "\n".join(map(_line, self.happened[-LOG_LINES_MAX:]))

    def keep(self, *, seed: int) -> str:
        """Write the files; returns the table."""
        FOLDER.mkdir(parents=True, exist_ok=True)
        text = self._table(seed)
        (FOLDER / "report.md").write_text(text)
        whole = {
            "seed": seed, "seconds": time.monotonic() - self._began, "faults": self.happened, "left": self.left,
            "measured": self.measured,
        }  # fmt: skip
        (FOLDER / "report.json").write_bytes(msgspec.json.format(msgspec.json.encode(whole)))
        return text

    def _table(self, seed: int) -> str:
        by_kind: dict[str, list[Happened]] = defaultdict(list)
        for one in self.happened:
            by_kind[f"{one.fault.kind} · {_at(one.fault.target)}"].append(one)
        rows = [_row(kind, ones) for kind, ones in sorted(by_kind.items())]
        left = [
            f"| {one.scenario} | {one.complaints} | {one.lost} | {one.doubled} | {one.silent_promises} | {one.false_breaks} | {one.findings or '-'} |"
            for one in self.left
        ]
        return "\n".join((
            f"# Faults: {len(self.happened)} injected, seed {seed}, {time.monotonic() - self._began:.0f} s", "",
            "| kind | faults | recovery p50 s | recovery max s | drain max s | not ready after max s |",
            "|---|---:|---:|---:|---:|---:|", *rows, "",
            "| scenario | complaints | lost | doubled | silent promises | false breaks | findings |",
            "|---|---:|---:|---:|---:|---:|---|", *left, "",
            *(f"- {name}: {value:.2f}" for name, value in self.measured.items()), "",
        ))  # fmt: skip


def _line(one: Happened) -> str:
    return (
        f"{one.at_s:7.1f} s  {one.scenario}: {one.fault.name} for {one.fault.seconds:.1f} s ({one.fault.amount:g}), "
        f"recovered {one.recovery_s:.1f} s after it, all in all {one.seconds:.1f} s {one.ended or ''}"
    )


def _row(kind: str, ones: list[Happened]) -> str:
    recoveries = [one.recovery_s for one in ones]
    drains = max(one.drain_s for one in ones)
    unready = max((s for one in ones for s in one.unready_after_s.values()), default=0.0)
    return (
        f"| {kind} | {len(ones)} | {median(recoveries):.1f} | {max(recoveries):.1f} | {drains or '-':.3} |"
        f" {unready or '-':.3} |"
    )


def _at(target: str) -> str:
    """Kafka and PostgreSQL apart, services together."""
    _, between, server = target.partition("-")
    return f"service–{server}" if between else target if target in ("kafka", "postgres") else "service"


REPORT: Final = Report()
