"""``il2:gainOf``: the rise of the latest value over the baseline, in percent of the baseline."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from il2kg.derive.bounds import Bounds
from il2kg.derive.grounds import Amount
from il2kg.derive.instants import Instants
from il2kg.derive.measurements import baseline, change_since_baseline, latest
from il2kg.derive.timeline import Numbers
from il2kg.forms.compare import Quantity, compared
from il2kg.forms.reader import COMPARED, ConditionReader, Of, Syntax
from il2kg.guideline.conditions import Condition, Speaker
from il2kg.guideline.ontology_graph import Node

_UNIT: Final = "%"


@dataclass(frozen=True, slots=True)
class Gain(Quantity):
    """The rise of the latest value over the baseline, in percent of the baseline."""

    observable: str

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"gain-{self.observable}"

    def words(self, speaker: Speaker) -> str:
        """The gain over the baseline."""
        return f"gain of {speaker.label(self.observable)} over {speaker.baseline()}"

    def unit(self, speaker: Speaker) -> str:
        """Percent."""
        return _UNIT

    def derive(self, at: Instants) -> Amount:
        """Unknown where the baseline may not be above 0."""
        first, last = baseline(at, self.observable), latest(at, self.observable)
        before, now = first.bounds.where(at.baseline_before()[0]), last.bounds
        bounds = Bounds(
            _percent(now.lowest_at_least, before.highest_at_most, -np.inf),
            _percent(now.lowest_at_most, before.highest_at_least, np.inf),
            _percent(now.highest_at_least, before.lowest_at_most, -np.inf),
            _percent(now.highest_at_most, before.lowest_at_least, np.inf),
        ).rounded(at.guideline.conventions.significant_digits)
        return Amount(bounds, lambda row: change_since_baseline(at, self.observable, first, last, row))


def _percent(value: Numbers, base: Numbers, otherwise: float) -> Numbers:
    usable = np.isfinite(value) & np.isfinite(base) & (base > 0)
    divisor = np.where(usable, base, 1.0)
    return np.where(usable, 100 * (np.where(usable, value, 0.0) - divisor) / divisor, otherwise)


def _read(reader: ConditionReader, node: Node) -> Condition:
    observable = reader.measured(node, "gainOf")
    return compared(reader, node, Gain(observable.id), _UNIT, reader.baseline())


SYNTAX: Final = (Syntax("gainOf", Of.OBSERVABLE, _read, COMPARED, conventions={"gainOf": "baselineDays"}),)
