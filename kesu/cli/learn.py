"""`kesu learn`: a pack with a layer learned from the centre's own labelled cases."""

import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from kesu.assessing.cases import Cases
from kesu.cli.assess import Encoding
from kesu.cli.refusing import errors, refuse
from kesu.importing.errors import CannotImport
from kesu.learning.examples import CannotLearn
from kesu.learning.folder import OutTaken
from kesu.learning.reading import Found, LabelledFile, reason
from services.intake.key_table import key_table
from services.routing.policy.errors import PackError
from shared.clock import SystemClock
from shared.events.intake import Channel

if TYPE_CHECKING:
    from kesu.learning.learning import Learned

_EXTRA: Final = ("numpy", "scipy")
_HELP = """由本中心已标注的案例学习，写出一个继承默认策略包的策略包 | Learn from the centre's own labelled cases, and write a pack that extends a default one.

每行同 kesu assess（id、text、channel…），另有标注 is_complaint、cause、also、abuse、repeat、severity、emotion，缺哪个都行 | Rows as for kesu assess (id, text, channel …) with labels is_complaint, cause, also, abuse, repeat, severity, emotion; any may be missing.

服务运行时不需要附加组件，学习时需要：pip install 'kesu[learn]' | Learning needs the extra kesu[learn]; services never do.
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("learn", help=_HELP)(_learn)


def _learn(
    file: Annotated[str, typer.Argument(help="NDJSON 或 CSV，- 为标准输入 | NDJSON or CSV, - for standard input", show_default=False)],
    out: Annotated[Path, typer.Option("--out", help="写到哪个文件夹；已是策略包则只换其模型 | the folder to write; of a pack that is there only the model changes", show_default=False)],
    pack: Annotated[str | None, typer.Option("--pack", help="继承哪个策略包（名称或文件夹），默认电信包 | the pack to extend, by name or folder; telecom by default")] = None,
    channel: Annotated[Channel | None, typer.Option(help="未写渠道的行属于哪个渠道 | the channel of rows that name none")] = None,
    encoding: Annotated[Encoding, typer.Option(help="文件的编码 | the file's encoding")] = "utf-8",
    as_json: Annotated[bool, typer.Option("--json", help="标准输出只有 JSON | figures alone, as JSON")] = False,
) -> None:  # fmt: skip
    """Exit status 0: the pack is written; 1: it is not, and why is said."""
    if not all(map(find_spec, _EXTRA)):
        refuse(
            "extra_missing",
            zh="学习需要附加组件：pip install 'kesu[learn]'",
            en="learning needs an extra: pip install 'kesu[learn]'",
        )
    from kesu.learning.learning import learn  # noqa: PLC0415 -- there only with the extra

    try:
        found = _read(file, channel, encoding)
        errors.print(f"学习中 | learning: {len(found.examples):,}", highlight=False)
        learned = learn(found.examples, out, base=pack)
    except (CannotImport, CannotLearn) as error:
        refuse(error.code, zh=error.zh, en=error.en)
    except OutTaken:
        refuse("out_taken", zh=f"{out} 中有别的内容", en=f"{out} holds something else")
    except PackError as error:
        refuse("pack_invalid", zh=error.texts["zh"], en=error.texts["en"])
    if as_json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(learned)) + b"\n")
    else:
        _show(learned)


def _read(file: str, channel: Channel | None, encoding: Encoding) -> Found:
    opened = LabelledFile(file, encoding=encoding)
    try:
        cases = Cases(table=key_table(), now=SystemClock().now(), notes=Counter(), channel=channel)
        found = opened.find(cases)
    finally:
        opened.source.close()
    for code, count in sorted(found.left_out.items()):
        zh, en = reason(code)
        errors.print(f"  ✗ {count:,}  {code}  {zh} | {en}", highlight=False)
    return found


def _show(learned: "Learned") -> None:
    table = Table(title="交叉验证：每行由未见过它的学习层研判 | by cross-validation", title_justify="left")
    for heading in ("", "行 rows", "仅规则 rules", "加学习层 with layer"):
        table.add_column(heading, justify="right" if heading else "left")
    for figure in learned.figures:
        table.add_row(f"{figure.zh} {figure.en}", f"{figure.rows:,}", f"{figure.rules:.3f}", f"{figure.layer:.3f}")
    out = Console()
    out.print(table)
    out.print(f"{learned.out}  {learned.pack}  ({learned.model_bytes:,} B)", highlight=False, soft_wrap=True)
    out.print(f"kesu policy check {learned.out}", highlight=False, soft_wrap=True)
