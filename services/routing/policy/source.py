"""Where a pack comes from: its files and those of every pack it extends, read once, and the hash that names them all."""

from hashlib import blake2b
from pathlib import Path
from typing import Final

from msgspec import Struct

from services.routing.policy.errors import PackError
from services.routing.policy.yaml_files import parse_yaml

PACKS: Final = Path(__file__).parents[1] / "packs"
DEFAULT_PACK: Final = PACKS / "telecom_cn"
PACK_BYTES_MAX: Final = 8_000_000
LAYERS_MAX: Final = 5
LEARNED: Final = "learned/"
"""The folder of a pack that holds its learned layer: members as any table, but not YAML."""


class PackSource(Struct, frozen=True):
    """The files of a pack by their path within it, one dictionary per layer: what is extended first, the pack itself last."""

    layers: tuple[dict[str, bytes], ...]

    @property
    def content_hash(self) -> str:
        """Names the pack: the hash of every file of every layer."""
        digest = blake2b(digest_size=16, person=b"kesu-pack")
        for number, files in enumerate(self.layers):
            for name, body in sorted(files.items()):
                digest.update(f"{number}\0{name}\0{len(body)}\0".encode())
                digest.update(body)
        return digest.hexdigest()


def read_source(which: Path | str | None = None) -> PackSource:
    """The pack in folder `which`, or the default pack of that name (None: telecom), with all it extends.

    Raises PackError for a folder without a pack, a pack that extends itself, and one that is too large.
    """
    folders: list[Path] = []
    layers: list[dict[str, bytes]] = []
    following: Path | None = find_pack(which).resolve()
    while following:
        if following in folders or len(folders) == LAYERS_MAX:
            raise _wrong(following, zh="继承关系成环或层数过多", en="extends itself, or too many packs")
        folders.append(following)
        layers.append(_files(following))
        following = _extended(layers[-1], following)
    if sum(len(body) for files in layers for body in files.values()) > PACK_BYTES_MAX:
        raise _wrong(folders[0], zh="策略包过大", en=f"larger than {PACK_BYTES_MAX} bytes")
    return PackSource(tuple(reversed(layers)))


def find_pack(which: Path | str | None) -> Path:
    """The folder that `which` means: a folder, or the name of a default pack."""
    if which is None:
        return DEFAULT_PACK
    if Path(which).is_dir():
        return Path(which)
    if str(which) in default_packs():
        return PACKS / str(which)
    raise _wrong(Path(which), zh="没有这个文件夹或默认策略包", en="no such folder or default pack")


def default_packs() -> tuple[str, ...]:
    """The names of the packs that come with Kesu."""
    return tuple(sorted(file.parent.name for file in PACKS.glob("*/pack.yaml")))


def _files(folder: Path) -> dict[str, bytes]:
    """Every member of the pack by its path, in a fixed order."""
    found = [p for p in sorted(folder.rglob("*")) if p.is_file() and not p.name.startswith(".")]
    named = {p.relative_to(folder).as_posix(): p for p in found}
    files = {name: p.read_bytes() for name, p in named.items() if name.endswith(".yaml") or name.startswith(LEARNED)}
    if not any(name.endswith(".yaml") for name in files):
        raise _wrong(folder, zh="文件夹中没有策略包", en="no pack in this folder")
    return files


def _extended(files: dict[str, bytes], folder: Path) -> Path | None:
    """The folder of the pack that this one extends: a default pack by its name, or a folder as seen from this one."""
    settings = parse_yaml("pack", files.get("pack.yaml", b"{}"))
    base = settings.get("extends") if isinstance(settings, dict) else None
    if base is None:
        return None
    if isinstance(base, str) and base in default_packs():
        return PACKS / base
    if isinstance(base, str) and "/" in base and (folder / base / "pack.yaml").is_file():
        return (folder / base).resolve()
    raise PackError(
        table="pack", row="extends",
        zh=f"没有可继承的策略包 {base!r}（默认策略包：{'、'.join(default_packs())}；或以 ./ 或 ../ 开头的文件夹）",
        en=f"no pack {base!r} to extend (default packs: {', '.join(default_packs())}; or a folder that begins with ./ or ../)",
    )  # fmt: skip


def _wrong(folder: Path, *, zh: str, en: str) -> PackError:
    return PackError(table="pack", row=str(folder), zh=zh, en=en)
