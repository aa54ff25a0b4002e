"""``il2:again``: a condition has come back."""

from dataclasses import dataclass
from typing import Final

from il2kg.derive.grounds import Ground, Stated
from il2kg.derive.instants import Instants
from il2kg.forms.reader import ConditionReader, Of, Syntax
from il2kg.forms.statement import Statement
from il2kg.guideline.conditions import Concepts, Condition, Speaker, inner_leaves
from il2kg.guideline.ontology_graph import Node

_TWICE: Final = 2
_ORDINALS: Final = {3: "third"}


@dataclass(frozen=True, slots=True)
class Again(Statement):
    """The condition is true, as it had been earlier, and was false at an event of the series in between.

    ``criterion`` is the criterion that asks, which names the statement in snapshots and shapes; ``number`` tells
    several of one criterion apart.
    """

    condition: Condition
    criterion: str
    number: int = 1

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"again-{self.criterion}" + (f"-{self.number}" if self.number > 1 else "")

    @property
    def earlier(self) -> Condition:
        """The condition that has come back."""
        return self.condition

    def asks_about(self, concepts: Concepts) -> tuple[str, ...]:
        """What the condition asks about, and the treatment whose administrations are the events."""
        inner = (concept for leaf in inner_leaves(self.condition) for concept in leaf.asks_about(concepts))
        return (*dict.fromkeys(inner), *concepts.treatments_between())

    @property
    def of_events(self) -> bool:
        """It is; what the condition asks for is asked by its own leaves."""
        return True

    def words(self, speaker: Speaker, *, nested: bool = False) -> str:
        """The condition, again; or, where that has come back itself, for which time it comes."""
        times, condition = _TWICE, self.condition
        while isinstance(condition, Again):
            times, condition = times + 1, condition.condition
        words, without = speaker.phrase(condition, nested=True), f"after {speaker.event_between()} without it"
        if times == _TWICE:
            return f"{words} again, {without}"
        return f"{words} for the {_ORDINALS.get(times, f'{times}th')} time, each {without}"

    def derive(self, at: Instants) -> Stated:
        """What the history knows of it, and the events that it may have come back after."""
        recurrence = at.recurrences[self.key]
        truths = recurrence.truths

        def ground(row: int) -> Ground:
            truth, events = truths.at(row), at.events_of_hold(row)
            time = events[-1].time if events and truth is not None else None
            note = None if events else f"no {at.event_of_hold} was given{at.in_hold('in')}"
            missing = f"not known how it was at each {at.event_of_hold}{at.in_hold('of')}"
            doubts = at.events_in_doubt(row) if truth is None else ()
            items = (*recurrence.past(row), *events)
            return Ground(items, doubts, time=time, says="yes" if truth else "no", note=note, missing=missing)

        return Stated(truths, ground)


def _read(reader: ConditionReader, node: Node) -> Condition:
    if reader.resume:
        raise reader.error("il2:again may stand only in il2:condition")
    number = reader.numbered("again")
    return Again(reader.inner(node, "again"), reader.criterion, number)


SYNTAX: Final = (Syntax("again", Of.CONDITION, _read),)
