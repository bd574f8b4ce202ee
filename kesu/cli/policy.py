"""`kesu policy`: check a pack, look into it, write the schemas for editors, and bring it into force."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from kesu.cli.exit_status import FOUND_SOMETHING
from kesu.cli.policy_compare import compare
from kesu.cli.said_clearly import said_clearly
from kesu.cli.where import BOOTSTRAP, CLOCK_FILE, located
from kesu.policies.activating import activate, submission_of
from kesu.policies.schema_files import schema_files
from services.routing.examining.examine import examine_folder
from services.routing.examining.findings import Finding, Report
from services.routing.policy.errors import PackError
from services.routing.policy.pack import Pack, load_pack
from services.routing.policy.rows import Tables
from shared.clock import open_clock
from shared.errors import Stopped
from shared.events.routing import PackActivated, PackRefused

_MARK: Final = {"error": ("✗", "bold red"), "warning": ("!", "yellow"), "note": ("·", "dim")}

Folder = Annotated[
    str, typer.Argument(metavar="DIR|NAME", help="策略包文件夹，或默认策略包的名字 | a pack's folder, or a default pack's name")
]  # fmt: skip
AsJson = Annotated[bool, typer.Option("--json", help="只输出 JSON | JSON on standard output")]
Notes = Annotated[
    bool, typer.Option("--notes", help="也列出仅由先后决定的行 | also list rows between which order decides")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True)
    group.command("check", help="检查策略包 | Check a pack: words, rows, texts, times, and its own examples")(_check)
    group.command("show", help="查看策略包的表 | Show the tables of a pack, inheritance applied")(_show)
    group.command("activate", help="检查并启用策略包 | Check a pack and bring it into force, without a restart")(
        _activate
    )
    group.command("schema", help="写出编辑器用的 JSON Schema | Write the JSON Schemas that editors check tables with")(
        _schema
    )
    group.command("compare", help="同一批投诉用两个包研判，看哪些会变 | Judge a file by two packs: what would change")(
        compare
    )
    app.add_typer(group, name="policy", help="策略包：检查、查看、启用 | Policy packs: check, show, activate")


def _check(folder: Folder = "telecom_cn", notes: Notes = False, as_json: AsJson = False) -> None:
    """Exit status 0: the pack may come into force (there may be warnings); 2: it may not."""
    report = examine_folder(folder)
    if as_json:
        sys.stdout.buffer.write(msgspec.json.encode(report) + b"\n")
    else:
        say_findings(report, notes=notes)
    raise typer.Exit(0 if report.holds else FOUND_SOMETHING)


def say_findings(report: Report, *, notes: bool = False) -> None:
    """The findings of a check, worst first, for people."""
    console = Console()
    for one in report.findings:
        if notes or one.gravity != "note":
            console.print(_line(one))
    count = report.count()
    console.print(
        Text(
            f"{'✓' if report.holds else '✗'} {report.name} {report.content_hash}\n"
            f"  {count['error']} 处错误、{count['warning']} 处警告、{count['note']} 处以先后为准，{report.examples} 个例子 | "
            f"{count['error']} errors, {count['warning']} warnings, {count['note']} rows where order decides, {report.examples} examples",
            style="bold" if report.holds else "bold red",
        )
    )


def _line(one: Finding) -> Text:
    mark, style = _MARK[one.gravity]
    return Text.assemble(
        (f"{mark} {one.code} ", style), (f"{one.table} / {one.row}", "bold"), f"\n    {one.zh}\n    {one.en}"
    )


def _activate(
    folder: Annotated[str, typer.Argument(metavar="DIR|NAME", help="策略包文件夹或名字 | a pack's folder or name")],
    tenant: Annotated[str, typer.Option(help="只对此委托方生效 | for this tenant alone")] = "default",
    actor: Annotated[str, typer.Option(help="由谁启用（化名）| by whom, a pseudonymous id")] = "policy_owner",
    wait_s: Annotated[float, typer.Option("--wait", help="等待答复的秒数 | seconds to wait for the answer")] = 60.0,
    kafka_bootstrap: BOOTSTRAP = "",
    clock_file: CLOCK_FILE = None,
    as_json: AsJson = False,
) -> None:
    """Exit status 0: the pack is in force; 2: it does not hold, and the one in force stays."""
    report = examine_folder(folder)
    if not report.holds:
        if as_json:
            sys.stdout.buffer.write(msgspec.json.encode(report) + b"\n")
        else:
            say_findings(report)
        raise typer.Exit(FOUND_SOMETHING)
    with said_clearly():
        at = located("", kafka_bootstrap, clock_file)
        clock = open_clock(at.clock_file)
        submission = submission_of(loaded(folder), tenant=tenant, actor=actor, clock=clock)
        answer = asyncio.run(activate(submission, at.brokers, clock=clock, timeout_s=wait_s))
    if as_json:
        sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
    else:
        _say_answer(answer)
    raise typer.Exit(0 if isinstance(answer, PackActivated) else FOUND_SOMETHING)


def _say_answer(answer: PackActivated | PackRefused) -> None:
    console = Console()
    if isinstance(answer, PackActivated):
        whom = "" if answer.tenant == "default" else f" ({answer.tenant})"
        console.print(
            Text(
                f"✓ {answer.name} {answer.content_hash}{whom}\n  已启用：新投诉按它决定，已决定的投诉不变 | "
                "in force: new complaints are decided with it, those decided before keep theirs"
            )
        )
        return
    for one in answer.findings:
        finding = Finding(gravity="error", code=one.code, table=one.table, row=one.row, zh=one.zh, en=one.en)
        console.print(_line(finding))
    console.print(Text(f"✗ {answer.name} 未启用，现行策略包不变 | refused: the pack in force stays", style="bold red"))


def _show(
    folder: Folder = "telecom_cn",
    table: Annotated[str, typer.Option(help="只看此表 | only this table")] = "",
    as_json: AsJson = False,
) -> None:
    with said_clearly():
        pack = loaded(folder)
        names = (table,) if table else Tables.__struct_fields__
        if table and table not in Tables.__struct_fields__:
            known = ", ".join(Tables.__struct_fields__)
            raise Stopped(
                "no_such_table", zh=f"没有表 {table}；有：{known}", en=f"no table {table}; there are: {known}"
            )
    if as_json:
        rows = {name: [rule.row for rule in getattr(pack.tables, name).rules] for name in names}
        shown = {"name": pack.name, "content_hash": pack.content_hash, "tables": rows}
        sys.stdout.buffer.write(msgspec.json.encode(shown) + b"\n")
        return
    console = Console()
    console.print(Text(f"{pack.settings.zh} | {pack.settings.en}  {pack.content_hash}", style="bold"))
    for name in names:
        console.print(_table(pack, name))


def _schema(
    out: Annotated[Path, typer.Option(help="写到哪里 | where to")] = Path("docs/policy-packs/schemas"),
) -> None:
    for name, text in schema_files().items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        sys.stdout.write(f"{path}\n")


def loaded(folder: str) -> Pack:
    """The pack; raises Stopped with the reason why there is none."""
    try:
        return load_pack(folder)
    except PackError as problem:
        raise Stopped("pack_not_usable", zh=problem.texts["zh"], en=problem.texts["en"]) from problem


def _table(pack: Pack, name: str) -> Table:
    shown = Table(title=name, title_justify="left")
    for column in ("行 | row", "条件 | when", "标签 | of", "理由", "reason"):
        shown.add_column(column, overflow="fold")
    for rule in getattr(pack.tables, name).rules:
        row = rule.row
        of = "; ".join(f"{label}: {', '.join(values)}" for label, values in row.of.items())
        shown.add_row(*map(Text, (row.id, row.when or ("otherwise" if row.otherwise else ""), of, row.zh, row.en)))
    return shown
