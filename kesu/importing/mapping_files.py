"""Finds mappings: those that come with Kesu, by name, and a user's own, by path."""

from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Final

import msgspec
import yaml
from msgspec import Struct

from kesu.importing.errors import CannotImport
from kesu.importing.mapping import Mapping
from kesu.importing.mapping_checks import check, check_written

MAPPING_BYTES_MAX: Final = 200_000


class Loaded(Struct, frozen=True):
    """A mapping with its name and the hash of its bytes."""

    name: str
    mapping: Mapping
    content_hash: str


def shipped() -> list[str]:
    """The names of the mappings that come with Kesu."""
    found = files("kesu.importing.mappings").iterdir()
    return sorted(one.name.removesuffix(".yaml") for one in found if one.name.endswith(".yaml"))


def load_mapping(name_or_path: str) -> Loaded:
    """The mapping of that name, or in that file; raises CannotImport where it is not there or makes no sense."""
    written = _bytes_of(name_or_path)
    try:
        tree = yaml.load(written, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        check_written(tree)
        mapping = msgspec.convert(tree, Mapping)
    except (yaml.YAMLError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        raise CannotImport(
            "mapping_unreadable", zh=f"映射文件读不懂：{error}", en=f"the mapping cannot be read: {error}"
        ) from None
    check(mapping)
    return Loaded(Path(name_or_path).stem, mapping, blake2b(written, digest_size=16).hexdigest())


def _bytes_of(name_or_path: str) -> bytes:
    path = Path(name_or_path)
    if path.is_file():
        if path.stat().st_size > MAPPING_BYTES_MAX:
            raise CannotImport(
                "mapping_too_large",
                zh=f"映射文件超过 {MAPPING_BYTES_MAX} 字节",
                en=f"the mapping is larger than {MAPPING_BYTES_MAX} bytes",
            )
        return path.read_bytes()
    if name_or_path in shipped():
        return (files("kesu.importing.mappings") / f"{name_or_path}.yaml").read_bytes()
    names = ", ".join(shipped())
    raise CannotImport(
        "mapping_not_found",
        zh=f"没有映射 {name_or_path}：既不是文件，也不在自带的映射里（{names}）",
        en=f"no mapping {name_or_path}: neither a file nor one that comes with Kesu ({names})",
    )
