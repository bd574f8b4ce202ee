"""`python -m kesu.contract`: writes docs/contract anew, and refuses to where that would break somebody."""

from pathlib import Path
from typing import Annotated

import typer

from kesu.contract.documents import CONTRACT, documents, refused, text_of


def write(
    unreleased: Annotated[
        bool, typer.Option(help="也写入不兼容的更改（契约尚未发布）/ write breaking changes too")
    ] = False,
    folder: Annotated[Path, typer.Option(help="写到哪里 / where to")] = CONTRACT,
) -> None:
    """重新生成契约文档；不兼容的更改会被拒绝。 / Write the contract's documents; breaking changes are refused."""
    new = documents()
    broken = [] if unreleased else refused(folder, new)
    if broken:
        typer.echo("契约不能这样改：/ the contract cannot change like this:", err=True)
        for one in broken:
            typer.echo(f"  {one}", err=True)
        typer.echo(
            "新字段须可省，新含义须用新版本。/ A new field is optional, a new meaning is a new version.", err=True
        )
        raise typer.Exit(1)
    for name, document in new.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text_of(document))
        typer.echo(f"docs/contract/{name}")


if __name__ == "__main__":
    typer.run(write)
