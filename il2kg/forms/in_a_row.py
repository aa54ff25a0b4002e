"""``il2:timesInARow``: each of the latest results satisfies a comparison. It is written beside ``il2:observable``."""

from dataclasses import dataclass

import numpy as np

from il2kg.derive.bounds import Bounds
from il2kg.derive.grounds import Amount, Ground
from il2kg.derive.instants import Instants
from il2kg.derive.measurements import length, rivals, set_aside, silent_value
from il2kg.derive.results import result_columns
from il2kg.derive.timeline import span_of
from il2kg.forms.compare import Quantity
from il2kg.guideline.conditions import Speaker


@dataclass(frozen=True, slots=True)
class InARow(Quantity):
    """The value, of the latest ``times`` results, that is hardest to satisfy: the ``lowest``, or else the highest.

    Results at one instant are one, satisfied if any is. ``silence`` as in `Latest`.
    """

    observable: str
    times: int
    lowest: bool
    silence: bool = True

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        key = f"{'lowest' if self.lowest else 'highest'}-of-{self.times}-{self.observable}"
        return key if self.silence else f"{key}-measured"

    @property
    def limits_under(self) -> str:
        """The observable: each result is compared as the latest is."""
        return self.observable

    def words(self, speaker: Speaker) -> str:
        """Each of so many results."""
        return f"{speaker.label(self.observable)}, each of the latest {self.times} results,"

    def derive(self, at: Instants) -> Amount:
        """With fewer results than asked for, one that fails decides alone; the rest is unknown, or as silence says."""
        reach = span_of(at.guideline.conventions.repeat_hours)
        results = result_columns(at.timeline, self.observable)
        silent = silent_value(at, self.observable, silence=self.silence)
        groups = [results.back(at.keys, reach, steps) for steps in range(self.times)]
        low, high = [], []
        for group in groups:
            bounds = group.bounds if silent is None else group.bounds.replace(group.silent, silent)
            low.append(bounds.highest_at_least if self.lowest else bounds.lowest_at_least)
            high.append(bounds.highest_at_most if self.lowest else bounds.lowest_at_most)
        hardest = np.minimum.reduce if self.lowest else np.maximum.reduce
        bounds = Bounds.between(hardest(low), hardest(high))

        def ground(row: int) -> Ground:
            results = [group.measurements(row) for group in groups if group.valid[row]]
            items = tuple(m for measurements in reversed(results) for m in measurements)
            since = at.key(row) - reach
            count = f"{len(results)} of {self.times} results in {length(reach)}"
            return Ground(
                items=items,
                doubts=tuple(rivals(set_aside(at, row, self.observable, since), items)),
                window=(items[0].time, items[-1].time) if items else None,
                note=count if bounds.lowest_at_least[row] != bounds.highest_at_most[row] else None,
                missing=count,
            )

        return Amount(bounds, ground)
