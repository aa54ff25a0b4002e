"""``il2:rateOf``, ``il2:volumeOf``: a volume collected over hours, per hour or in all."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from il2kg.derive.grounds import Amount
from il2kg.derive.instants import Instants
from il2kg.derive.measurements import silent_value
from il2kg.derive.timeline import span_of
from il2kg.derive.volumes import Window, collected
from il2kg.forms.compare import Quantity, compared
from il2kg.forms.reader import COMPARED, SPAN, ConditionReader, Of, Syntax
from il2kg.guideline.conditions import Condition, Speaker
from il2kg.guideline.lengths import key_of, plain_time
from il2kg.guideline.ontology_graph import Node

_OVER_A_PERIOD: Final = " over a period"


@dataclass(frozen=True, slots=True)
class Collected(Quantity):
    """A volume collected over ``hours`` that end ``hours_earlier`` before the instant: per hour, or in all.

    ``silence`` as in `Latest`.
    """

    observable: str
    hours: Decimal
    hours_earlier: Decimal = Decimal(0)
    per_hour: bool = True
    silence: bool = True

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        kind = "rate" if self.per_hour else "volume"
        earlier = f"-{key_of(self.hours_earlier)}-earlier" if self.hours_earlier else ""
        key = f"{kind}-{self.observable}-{key_of(self.hours)}{earlier}"
        return key if self.silence else f"{key}-measured"

    @property
    def looks_back(self) -> Decimal:
        """To the beginning of its hours."""
        return self.hours + self.hours_earlier

    def words(self, speaker: Speaker) -> str:
        """The observable, over which time."""
        label = speaker.label(self.observable).removesuffix(_OVER_A_PERIOD)
        earlier = f" up to {plain_time(self.hours_earlier)} earlier" if self.hours_earlier else ""
        return f"{label} over {plain_time(self.hours)}{earlier}"

    def unit(self, speaker: Speaker) -> str:
        """That of the volume, per hour where it is a rate."""
        unit = speaker.unit(self.observable)
        return f"{unit}/h" if self.per_hour else unit

    def evidence_words(self, speaker: Speaker) -> str:
        """The observable, over how long."""
        return replace(self, hours_earlier=Decimal(0)).words(speaker)

    def derive(self, at: Instants) -> Amount:
        """From the volumes whose periods lie at or before the instant; unknown where they cover too little."""
        window = Window(span_of(self.hours), span_of(self.hours_earlier), self.per_hour)
        return collected(at, self.observable, window, silent_value(at, self.observable, silence=self.silence))


def _read(reader: ConditionReader, node: Node, name: str, *, per_hour: bool) -> Condition:
    observable = reader.observable(node, name)
    if not observable.collected:
        raise reader.error(
            f"{reader.graph.named(observable.id)} is not collected over a period; "
            "name an observable that has il2:collectedOver"
        )
    earlier = reader.graph.optional_number(node, "hoursEarlier") or Decimal(0)
    quantity = Collected(observable.id, reader.hours(node), earlier, per_hour, reader.silence(observable))
    return compared(reader, node, quantity, f"{observable.unit}/h" if per_hour else observable.unit)


_BESIDE: Final = COMPARED | SPAN | {"hoursEarlier"}
SYNTAX: Final = (
    Syntax("rateOf", Of.OBSERVABLE, lambda reader, node: _read(reader, node, "rateOf", per_hour=True), _BESIDE),
    Syntax("volumeOf", Of.OBSERVABLE, lambda reader, node: _read(reader, node, "volumeOf", per_hour=False), _BESIDE),
)
