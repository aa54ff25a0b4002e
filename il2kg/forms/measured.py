"""There is a measurement: what a comparison asks, beside itself, where it goes by what the record shows."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from il2kg.derive.grounds import NOTHING, Stated
from il2kg.derive.instants import Instants
from il2kg.derive.kleene import Truths
from il2kg.derive.measurements import latest
from il2kg.forms.compare import Compare
from il2kg.forms.statement import Statement
from il2kg.guideline.conditions import AllOf, Asked, Concepts, Speaker


@dataclass(frozen=True, slots=True)
class Measured(Statement):
    """There is a measurement of the observable in its window, be it one that was set aside."""

    observable: str

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"measured-{self.observable}"

    @property
    def source(self) -> Asked | None:
        """None: the comparison beside it says what was measured."""
        return None

    def asks_about(self, concepts: Concepts) -> tuple[str, ...]:
        """The observable."""
        return (self.observable,)

    def words(self, speaker: Speaker, *, nested: bool = False) -> str:
        """That it was measured."""
        return f"{speaker.label(self.observable)} measured"

    def derive(self, at: Instants) -> Stated:
        """Where there is, or may be, one, and where there is none; a rate is known whether or not anything runs."""
        if at.guideline.observables[self.observable].infusion_of is not None:
            return Stated(Truths(np.ones(len(at), dtype=np.bool_), at.none()), lambda row: NOTHING)
        results = latest(at, self.observable)
        return Stated(Truths(~results.silent, results.silent), lambda row: NOTHING)


@dataclass(frozen=True, slots=True)
class MeasuredComparison(AllOf):
    """A measurement and its comparison, which are one in words."""

    @classmethod
    def of(cls, comparison: Compare) -> Self:
        """The comparison, and that there is something to compare."""
        return cls((Measured(comparison.quantity.observable), comparison))

    def shown(self) -> Self:
        """Itself: it goes by what the record shows."""
        return self

    def words(self, speaker: Speaker, *, nested: bool = False) -> str:
        """The comparison of what was measured."""
        return f"measured {speaker.phrase(self.parts[1])}"
