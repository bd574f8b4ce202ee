"""What judging a text costs: processor time of usual and of hostile texts, of loading a pack, and of a file of rows."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import msgspec
from msgspec import Struct

from kesu.assessing.opened import Opened
from kesu.assessing.rows import InputRow
from kesu.assessing.run import Assessor
from kesu.assessing.run import assess as assess_file
from kesu.generator import generate
from services.intake.rules.text import normalised
from services.routing.model import Case
from services.routing.policy.pack import Pack, load_pack
from services.routing.rules import assess, decide, read_words
from services.routing.rules.deciding import decide_on
from shared.events.routing import History
from shared.events.submissions import ComplaintSubmission

NOW: Final = datetime(2026, 1, 5, tzinfo=UTC)
USUAL_CHARACTERS: Final = 200
LONG_CHARACTERS: Final = 10_000
TEXTS: Final = 1_000
ROWS: Final = 10_000
RUNS: Final = 3
_NO_HISTORY: Final = History()
# Pieces that hostile texts are made of: nothing but one sign, tags, quotes, negations, numerals, blanks, no signs at all.
PIECES: Final = (
    "投诉", "@", "@人民日报 ", "“", "不", "我不会去工信部", "“我要去工信部”", "一千二百", "1", "9,", "1元", "！", "a", "fcc ", "没",
    "第三次", "。", " ", "\n", "垃圾骗子", "宽頻斷線", "的", "😡", "not ", "\ufdfa", "再不处理我就投诉你们这群骗子，",
)  # fmt: skip


class AssessCost(Struct, frozen=True, kw_only=True):
    """Medians. `usual_us` is the assessment of a text, `decided_us` with the decision that rests on it.

    `learned_us` is the assessment with a learned layer, None where nothing can be learned here.

    `growth` is the cost of four times the text over four times the cost, for the most hostile text.
    """

    usual_us: float
    decided_us: float
    learned_us: float | None
    long_ms: float
    growth: float
    pack_load_s: float
    rows_per_core_s: float


def measure_assessing(*, seed: int) -> AssessCost:
    """Measure on the default pack; processor time of this process alone."""
    pack = load_pack()
    submissions = list(islice(complaints(seed=seed), ROWS))
    loads = [_cpu_s(load_pack) for _ in range(RUNS)]
    learned = _learned(pack, seed=seed)
    texts = usual_texts(submissions)
    gc.collect()
    gc.freeze()
    try:
        usual, decided = usual_us(pack, texts)
        return AssessCost(
            usual_us=usual,
            decided_us=decided,
            learned_us=usual_us(learned, texts)[0] if learned else None,
            long_ms=max(statistics.median(_row_costs_s(pack, piece, LONG_CHARACTERS)) for piece in PIECES) * 1e3,
            growth=max(growth(pack, piece) for piece in PIECES),
            pack_load_s=statistics.median(loads),
            rows_per_core_s=statistics.median(_rows_per_s(pack, submissions) for _ in range(RUNS)),
        )
    finally:
        gc.unfreeze()


def _learned(pack: Pack, *, seed: int) -> Pack | None:
    if not all(map(find_spec, ("numpy", "scipy"))):
        return None
    from kesu.bench.learned import learned_pack  # noqa: PLC0415 -- there only with the extra

    return learned_pack(pack, seed=seed, now=NOW)


def usual_texts(submissions: Sequence[ComplaintSubmission]) -> list[str]:
    """Chinese texts of the usual length: the generator's are half as long, so two and the beginning of a third."""
    chinese = [normalised(one.text) for one in submissions if one.lang == "zh"]
    joined = ["".join(chinese[first : first + 6])[:USUAL_CHARACTERS] for first in range(0, len(chinese) - 5, 2)]
    return [text for text in joined if len(text) == USUAL_CHARACTERS][:TEXTS]


def usual_us(pack: Pack, texts: Sequence[str]) -> tuple[float, float]:
    """The medians over `texts` of what one assessment takes, and one judgement, in microseconds of processor time."""
    cases = [Case(complaint_id="c", channel="web", text=text, received_at=NOW) for text in texts]
    for case in cases:
        decide(case, _NO_HISTORY, pack)
    assessed_ns, decided_ns = [], []
    for case in cases:
        began = time.process_time_ns()
        assessed = assess(case, read_words(case, pack), _NO_HISTORY, pack)
        between = time.process_time_ns()
        decide_on(case, assessed, pack)
        assessed_ns.append(between - began)
        decided_ns.append(time.process_time_ns() - began)
    return statistics.median(assessed_ns) / 1e3, statistics.median(decided_ns) / 1e3


def complaints(*, seed: int) -> Iterator[ComplaintSubmission]:
    """The generator's complaints, in both languages, with what is none among them."""
    for made in generate(2 * ROWS, seed=seed, start=NOW, facts=False):
        if isinstance(made.submission, ComplaintSubmission):
            yield made.submission


def growth(pack: Pack, piece: str) -> float:
    """What four times the text costs, over four times the cost: 1 where cost grows as the text does."""
    return (
        min(_row_costs_s(pack, piece, 2 * LONG_CHARACTERS)) / min(_row_costs_s(pack, piece, LONG_CHARACTERS // 2)) / 4
    )


def _row_costs_s(pack: Pack, piece: str, characters: int) -> list[float]:
    """Several times the cost of a row of so many characters, from its text as written to its line."""
    row = InputRow(id="long", text=(piece * characters)[: characters - 1] + "。")
    assessor, encode = Assessor(pack, now=NOW), msgspec.json.encode
    return [_cpu_s(lambda: encode(assessor.judge(row, number=1))) for _ in range(RUNS)]


def _rows_per_s(pack: Pack, submissions: Sequence[ComplaintSubmission]) -> float:
    """A file of complaints, as `kesu assess` judges it."""
    with TemporaryDirectory(prefix="kesu-bench-") as directory:
        path, out = Path(directory) / "rows.ndjson", Path(directory) / "judged.ndjson"
        rows = [{"id": one.source_id, "text": one.text, "channel": one.channel} for one in submissions]
        path.write_bytes(b"\n".join(map(msgspec.json.encode, rows)))
        opened = Opened(str(path), encoding="utf-8")
        with out.open("wb") as file:
            began = time.process_time()
            summary = assess_file(opened, Assessor(pack, now=NOW), write=file.write, watch=lambda rows, read: None)
            spent = time.process_time() - began
        opened.source.close()
    if summary.judged != len(submissions):
        raise RuntimeError(f"{summary.judged} of {len(submissions)} rows were judged: {summary.faults}")
    return summary.rows / spent


def _cpu_s(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
