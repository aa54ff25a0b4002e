"""``il2:dropOf``, ``il2:atOrBelowBaseline``: the fall of the latest value below the baseline."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from il2kg.derive.grounds import Amount
from il2kg.derive.instants import Instants
from il2kg.derive.measurements import baseline, change_since_baseline, latest
from il2kg.forms.compare import Comparator, Compare, Quantity, compared
from il2kg.forms.next_event import SeriesFact
from il2kg.forms.reader import COMPARED, ConditionReader, Of, Syntax
from il2kg.guideline.conditions import AllOf, Condition, Speaker
from il2kg.guideline.ontology_graph import Node

_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Drop(Quantity):
    """The fall of the latest value below the baseline, in the observable's unit."""

    observable: str

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"drop-{self.observable}"

    def words(self, speaker: Speaker) -> str:
        """The fall from the baseline."""
        return f"fall of {speaker.label(self.observable)} from {speaker.baseline()}"

    def compared(self, speaker: Speaker, comparator: Comparator, limit: Decimal) -> str:
        """A fall of nothing or more is a value at or below the baseline."""
        if limit == _NOTHING:
            return f"{speaker.label(self.observable)} at or below {speaker.baseline()}"
        return Quantity.compared(self, speaker, comparator, limit)

    def derive(self, at: Instants) -> Amount:
        """The baseline less the latest value."""
        first, last = baseline(at, self.observable), latest(at, self.observable)
        fall = first.bounds.where(at.baseline_before()[0]).minus(last.bounds)
        return Amount(
            fall.rounded(at.guideline.conventions.significant_digits),
            lambda row: change_since_baseline(at, self.observable, first, last, row),
        )


def _read(reader: ConditionReader, node: Node) -> Condition:
    observable = reader.measured(node, "dropOf")
    return compared(reader, node, Drop(observable.id), observable.unit, reader.baseline())


def _read_at_or_below(reader: ConditionReader, node: Node) -> Condition:
    drop = Drop(reader.measured(node, "atOrBelowBaseline").id)
    needed = SeriesFact(reader.baseline(), needed=True)
    return AllOf((needed, Compare(drop, Comparator.AT_LEAST, _NOTHING, reader.resume)))


SYNTAX: Final = (
    Syntax("dropOf", Of.OBSERVABLE, _read, COMPARED, conventions={"dropOf": "baselineDays"}),
    Syntax("atOrBelowBaseline", Of.OBSERVABLE, _read_at_or_below, conventions={"atOrBelowBaseline": "baselineDays"}),
)
