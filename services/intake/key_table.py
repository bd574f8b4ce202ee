"""Loads the key-information table that intake ships."""

from functools import cache
from importlib.resources import files

import msgspec
import yaml

from services.intake.rules.key_information import KeyTable, unknown_names
from shared.errors import Stopped


@cache
def key_table() -> KeyTable:
    """The table in rules/key_information.yaml; raises Stopped where it names facts that do not exist."""
    text = files("services.intake.rules").joinpath("key_information.yaml").read_text(encoding="utf-8")
    table = msgspec.convert(yaml.safe_load(text), KeyTable)
    wrong = unknown_names(table)
    if wrong:
        names = ", ".join(wrong)
        raise Stopped(
            "key_table_invalid", zh=f"必要信息表中有未知名称：{names}", en=f"unknown names in the table: {names}"
        )
    return table
