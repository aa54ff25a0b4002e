"""``il2:decreasing``: the infusion rate of some one drug is lower than some hours ago, and that of none is higher."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Self

from il2kg.derive.grounds import Amount
from il2kg.derive.infusions import infused, rate_fall
from il2kg.derive.instants import Instants
from il2kg.derive.timeline import span_of
from il2kg.forms.compare import Comparator, Compare, Quantity
from il2kg.forms.increasing import InfusionIncrease
from il2kg.forms.reader import SPAN, ConditionReader, Of, Syntax
from il2kg.guideline.conditions import AllOf, Condition, Not, Speaker
from il2kg.guideline.lengths import key_of, plain_time
from il2kg.guideline.ontology_graph import Node

_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class InfusionDecrease(Quantity):
    """The largest fall, over ``hours``, of the rate of some one drug, in the observable's unit."""

    observable: str
    hours: Decimal

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"decrease-{self.observable}-{key_of(self.hours)}"

    @property
    def looks_back(self) -> Decimal:
        """The hours."""
        return self.hours

    def words(self, speaker: Speaker) -> str:
        """The fall, in which time."""
        return f"fall of {speaker.label(self.observable)} in {plain_time(self.hours)}"

    def compared(self, speaker: Speaker, comparator: Comparator, limit: Decimal) -> str:
        """A fall above nothing is a rate lower than before."""
        if limit == _NOTHING:
            return f"{speaker.label(self.observable)} lower than {plain_time(self.hours)} before"
        return Quantity.compared(self, speaker, comparator, limit)

    def derive(self, at: Instants) -> Amount:
        """Of any one of the drugs."""
        span = span_of(self.hours)
        return Amount(rate_fall(at, self.observable, span), lambda row: infused(at, self.observable, span, row))


@dataclass(frozen=True, slots=True)
class Decreasing(AllOf):
    """The rate of some drug falls, that of none rises: one thing in words."""

    @classmethod
    def of(cls, observable: str, hours: Decimal, *, every: bool) -> Self:
        """A fall, and no rise, of the rates of an observable over some hours."""
        falls = Compare(InfusionDecrease(observable, hours), Comparator.ABOVE, _NOTHING, every)
        rises = Compare(InfusionIncrease(observable, hours), Comparator.ABOVE, _NOTHING, every)
        return cls((falls, Not(rises)))

    def words(self, speaker: Speaker, *, nested: bool = False) -> str:
        """Lower of some, higher of none."""
        falls = self.parts[0]
        assert isinstance(falls, Compare)
        assert isinstance(falls.quantity, InfusionDecrease)
        label, hours = speaker.label(falls.quantity.observable), plain_time(falls.quantity.hours)
        return f"{label} of some drug lower, of none higher, than {hours} before"


def _read(reader: ConditionReader, node: Node) -> Condition:
    return Decreasing.of(reader.infusion(node, "decreasing").id, reader.hours(node), every=reader.resume)


SYNTAX: Final = (Syntax("decreasing", Of.OBSERVABLE, _read, SPAN),)
