"""The report of a run of faults: by kind and by scenario, printed, and kept as files."""

from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import msgspec

from tests.faults.scenario import Outcome

DIRECTORY: Final = Path(__file__).parents[2] / "build" / "faults"
LOST: Final = (
    "never_decided",
    "never_planned",
    "lost_from_archive",
    "saved_never_published",
    "submission_without_event",
)
DOUBLED: Final = ("received_twice", "decided_twice", "planned_twice", "promise_ended_twice", "id_with_two_contents")


class Book:
    """Outcomes of scenarios and figures measured beside them, in the order in which they came."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.figures: dict[str, float] = {}
        self._faults: defaultdict[str, int] = defaultdict(int)

    def add(self, outcome: Outcome) -> None:
        """One more scenario came to its end."""
        self.outcomes.append(outcome)
        for told in outcome.told:
            self._faults[told.fault.kind] += 1

    def measured(self, name: str, value: float) -> None:
        """A figure; of several of one name the largest stays."""
        self.figures[name] = max(value, self.figures.get(name, 0.0))

    @property
    def faults(self) -> int:
        """How many were injected."""
        return sum(self._faults.values())

    def summary(self) -> dict[str, Any]:
        """All of it, as plain data."""
        drains = [told.drain_s for one in self.outcomes for told in one.told if told.drain_s]
        return {
            "faults": self.faults, "by_kind": dict(sorted(self._faults.items())),
            "lost": self._count(LOST), "doubled": self._count(DOUBLED), "silent_promises": self._count(("silent_promise",)),
            "false_breaks": self._count(("false_break",)),
            "differences": sum(len(one.differences) for one in self.outcomes),
            "untrue": [line for one in self.outcomes for line in one.untrue],
            "drain_s_max": max(drains, default=0.0), "figures": self.figures,
            "scenarios": [
                {"scenario": one.scenario, "seed": one.seed, "faults": len(one.told), "seconds": round(one.seconds, 1),
                 "wrong": one.wrong}
                for one in self.outcomes
            ],
        }  # fmt: skip

    def write(self) -> str:
        """Keep it as JSON and as Markdown; returns the Markdown."""
        found = self.summary()
        DIRECTORY.mkdir(parents=True, exist_ok=True)
        (DIRECTORY / "report.json").write_bytes(msgspec.json.format(msgspec.json.encode(found)))
        text = _markdown(found)
        (DIRECTORY / "report.md").write_text(text)
        return text

    def _count(self, codes: tuple[str, ...]) -> int:
        return sum(
            int(line.split("×")[1].split(":")[0])
            for one in self.outcomes
            for line in one.findings
            if line.split(" ")[0] in codes
        )


def _markdown(found: dict[str, Any]) -> str:
    totals = ("faults", "lost", "doubled", "silent_promises", "false_breaks", "differences")
    lines = ["# Faults", "", "| " + " | ".join(totals) + " |", "|" + "---|" * len(totals)]
    lines += ["| " + " | ".join(str(found[name]) for name in totals) + " |", "", "| kind | injected |", "|---|---|"]
    lines += [f"| {kind} | {count} |" for kind, count in found["by_kind"].items()]
    lines += ["", "| scenario | faults | seconds | as it would have been |", "|---|---|---|---|"]
    lines += [
        f"| {one['scenario']} | {one['faults']} | {one['seconds']} | {'no: ' + one['wrong'][0] if one['wrong'] else 'yes'} |"
        for one in found["scenarios"]
    ]
    lines += ["", "| measured | |", "|---|---|", f"| longest drain | {found['drain_s_max']:.1f} s |"]
    lines += [f"| {name} | {value:.1f} |" for name, value in found["figures"].items()]
    return "\n".join(lines) + "\n"
