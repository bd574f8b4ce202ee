"""The folder of a pack with a learned layer: a new one that extends a pack, or the model of one that is there."""

import os
from pathlib import Path
from typing import Final

from kesu.learning.packs import rules_alone
from services.routing.policy.errors import PackError
from services.routing.policy.learned import MEMBER
from services.routing.policy.pack import Pack, build_pack, load_pack
from services.routing.policy.source import PackSource, default_packs, find_pack

_SETTINGS: Final = "pack.yaml"
_PACK: Final = """\
# 由 kesu learn 写成：规则取自所继承的策略包，learned/ 中是由本中心案例学到的判断 | Written by kesu learn: the rules are those of
# the pack it extends, learned/ holds what the centre's own cases taught. Own rows and words may be added.
extends: {base}
name: {name}
zh: {name}
en: {name}
"""


class OutTaken(Exception):
    """The folder to write to holds something else."""


def holds_pack(out: Path) -> bool:
    """Whether `out` is the folder of a pack, whose model alone is written anew."""
    return (out / _SETTINGS).is_file()


def check_out(out: Path) -> None:
    """Raises OutTaken where neither a pack nor nothing is in `out`."""
    if out.exists() and not holds_pack(out) and (not out.is_dir() or any(out.iterdir())):
        raise OutTaken(str(out))


def rules_of(out: Path, base: str | None) -> Pack:
    """The pack in `out` without its model, or where there is none the one to be written, which extends `base`.

    Raises PackError.
    """
    if holds_pack(out):
        return rules_alone(load_pack(out))
    own = {_SETTINGS: _PACK.format(base=_as_seen_from(out, base), name=_name(out)).encode()}
    return build_pack(PackSource((*rules_alone(load_pack(base)).source.layers, own)))


def write_folder(out: Path, rules: Pack, model: bytes) -> None:
    """Write the model into the folder of the pack `rules`, which is made where there is none."""
    if not holds_pack(out):
        out.mkdir(parents=True, exist_ok=True)
        (out / _SETTINGS).write_bytes(rules.source.layers[-1][_SETTINGS])
    member = out / MEMBER
    member.parent.mkdir(exist_ok=True)
    unfinished = member.with_name(f".{member.name}")  # no pack ever holds half a model
    unfinished.write_bytes(model)
    unfinished.replace(member)


def _name(out: Path) -> str:
    """A name for the pack by its folder, in the letters that names have."""
    plain = "".join(char if char.isascii() and (char.isalnum() or char == "_") else "_" for char in out.resolve().name)
    return plain.strip("_") or "learned"


def _as_seen_from(out: Path, base: str | None) -> str:
    """`base` as the new pack names it: a default pack by its name, a folder by the way there."""
    folder = find_pack(base)
    if folder.name in default_packs() and folder == find_pack(folder.name):
        return folder.name
    if folder.resolve() == out.resolve():
        raise PackError(table="pack", row="extends", zh="策略包不能继承自己", en="a pack cannot extend itself")
    return f"./{Path(os.path.relpath(folder.resolve(), out.resolve())).as_posix()}"
