"""Every query of the dashboards and of the alert rules, and the names of metrics and labels they ask for."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import yaml
from msgspec import Struct

HOME: Final = Path(__file__).parents[3] / "deploy" / "observability"
RULES: Final = HOME / "alerts" / "kesu.yml"
DASHBOARDS: Final = tuple(sorted((HOME / "grafana" / "dashboards").glob("*.json")))
_WORDS: Final = frozenset({"by", "without", "on", "ignoring", "group_left", "group_right", "and", "or", "unless", "offset", "bool"})  # fmt: skip
_GROUPING: Final = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)")
_MATCHERS: Final = re.compile(r"\{([^}]*)\}")
_RANGE: Final = re.compile(r"\[[^\]]*\]|\boffset\s+\w+")
_TEXT: Final = re.compile(r'"[^"]*"')
_NAME: Final = re.compile(r"(?<![\w.])[a-zA-Z_:][\w:]*(?!\w)(?!\s*\()")


class Query(Struct, frozen=True):
    """An expression, and where it stands."""

    where: str
    expr: str

    @property
    def metrics(self) -> frozenset[str]:
        """Names of the series it selects."""
        bare = _GROUPING.sub("", _RANGE.sub("", _MATCHERS.sub("", _TEXT.sub("", self.expr))))
        return frozenset(_NAME.findall(bare)) - _WORDS

    @property
    def labels(self) -> frozenset[str]:
        """Names of the labels it selects, groups or joins by."""
        grouped = [name for group in _GROUPING.findall(self.expr) for name in re.split(r"[,\s]+", group) if name]
        matched = [
            re.match(r"\w+", matcher.strip())
            for matchers in _MATCHERS.findall(_TEXT.sub("", self.expr))
            for matcher in matchers.split(",")
        ]
        return frozenset(grouped) | {found.group() for found in matched if found}


def of_dashboards() -> Iterator[Query]:
    """With Grafana's interval filled in as it would be."""
    for file in DASHBOARDS:
        for panel in json.loads(file.read_text())["panels"]:
            for target in panel["targets"]:
                expr = target["expr"].replace("$__rate_interval", "1m")
                yield Query(f"{file.stem}: {panel['title']}", expr)


def of_alerts() -> Iterator[Query]:
    """Of all rules."""
    for group in yaml.safe_load(RULES.read_text())["groups"]:
        for rule in group["rules"]:
            yield Query(rule["alert"], rule["expr"])
