"""One walk through a pack's tables: the facts of a case, labels so far, and the trail of rules fired."""

from typing import TypeVar

from services.routing.policy.conditions import Said, Values
from services.routing.policy.tables import Row, Rule, Table
from shared.events.routing import RuleFired

R = TypeVar("R", bound=Row)


class Judging:
    """The state of one decision. `labels` are what rows may require under `of`: each decision adds its own."""

    def __init__(self, values: Values, said: Said, labels: dict[str, str]) -> None:
        self.labels = labels
        self.trail: list[RuleFired] = []
        self._values = values
        self._said = said

    def first(self, table: Table[R]) -> R:
        """The first row of `table` that holds: it decides, the others that hold are on the trail as lost."""
        won, *lost = self._holding(table)
        self.trail.append(won.won)
        self.trail.extend(rule.lost for rule in lost if not rule.row.otherwise)
        return won.row

    def every(self, table: Table[R]) -> list[R]:
        """All rows of `table` that hold; each of them counts."""
        holding = self._holding(table)
        self.trail.extend(rule.won for rule in holding)
        return [rule.row for rule in holding]

    def candidates(self, table: Table[R]) -> list[Rule[R]]:
        """All rules of `table` that hold, for a decision that chooses among them itself and calls `choose`."""
        return self._holding(table)

    def choose(self, won: Rule[R], candidates: list[Rule[R]]) -> None:
        """Put the choice on the trail: `won` decided, the others lost."""
        self.trail.append(won.won)
        self.trail.extend(rule.lost for rule in candidates if rule is not won and not rule.row.otherwise)

    def _holding(self, table: Table[R]) -> list[Rule[R]]:
        values, said = self._values, self._said
        return [
            rule
            for rule in table.fitting(self.labels)
            if (condition := rule.condition) is None or condition.holds(values, said)
        ]
