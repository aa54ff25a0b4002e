"""``il2:increasing``: the infusion rate of some one drug is higher than it was some hours ago."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from il2kg.derive.grounds import Amount
from il2kg.derive.infusions import infused, rate_rise
from il2kg.derive.instants import Instants
from il2kg.derive.timeline import span_of
from il2kg.forms.compare import Comparator, Compare, Quantity
from il2kg.forms.reader import SPAN, ConditionReader, Of, Syntax
from il2kg.guideline.conditions import Condition, Speaker
from il2kg.guideline.lengths import key_of, plain_time
from il2kg.guideline.ontology_graph import Node

_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class InfusionIncrease(Quantity):
    """The largest rise, over ``hours``, of the rate of some one drug, in the observable's unit."""

    observable: str
    hours: Decimal

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"increase-{self.observable}-{key_of(self.hours)}"

    @property
    def looks_back(self) -> Decimal:
        """The hours."""
        return self.hours

    def words(self, speaker: Speaker) -> str:
        """The rise, in which time."""
        return f"rise of {speaker.label(self.observable)} in {plain_time(self.hours)}"

    def compared(self, speaker: Speaker, comparator: Comparator, limit: Decimal) -> str:
        """A rise above nothing is a rate higher than before."""
        if limit == _NOTHING:
            return f"{speaker.label(self.observable)} higher than {plain_time(self.hours)} before"
        return Quantity.compared(self, speaker, comparator, limit)

    def not_compared(self, speaker: Speaker, limit: Decimal) -> str | None:
        """No rise above nothing is a rate no higher than before."""
        if limit == _NOTHING:
            return f"{speaker.label(self.observable)} not higher than {plain_time(self.hours)} before"
        return None

    def derive(self, at: Instants) -> Amount:
        """Of any one of the drugs."""
        span = span_of(self.hours)
        return Amount(rate_rise(at, self.observable, span), lambda row: infused(at, self.observable, span, row))


def _read(reader: ConditionReader, node: Node) -> Condition:
    rise = InfusionIncrease(reader.infusion(node, "increasing").id, reader.hours(node))
    return Compare(rise, Comparator.ABOVE, _NOTHING, reader.resume)


SYNTAX: Final = (Syntax("increasing", Of.OBSERVABLE, _read, SPAN),)
