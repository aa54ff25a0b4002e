"""``il2:nextEvent``: the event now considered is of a kind, such as the first of its level."""

from dataclasses import dataclass
from typing import Final

from il2kg.derive.grounds import Stated
from il2kg.derive.instants import Instants
from il2kg.forms.reader import Of, Syntax
from il2kg.forms.statement import Statement
from il2kg.guideline.conditions import Concepts, Speaker


@dataclass(frozen=True, slots=True)
class SeriesFact(Statement):
    """Something that the events of a series so far show of the one now considered; the guideline has its meaning."""

    name: str
    needed: bool = False

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return self.name

    @property
    def goes_without_saying(self) -> bool:
        """Whether it is there only because what stands beside it needs it to mean anything."""
        return self.needed

    def asks_about(self, concepts: Concepts) -> tuple[str, ...]:
        """The treatment whose administrations are the events."""
        return (concepts.treatment_of(self.name),)

    @property
    def granted(self) -> bool:
        """It is: people know where in the regimen they are."""
        return True

    @property
    def of_events(self) -> bool:
        """It is."""
        return True

    def words(self, speaker: Speaker, *, nested: bool = False) -> str:
        """The fact."""
        return speaker.fact(self.name)

    def denied(self, speaker: Speaker) -> str:
        """That it is not so."""
        return speaker.fact(self.name, denied=True)

    def derive(self, at: Instants) -> Stated:
        """Where the event stands among those before it."""
        return at.fact(self.name)


SYNTAX: Final = (
    Syntax("nextEvent", Of.NEXT_EVENT, lambda reader, node: SeriesFact(reader.next_event(node, "nextEvent"))),
)
