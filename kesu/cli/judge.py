"""`kesu judge`: how well the judgement agrees with labelled rows."""

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from kesu.cli.exit_status import FOUND_SOMETHING
from kesu.cli.refusing import errors, refuse
from kesu.judge.english import english_rows
from kesu.judge.labelled import NoLabels, load_labelled
from kesu.judge.parts import Which
from kesu.judge.run import measure
from kesu.judge.screen import show
from kesu.judge.systems import Learn
from services.routing.policy.errors import PackError
from services.routing.policy.pack import Pack, load_pack

_HELP = """研判与标注相符多少：只在无人读过的行上，含自助法区间 | How well the judgement agrees with labelled rows: on rows nobody read, with bootstrap ranges.

写规则时用 --parts looked-at | While rules are written: --parts looked-at
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("judge", help=_HELP)(_judge)


def _judge(
    data: Annotated[
        Path,
        typer.Option("--data", envvar="KESU_REAL_DATA", help="放有文本与标注的文件夹 | the folder with texts and labels"),
    ],
    parts: Annotated[Which, typer.Option(help="哪些行 | which rows")] = "unread",
    pack: Annotated[
        Path | None, typer.Option("--pack", help="策略包的文件夹，或自带包的名字，默认电信包 | folder of a policy pack, or the name of a default one; telecom by default")
    ] = None,
    rules_only: Annotated[bool, typer.Option("--rules-only", help="不学习 | learn nothing")] = False,
    show_texts: Annotated[
        bool, typer.Option("--show-texts", help="在终端显示最差各行的原文（只限可读的行）| show the worst rows' texts on a terminal, of rows that may be read")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="标准输出只有 JSON | the report alone, as JSON")] = False,
) -> None:  # fmt: skip
    """Exit status 0: every figure is what it must be; 2: one is not; 1: it could not be measured."""
    out = Console()
    if show_texts and (parts != "looked-at" or as_json or not out.is_terminal):
        raise typer.BadParameter(
            "只在终端上、只对 looked-at 的行 | on a terminal, of looked-at rows only", param_hint="--show-texts"
        )
    try:
        labelled, rules = load_labelled(data), load_pack(pack)
        report = measure(
            labelled,
            which=parts,
            pack=rules,
            learn=None if rules_only else _learner(rules),
            english=english_rows(data, parts),
            tell=lambda line: errors.print(line, highlight=False),
        )
    except NoLabels as error:
        refuse("no_labels", zh=error.zh, en=error.en)
    except PackError as error:
        refuse("pack_invalid", zh=error.texts["zh"], en=error.texts["en"])
    if as_json:
        sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    else:
        show(report, out, labelled if show_texts else None)
    raise typer.Exit(0 if report.met else FOUND_SOMETHING)


def _learner(pack: Pack) -> Learn:
    if not all(map(find_spec, ("numpy", "scipy"))):
        zh, en = (
            "学习需要附加组件：pip install 'kesu[learn]'；或用 --rules-only",
            "learning needs an extra: pip install 'kesu[learn]'; or use --rules-only",
        )
        refuse("extra_missing", zh=zh, en=en)
    from kesu.judge.learning import learner  # noqa: PLC0415 -- there only with the extra

    return learner(pack)
