"""What no policy pack may change: limits that hold whatever the tables say (domain 3.5, 3.8, 3.9)."""

from collections.abc import Mapping
from typing import Final

from shared.events.envelope import Language
from shared.events.routing import RuleFired

CROSS_LEVEL_ABOVE_L1: Final = RuleFired("guard", "guard_cross_level_above_l1")
SENIOR_NEEDED: Final = RuleFired("guard", "guard_senior_needed")
NO_COLD_HANDLING: Final = RuleFired("guard", "guard_no_cold_handling")

GUARD_TEXTS: Final[Mapping[str, Mapping[Language, str]]] = {
    CROSS_LEVEL_ABOVE_L1.rule: {
        "zh": "越级投诉不得由一线处理",
        "en": "A cross-level complaint is never handled at the front line",
    },
    SENIOR_NEEDED.rule: {
        "zh": "重大投诉和已越级投诉须由资深人员处理",
        "en": "A major complaint or an actual cross-level one needs a senior handler",
    },
    NO_COLD_HANDLING.rule: {
        "zh": "涉及人身危险、基本通信中断或弱势客户时不得冷处理",
        "en": "No cooling window with danger, an outage of an essential service or a vulnerable customer",
    },
}
