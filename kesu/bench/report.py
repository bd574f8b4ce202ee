"""The rows of a measurement: what, how much, what it must be and what we aim at."""

import os
import platform
from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct

Better = Literal["lower", "higher"]


class Target(Struct, frozen=True):
    """One line of the table of targets; `must` None where there is only an aim."""

    id: str
    what: str
    unit: str
    must: float | None
    aim: float
    better: Better


class Row(Struct, frozen=True, kw_only=True):
    """One measured line."""

    id: str
    what: str
    value: float
    unit: str
    must: float | None
    aim: float
    met: bool


class Report(Struct, frozen=True):
    """All lines, and the machine they hold for."""

    machine: dict[str, str | int]
    rows: tuple[Row, ...]


TARGETS: Final[dict[str, Target]] = {
    t.id: t
    for t in (
        Target("cpu_per_complaint", "CPU per complaint, all processes with broker and PostgreSQL", "us", 1100, 600, "lower"),
        Target("floor_ratio", "floor / Kesu, CPU per complaint", "ratio", 0.45, 0.65, "higher"),
        Target("complaints_per_s", "complaints per second of that run", "1/s", None, 3000, "higher"),
        Target("routed_p99", "accepted to routed, p99 at 300 complaints/s", "ms", None, 120, "lower"),
        Target("visible_p99", "accepted to visible in reporting, p99 at 300 complaints/s", "ms", None, 200, "lower"),
        Target("http_single", "POST /v1/complaints, per second of one core's CPU in intake", "1/s", None, 2000, "higher"),
        Target("http_batch", "events in CloudEvents batches of 100, per second of one core's CPU in intake", "1/s", None, 15000, "higher"),
        Target("import_rows", "rows of a CSV imported per second", "1/s", None, 10000, "higher"),
        Target("assess_text", "assessing a text of 200 characters, CPU", "us", 130, 70, "lower"),
        Target("decide_text", "assessing it and deciding, CPU", "us", 180, 100, "lower"),
        Target("assess_learned", "assessing it with a learned layer, CPU", "us", 280, 150, "lower"),
        Target("assess_long", "judging the most hostile text of 10,000 characters, CPU", "ms", 20, 10, "lower"),
        Target("assess_growth", "four times the most hostile text, CPU over four times the CPU", "ratio", 1.5, 1.2, "lower"),
        Target("pack_load", "loading the default policy pack, CPU", "s", 1, 0.3, "lower"),
        Target("assess_rows", "rows of a file judged per second of one core's CPU", "1/s", 4000, 6000, "higher"),
        Target("pss_intake", "memory (PSS) of intake at the end", "MB", 150, 90, "lower"),
        Target("pss_routing", "memory (PSS) of routing at the end", "MB", 150, 90, "lower"),
        Target("pss_followup", "memory (PSS) of follow-up at the end", "MB", 150, 90, "lower"),
        Target("pss_reporting", "memory (PSS) of reporting at the end", "MB", 150, 90, "lower"),
    )
}  # fmt: skip


# A real broker and database do more for a complaint than the embedded ones: fsync by the group, idempotence, a JVM.
KAFKA_TARGETS: Final[dict[str, Target]] = TARGETS | {
    t.id: t
    for t in (
        Target("cpu_per_complaint", "CPU per complaint, all processes with Kafka and PostgreSQL", "us", 1250, 750, "lower"),
        Target("floor_ratio", "floor / Kesu, CPU per complaint", "ratio", 0.5, 0.65, "higher"),
    )
}  # fmt: skip


def row(id_: str, value: float, targets: Mapping[str, Target] = TARGETS) -> Row:
    """The line for target `id_`; met means its must, or where there is none its aim."""
    target = targets[id_]
    bound = target.aim if target.must is None else target.must
    met = value <= bound if target.better == "lower" else value >= bound
    return Row(
        id=id_, what=target.what, value=round(value, 3), unit=target.unit, must=target.must, aim=target.aim, met=met
    )


def machine() -> dict[str, str | int]:
    """What the figures hold for; nothing that names this particular machine."""
    return {
        "python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count() or 0,
    }  # fmt: skip
