"""Everything that conditions ask of records at some instants, derived when first asked for."""

from dataclasses import dataclass, field, replace

from il2kg.derive.grounds import Amount, Entry, Ground, Stated
from il2kg.derive.instants import HoldState, Instants
from il2kg.derive.kleene import Truths
from il2kg.forms.compare import Compare, Quantity
from il2kg.forms.statement import Statement
from il2kg.guideline.conditions import AllOf, AnyOf, Condition, Leaf, Not, leaves


@dataclass(frozen=True)
class Values:
    """Derived values at some instants: what is asked twice is derived once."""

    at: Instants
    _stated: dict[Statement, Stated] = field(default_factory=dict, repr=False)
    _amounts: dict[Quantity, Amount] = field(default_factory=dict, repr=False)

    def stated(self, statement: Statement) -> Stated:
        """A statement, and what it rests on."""
        stated = self._stated.get(statement)
        if stated is None:
            stated = self._stated[statement] = statement.derive(self.at)
        return stated

    def amount(self, quantity: Quantity) -> Amount:
        """What is known of a quantity, in its unit, and what that rests on."""
        amount = self._amounts.get(quantity)
        if amount is None:
            amount = self._amounts[quantity] = quantity.derive(self.at)
        return amount

    def truths(self, condition: Condition) -> Truths:
        """Where a condition is true, and where it is false."""
        match condition:
            case AllOf(parts):
                return Truths.all_of(self.truths(part) for part in parts)
            case AnyOf(parts):
                return Truths.any_of(self.truths(part) for part in parts)
            case Not(part):
                return ~self.truths(part)
            case Compare(quantity):
                return condition.holds(self.amount(quantity).bounds)
            case Statement():
                return self.stated(condition).truths
            case _:
                raise TypeError(f"{condition!r} is no form of condition")

    def entries(self, condition: Condition, row: int) -> tuple[Entry, ...]:
        """All that a condition's truth in a row rests on."""
        grounds = (self._ground(leaf, row) for leaf in leaves(condition))
        return tuple(e for ground in grounds for e in (*ground.results, *ground.items, *ground.doubts))

    def _ground(self, leaf: Leaf, row: int) -> Ground:
        match leaf:
            case Compare(quantity):
                return self.amount(quantity).ground(row)
            case Statement():
                return self.stated(leaf).ground(row)
            case _:
                raise TypeError(f"{leaf!r} is no form of condition")

    def with_hold(self, criterion: str, hold: HoldState) -> "Values":
        """The values where a criterion's hold is another; what is not counted from holds is not derived again."""
        return self.where(replace(self.at, holds={**self.at.holds, criterion: hold}))

    def where(self, at: Instants) -> "Values":
        """The values where more is known of holds and of what has come back; what depends on neither is kept."""
        amounts = {quantity: amount for quantity, amount in self._amounts.items() if not quantity.counted_from_hold}
        stated = {statement: each for statement, each in self._stated.items() if statement.earlier is None}
        return Values(at, stated, amounts)
