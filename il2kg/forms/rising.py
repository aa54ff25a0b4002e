"""``il2:rising``: the latest value is higher than the one before it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from il2kg.derive.grounds import Amount, Ground
from il2kg.derive.instants import Instants
from il2kg.derive.measurements import latest, rivals, set_aside, stretch
from il2kg.derive.results import result_columns
from il2kg.derive.timeline import span_of
from il2kg.forms.compare import Comparator, Compare, Quantity
from il2kg.forms.reader import ConditionReader, Of, Syntax
from il2kg.guideline.conditions import Condition, Speaker
from il2kg.guideline.ontology_graph import Node

_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Rise(Quantity):
    """The latest value less the one before it, in the observable's unit."""

    observable: str

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"rise-{self.observable}"

    def words(self, speaker: Speaker) -> str:
        """The rise."""
        return f"rise of {speaker.label(self.observable)}"

    def compared(self, speaker: Speaker, comparator: Comparator, limit: Decimal) -> str:
        """A rise above nothing is one."""
        if limit == _NOTHING:
            return f"{speaker.label(self.observable)} rising"
        return Quantity.compared(self, speaker, comparator, limit)

    def derive(self, at: Instants) -> Amount:
        """From the latest value in its window and the one before it, which may be older than the window."""
        columns = result_columns(at.timeline, self.observable)
        reach = span_of(at.guideline.conventions.change_hours)
        now = latest(at, self.observable)
        before = columns.back(np.where(now.valid, now.keys, at.keys), reach, 1, closed=True)
        rises = now.bounds.minus(before.bounds).where(now.valid & before.valid)

        def ground(row: int) -> Ground:
            last = now.measurements(row)
            first = before.measurements(row) if last else []
            doubts = rivals(set_aside(at, row, self.observable, int(now.oldest[row]) - 1 - reach), first)
            return Ground((*first, *last), tuple(doubts), window=stretch(first, last), missing="fewer than two values")

        return Amount(rises.rounded(at.guideline.conventions.significant_digits), ground)


def _read(reader: ConditionReader, node: Node) -> Condition:
    rise = Rise(reader.measured(node, "rising").id)
    return Compare(rise, Comparator.ABOVE, _NOTHING, reader.resume)


SYNTAX: Final = (Syntax("rising", Of.OBSERVABLE, _read, conventions={"rising": "changeHours"}),)
