"""A number that is counted from the events of a series. It is compared by ``il2:observable``."""

from dataclasses import dataclass

from il2kg.derive.grounds import Amount
from il2kg.derive.instants import Instants
from il2kg.forms.compare import Quantity
from il2kg.guideline.conditions import Concepts


@dataclass(frozen=True, slots=True)
class SeriesCount(Quantity):
    """Events, hours or days, as the observable's unit says; the guideline has what is counted."""

    observable: str

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return self.observable

    def asks_about(self, concepts: Concepts) -> tuple[str, ...]:
        """The treatment whose administrations are the events."""
        return (concepts.treatment_of(self.observable),)

    @property
    def of_events(self) -> bool:
        """It is."""
        return True

    def derive(self, at: Instants) -> Amount:
        """What the events so far come to."""
        return at.count(self.observable)
