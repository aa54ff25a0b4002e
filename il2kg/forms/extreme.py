"""``il2:highestOf``, ``il2:lowestOf``: the highest or lowest infusion rate of the last hours."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from il2kg.derive.grounds import Amount
from il2kg.derive.infusions import extreme_rate, infused
from il2kg.derive.instants import Instants
from il2kg.derive.timeline import span_of
from il2kg.forms.compare import Quantity, compared
from il2kg.forms.reader import COMPARED, SPAN, ConditionReader, Of, Syntax
from il2kg.guideline.conditions import Condition, Speaker
from il2kg.guideline.lengths import key_of, plain_time
from il2kg.guideline.ontology_graph import Node


@dataclass(frozen=True, slots=True)
class InfusionExtreme(Quantity):
    """The highest or lowest infusion rate of the last ``hours``, in the observable's unit."""

    observable: str
    hours: Decimal
    highest: bool = True

    @property
    def _word(self) -> str:
        return "highest" if self.highest else "lowest"

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"{self._word}-{self.observable}-{key_of(self.hours)}"

    @property
    def looks_back(self) -> Decimal:
        """The hours."""
        return self.hours

    def words(self, speaker: Speaker) -> str:
        """The highest or lowest rate, in which time."""
        return f"{self._word} {speaker.label(self.observable)} in {plain_time(self.hours)}"

    def derive(self, at: Instants) -> Amount:
        """Of any one of the drugs."""
        span = span_of(self.hours)
        return Amount(
            extreme_rate(at, self.observable, span, highest=self.highest),
            lambda row: infused(at, self.observable, span, row),
        )


def _read(reader: ConditionReader, node: Node, name: str, *, highest: bool) -> Condition:
    observable = reader.infusion(node, name)
    return compared(reader, node, InfusionExtreme(observable.id, reader.hours(node), highest), observable.unit)


SYNTAX: Final = (
    Syntax("highestOf", Of.OBSERVABLE, lambda r, n: _read(r, n, "highestOf", highest=True), COMPARED | SPAN),
    Syntax("lowestOf", Of.OBSERVABLE, lambda r, n: _read(r, n, "lowestOf", highest=False), COMPARED | SPAN),
)
