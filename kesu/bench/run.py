"""One whole measurement, in the order in which it disturbs itself least."""

import statistics
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from kesu.bench.assessing import measure_assessing
from kesu.bench.doors import measure_doors
from kesu.bench.floor import measure_floor
from kesu.bench.importing import measure_import
from kesu.bench.latency import measure_latency
from kesu.bench.report import KAFKA_TARGETS, TARGETS, Report, Row, machine, row
from kesu.bench.servers import Servers, stack_on
from kesu.bench.throughput import Throughput, measure

PARTS: Final = ("throughput", "latency", "doors", "import", "assess")
MEGABYTE: Final = 1_000_000


class Wish(Struct, frozen=True, kw_only=True):
    """What to measure: which parts, how many complaints, how often (the median counts), drawn with which seed, where."""

    parts: tuple[str, ...] = PARTS
    complaints: int = 50_000
    runs: int = 3
    seed: int = 1
    servers: Servers = Servers.EMBEDDED


async def bench(wish: Wish, *, tell: Callable[[str], None]) -> Report:
    """Measure what is wished for; `tell` hears what is going on."""
    rows: list[Row] = []
    make_stack = stack_on(wish.servers)
    if "throughput" in wish.parts:
        rows += await _throughput(wish, tell)
    if "latency" in wish.parts:
        tell("延迟：每秒 300 件 | latency at 300 a second")
        latency = await measure_latency(make_stack, seed=wish.seed)
        rows += [row("routed_p99", latency.routed_p99_ms), row("visible_p99", latency.visible_p99_ms)]
    if "doors" in wish.parts:
        tell("HTTP 入口 | the HTTP doors")
        doors = await measure_doors(make_stack, seed=wish.seed)
        rows += [row("http_single", doors.single_per_core_s), row("http_batch", doors.batch_events_per_core_s)]
    if "import" in wish.parts:
        tell("导入 100,000 行 | importing 100,000 rows")
        rows.append(row("import_rows", await measure_import(make_stack, seed=wish.seed)))
    if "assess" in wish.parts:
        tell("研判文本 | judging texts")
        rows += _assessing(seed=wish.seed)
    return Report(machine() | {"broker": wish.servers.value}, tuple(rows))


def _assessing(*, seed: int) -> list[Row]:
    cost = measure_assessing(seed=seed)
    return [
        row("assess_text", cost.usual_us),
        row("decide_text", cost.decided_us),
        *([row("assess_learned", cost.learned_us)] if cost.learned_us is not None else ()),
        row("assess_long", cost.long_ms),
        row("assess_growth", cost.growth),
        row("pack_load", cost.pack_load_s),
        row("assess_rows", cost.rows_per_core_s),
    ]


async def _throughput(wish: Wish, tell: Callable[[str], None]) -> list[Row]:
    """Kesu and its floor in turn, so that a change of the machine's mood meets both; medians of the runs."""
    make_stack, targets = stack_on(wish.servers), KAFKA_TARGETS if wish.servers is Servers.KAFKA else TARGETS
    pairs: list[tuple[Throughput, Throughput]] = []
    for number in range(1, wish.runs + 1):
        tell(
            f"第 {number}/{wish.runs} 轮：{wish.complaints:,} 件投诉 | run {number} of {wish.runs}: {wish.complaints:,} complaints"
        )
        kesu, sample = await measure(make_stack, wish.complaints, seed=wish.seed)
        tell(f"  {kesu.cpu_us:,.0f} µs/件 CPU, {kesu.complaints / kesu.seconds:,.0f}/s  {_by_part(kesu)}")
        floor = await measure_floor(make_stack, wish.complaints, sample, seed=wish.seed)
        tell(f"  下限 floor {floor.cpu_us:,.0f} µs  {_by_part(floor)}")
        pairs.append((kesu, floor))
    memory = {name: statistics.median(kesu.pss_bytes[name] for kesu, _ in pairs) for name in pairs[0][0].pss_bytes}
    return [
        row("cpu_per_complaint", statistics.median(kesu.cpu_us for kesu, _ in pairs), targets),
        row("floor_ratio", statistics.median(floor.cpu_us / kesu.cpu_us for kesu, floor in pairs), targets),
        row("complaints_per_s", statistics.median(kesu.complaints / kesu.seconds for kesu, _ in pairs)),
        *(row(f"pss_{name}", memory[name] / MEGABYTE) for name in ("intake", "routing", "followup", "reporting")),
    ]


def _by_part(one: Throughput) -> str:
    return ", ".join(f"{name} {seconds / one.complaints * 1e6:.0f}" for name, seconds in one.cpu_s.items())
