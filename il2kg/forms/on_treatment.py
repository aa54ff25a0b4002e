"""``il2:onTreatment``: a treatment has been going on for some hours or days."""

from dataclasses import dataclass
from typing import Final

from il2kg.derive.grounds import Stated
from il2kg.derive.instants import Instants
from il2kg.derive.timeline import span_of
from il2kg.derive.treatments import administered, going_on_for
from il2kg.forms.reader import SPAN, Of, Syntax
from il2kg.forms.statement import TreatmentStatement
from il2kg.guideline.conditions import Speaker
from il2kg.guideline.lengths import key_of, plain_time


@dataclass(frozen=True, slots=True)
class OnTreatment(TreatmentStatement):
    """The treatment, or one below it, has been going on for ``hours`` or longer."""

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"on-{self.treatment}-{key_of(self.hours)}"

    def words(self, speaker: Speaker, *, nested: bool = False) -> str:
        """The treatment, and how long."""
        return f"{speaker.label(self.treatment)} for {plain_time(self.hours)} or longer"

    def derive(self, at: Instants) -> Stated:
        """Whether its administrations, none far from the next, have gone on for so long."""
        span = span_of(self.hours)
        truths = going_on_for(at, self.treatment, span)
        return Stated(truths, lambda row: administered(at, self.treatment, truths.at(row), None, row))


SYNTAX: Final = (
    Syntax(
        "onTreatment",
        Of.TREATMENT,
        lambda reader, node: OnTreatment(reader.treatment(node, "onTreatment"), reader.hours(node)),
        SPAN,
    ),
)
