"""Everything that conditions ask of a patient at an instant: the one door to the derived values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from il2kg.derive import infusions, measurements, treatments, volumes
from il2kg.derive.bounds import Bounds
from il2kg.derive.findings import finding_state
from il2kg.derive.series import series_at
from il2kg.derive.series_at import SeriesAt
from il2kg.derive.timeline import Keys, Rows, Timeline, Truth
from il2kg.guideline.conditions import Again, Measured, OnTreatment, RegimenFact, Statement, TreatedWith
from il2kg.guideline.quantities import (
    Collected,
    Drop,
    FallSinceHold,
    Gain,
    InARow,
    InfusionDecrease,
    InfusionExtreme,
    InfusionIncrease,
    Latest,
    Quantity,
    RegimenCount,
    Rise,
)


@dataclass(frozen=True)
class HoldState:
    """For each instant, whether a criterion's hold is on, and the key at which it began."""

    held: Truth
    began: Keys


@dataclass(frozen=True)
class DerivedValues:
    """Derived values at some instants, under a charting policy, each derived when first asked for.

    ``series`` are the series of events, by id. ``holds`` tells, by criterion, of the holds that `FallSinceHold`
    quantities are counted from; ``recurrences`` where an `Again` is true and where it is false. Both come from the
    history; what depends on neither is kept where they are replaced.
    """

    timeline: Timeline
    rows: Rows
    by_exception: bool
    series: Mapping[str, SeriesAt]
    holds: Mapping[str, HoldState] = field(default_factory=dict)
    recurrences: Mapping[Again, tuple[Truth, Truth]] = field(default_factory=dict)
    _statements: dict[Statement, tuple[Truth, Truth]] = field(default_factory=dict, repr=False)
    _quantities: dict[Quantity, Bounds] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls,
        timeline: Timeline,
        rows: Rows,
        *,
        by_exception: bool,
        holds: Mapping[str, HoldState] | None = None,
        recurrences: Mapping[Again, tuple[Truth, Truth]] | None = None,
    ) -> "DerivedValues":
        """Derived values of a timeline at some instants."""
        return cls(timeline, rows, by_exception, series_at(timeline, rows), holds or {}, recurrences or {})

    def statement(self, statement: Statement) -> tuple[Truth, Truth]:
        """Where a statement is true, and where it is false; it is unknown elsewhere."""
        if statement not in self._statements:
            self._statements[statement] = self._state(statement)
        return self._statements[statement]

    def quantity(self, quantity: Quantity) -> Bounds:
        """What is known of a quantity, in its unit."""
        if isinstance(quantity, FallSinceHold):
            return self._fall(quantity)  # depends on the holds, and these differ among those that share what is kept
        if quantity not in self._quantities:
            self._quantities[quantity] = self._quantity(quantity)
        return self._quantities[quantity]

    def _state(self, statement: Statement) -> tuple[Truth, Truth]:
        match statement:
            case TreatedWith():
                return treatments.treated_with(self.timeline, statement, self.rows)
            case OnTreatment():
                return treatments.on_treatment(self.timeline, statement, self.rows)
            case RegimenFact():
                return self.series[self.timeline.guideline.facts[statement.name].series].fact(statement.name)
            case Measured():
                return measurements.measured(self.timeline, statement, self.rows)
            case Again():
                return self.recurrences[statement]
            case _:
                return finding_state(self.timeline, self.rows, self.series, statement, by_exception=self.by_exception)

    def _quantity(self, quantity: Quantity) -> Bounds:
        timeline, rows = self.timeline, self.rows
        match quantity:
            case Latest(observable) if timeline.guideline.observables[observable].infusion_of is not None:
                return infusions.rate_now(timeline, quantity, rows)
            case Latest():
                return measurements.latest(timeline, quantity, rows, by_exception=self.by_exception)
            case Collected():
                return volumes.collected(timeline, quantity, rows, by_exception=self.by_exception)
            case Gain():
                return measurements.gain(timeline, quantity, rows, self.series)
            case Drop():
                return measurements.drop(timeline, quantity, rows, self.series)
            case Rise():
                return measurements.rise(timeline, quantity, rows)
            case FallSinceHold():
                return self._fall(quantity)
            case InfusionExtreme() | InfusionIncrease() | InfusionDecrease():
                return infusions.rate_over(timeline, quantity, rows)
            case InARow():
                return measurements.in_a_row(timeline, quantity, rows, by_exception=self.by_exception)
            case RegimenCount():
                count = timeline.guideline.observables[quantity.observable].count
                assert count is not None
                return self.series[count.series].count(quantity.observable)

    def _fall(self, quantity: FallSinceHold) -> Bounds:
        hold = self.holds.get(quantity.criterion)
        if hold is None:
            return Bounds.unknown(len(self.rows))
        return measurements.fall_since(self.timeline, quantity, self.rows, hold.began, hold.held)
