"""``il2:observable``: the latest value of an observable is compared, its latest results in a row, or a count."""

from dataclasses import dataclass
from typing import Final

from il2kg.derive.grounds import Amount, Ground
from il2kg.derive.infusions import infused, rate_now
from il2kg.derive.instants import Instants
from il2kg.derive.measurements import latest, length, set_aside, silent_value
from il2kg.derive.volumes import SILENT
from il2kg.forms.compare import Compare, Quantity, compared
from il2kg.forms.in_a_row import InARow
from il2kg.forms.measured import MeasuredComparison
from il2kg.forms.reader import COMPARED, ConditionReader, Of, Syntax
from il2kg.forms.series_count import SeriesCount
from il2kg.guideline.conditions import Condition
from il2kg.guideline.ontology_graph import Node


@dataclass(frozen=True, slots=True)
class Latest(Quantity):
    """The latest value of an observable in its window, in the observable's unit.

    ``silence``: under charting by exception, silence may stand for a value.
    """

    observable: str
    silence: bool = True

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return self.observable if self.silence else f"{self.observable}-measured"

    def shown(self, comparison: Compare) -> Condition:
        """False without any measurement."""
        return MeasuredComparison.of(comparison)

    @property
    def limits_under(self) -> str:
        """The observable, whatever silence stands for."""
        return self.observable

    def derive(self, at: Instants) -> Amount:
        """The latest results in the window; of an infusion, the highest rate of any one drug now."""
        if at.guideline.observables[self.observable].infusion_of is not None:
            return Amount(rate_now(at, self.observable), lambda row: infused(at, self.observable, None, row))
        results = latest(at, self.observable)
        silent = silent_value(at, self.observable, silence=self.silence)
        bounds = results.bounds if silent is None else results.bounds.replace(results.silent, silent)

        def ground(row: int) -> Ground:
            newest = results.measurements(row)
            since = int(results.oldest[row]) - 1
            doubts = set_aside(at, row, self.observable, since)
            if newest:
                doubts = [a for a in doubts if a.latest is None or a.latest >= newest[0].time]
            beside = all(a.earliest == a.latest == (newest[0].time if newest else None) for a in doubts)
            return Ground(
                doubts=tuple(doubts),
                results=tuple(newest) if beside else (),
                window=(at.time(row, since), at.time(row)),
                note=SILENT,
                missing=f"not measured in {length(at.key(row) - since)}",
                each_its_own=True,
            )

        return Amount(bounds, ground)


def _read(reader: ConditionReader, node: Node) -> Condition:
    observable = reader.not_collected(node, "observable")
    times = reader.graph.optional_number(node, "timesInARow")
    if times is not None:
        measured = reader.measured(node, "observable")
        lowest = bool(reader.graph.objects(node, "above") or reader.graph.objects(node, "atLeast"))
        results = InARow(measured.id, int(times), lowest, reader.silence(measured))
        return compared(reader, node, results, measured.unit)
    if observable.count is not None:
        needed = reader.terms.needed.get(observable.id)
        return compared(reader, node, SeriesCount(observable.id), observable.unit, *([needed] if needed else []))
    return compared(reader, node, Latest(observable.id, reader.silence(observable)), observable.unit)


SYNTAX: Final = (
    Syntax(
        "observable",
        Of.OBSERVABLE,
        _read,
        COMPARED | {"timesInARow"},
        conventions={"timesInARow": "repeatHours"},
    ),
)
