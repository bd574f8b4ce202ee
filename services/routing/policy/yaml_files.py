"""YAML as packs write it: plain, shallow, every key once. What is in a pack may come from outside, so its shape is checked first."""

from collections.abc import Hashable
from typing import Any, Final

import yaml

from services.routing.policy.errors import PackError

DEPTH_MAX: Final = 20  # a pack's files have six levels; libyaml's composer overflows the stack at some ten thousand
_Plain: Final[type[Any]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster in C; wheels have it


class _Strict(_Plain):  # type: ignore[misc]
    """A key that stands twice would silently lose what it said the first time."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, Hashable):  # of others the base class says that they are no keys
                if key in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"{key!r} stands here twice", key_node.start_mark
                    )
                seen.add(key)
        found: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return found


_Strict.add_constructor(
    yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, lambda loader, node: loader.construct_mapping(node, deep=True)
)


def parse_yaml(name: str, body: bytes) -> object:
    """What the YAML file `name` holds; raises PackError naming it."""
    try:
        _check_shape(name, body)
        return yaml.load(body, Loader=_Strict)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise PackError(
            table=name, row="-", zh=f"不是有效的 YAML：{error}", en=f"is not valid YAML: {error}"
        ) from error


def _check_shape(name: str, body: bytes) -> None:
    """Raise PackError for what could exhaust a reader: deep nesting, and anchors (whose aliases multiply what they name)."""
    depth = 0
    for event in yaml.parse(body, Loader=_Plain):
        if getattr(event, "anchor", None) is not None:
            raise PackError(table=name, row="-", zh="不能使用 & 与 * 引用", en="anchors and aliases are not taken")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEPTH_MAX:
                raise PackError(table=name, row="-", zh="嵌套过深", en="is nested too deeply")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
