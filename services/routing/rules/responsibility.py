"""Responsibility: who has to solve it, and which unit or desk that is (domain 3.7)."""

from services.routing.model import Case
from services.routing.policy.pack import Pack
from services.routing.rules.judging import Judging
from shared.events.routing import Responsibility


def find_responsibility(judging: Judging, pack: Pack) -> Responsibility:
    """What is it, is it ours, can the front line solve it, can a unit; else not solvable: the first row that holds."""
    return judging.first(pack.tables.responsibility).responsibility


def find_unit(case: Case, judging: Judging, pack: Pack) -> str:
    """The unit or desk; `unit.region` where it has regional branches and the pack knows the region."""
    row = judging.first(pack.tables.unit)
    if not row.by_region:
        return row.unit
    area = (case.region or case.key_facts.region).partition("/")[0]  # "浙江/杭州/滨江区": the province has the branch
    region = pack.regions.get(area.strip().lower(), "")
    return f"{row.unit}.{region}" if region else row.unit
