"""``il2:fallSinceHoldOf``: the fall from the highest value since the hold began to the latest."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from il2kg.derive.bounds import Bounds
from il2kg.derive.grounds import Amount, Ground
from il2kg.derive.instants import Instants
from il2kg.derive.measurements import latest, set_aside, window_of
from il2kg.derive.results import result_columns
from il2kg.derive.timeline import Numbers
from il2kg.forms.compare import Quantity, compared
from il2kg.forms.reader import COMPARED, ConditionReader, Of, Syntax
from il2kg.guideline.conditions import Condition, Speaker
from il2kg.guideline.ontology_graph import Node


@dataclass(frozen=True, slots=True)
class FallSinceHold(Quantity):
    """The highest value since a criterion's hold began less the latest, in the observable's unit."""

    observable: str
    criterion: str

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"fall-{self.observable}-since-{self.criterion}"

    @property
    def counted_from_hold(self) -> bool:
        """It is."""
        return True

    def words(self, speaker: Speaker) -> str:
        """The fall since the hold."""
        return f"fall of {speaker.label(self.observable)} since the hold began"

    def derive(self, at: Instants) -> Amount:
        """The value that was in force when the hold began is the first of those since then."""
        columns = result_columns(at.timeline, self.observable)
        now, hold = latest(at, self.observable), at.holds.get(self.criterion)
        if hold is None or not len(columns.keys):
            return Amount(Bounds.unknown(len(at)), lambda row: Ground(missing="no hold is on"))
        began = np.where(hold.held, hold.began, at.keys)
        window = window_of(at, self.observable)
        at_start = columns.latest(began, window)
        start = np.where(at_start.valid, at_start.index, at_start.index + 1)
        valid = now.valid & hold.held & (start <= now.index)
        # A value whose time is uncertain may be the highest since then.
        first = columns.keys[np.minimum(np.maximum(start, 0), len(columns.keys) - 1)]
        valid &= columns.adrift.reached(at.keys) < first

        def highest(values: Numbers) -> Numbers:
            padded = np.append(values, -np.inf)
            edges = np.stack((np.where(valid, start, 0), np.where(valid, now.index, 0) + 1), axis=1).ravel()
            return np.maximum.reduceat(padded, edges)[::2]

        peak = Bounds.between(highest(columns.bounds.highest_at_least), highest(columns.bounds.highest_at_most))
        fall = peak.where(valid).minus(now.bounds).where(valid)

        def ground(row: int) -> Ground:
            if not hold.held[row]:
                return Ground(missing="no hold is on")
            last = int(np.searchsorted(columns.keys, at.key(row), side="right"))
            items = tuple(m for group in range(int(start[row]), last) for m in columns.group(group))
            since = min(int(began[row]), at.key(row) - window)
            return Ground(
                items=items,
                doubts=tuple(set_aside(at, row, self.observable, since)),
                window=(at.time(row, int(began[row])), at.time(row)),
                missing="not measured since the hold began",
            )

        return Amount(fall.rounded(at.guideline.conventions.significant_digits), ground)


def _read(reader: ConditionReader, node: Node) -> Condition:
    if not reader.resume:
        raise reader.error("il2:fallSinceHoldOf may stand only in il2:resume")
    observable = reader.measured(node, "fallSinceHoldOf")
    return compared(reader, node, FallSinceHold(observable.id, reader.criterion), observable.unit)


SYNTAX: Final = (Syntax("fallSinceHoldOf", Of.OBSERVABLE, _read, COMPARED),)
