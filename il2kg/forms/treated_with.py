"""``il2:treatedWith``: a treatment ran at some moment of the last hours or days."""

from dataclasses import dataclass
from typing import Final

from il2kg.derive.grounds import Stated
from il2kg.derive.instants import Instants
from il2kg.derive.timeline import span_of
from il2kg.derive.treatments import administered, ran_within
from il2kg.forms.reader import SPAN, Of, Syntax
from il2kg.forms.statement import TreatmentStatement
from il2kg.guideline.conditions import Speaker
from il2kg.guideline.lengths import key_of, plain_time


@dataclass(frozen=True, slots=True)
class TreatedWith(TreatmentStatement):
    """The treatment, or one below it, ran at some moment of the last ``hours``."""

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"treated-{self.treatment}-{key_of(self.hours)}"

    def words(self, speaker: Speaker, *, nested: bool = False) -> str:
        """The treatment, and how long."""
        return f"{speaker.label(self.treatment)} within {plain_time(self.hours)}"

    def derive(self, at: Instants) -> Stated:
        """Whether it ran in that time; what is uncertain leaves it open."""
        span = span_of(self.hours)
        truths = ran_within(at, self.treatment, span)
        return Stated(truths, lambda row: administered(at, self.treatment, truths.at(row), at.time(row) - span, row))


SYNTAX: Final = (
    Syntax(
        "treatedWith",
        Of.TREATMENT,
        lambda reader, node: TreatedWith(reader.treatment(node, "treatedWith"), reader.hours(node)),
        SPAN,
    ),
)
