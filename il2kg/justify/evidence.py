"""The evidence behind a criterion: what the record says of each concept that its conditions ask about.

The truth of a statement and the value of a quantity are taken from what was derived; here the items are found that they
come from, or that leave them unknown.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from il2kg.assessment import Evidence
from il2kg.derive.assessment import DerivedValues
from il2kg.guideline.conditions import (
    Again,
    Condition,
    Ever,
    EverLasting,
    Lasting,
    Measured,
    OnTreatment,
    OpenWithin,
    Present,
    RegimenFact,
    TreatedWith,
)
from il2kg.guideline.model import Guideline
from il2kg.guideline.wording import Wording
from il2kg.justify.asked import Source, sources_of
from il2kg.justify.charted import of_finding, of_treatment
from il2kg.justify.doses import in_doubt
from il2kg.justify.look import Look, names
from il2kg.justify.measured import of_quantity
from il2kg.record import Record


@dataclass
class EvidenceFinder:
    """Looks up one record at one instant; ``row`` is its row of the derived values."""

    guideline: Guideline
    wording: Wording
    record: Record
    at: int
    derived: DerivedValues
    row: int

    def __post_init__(self) -> None:
        self._look = Look(self.guideline, self.wording, self.record, self.at, self.derived, self.row)
        self._found: dict[Source, tuple[Evidence, ...]] = {}

    def find(self, *conditions: Condition | None) -> tuple[Evidence, ...]:
        """The evidence of all leaves of some conditions, in order, each once."""
        return self.of(sources_of(*conditions))

    def of(self, sources: Iterable[Source]) -> tuple[Evidence, ...]:
        """The evidence of what some conditions ask for, in order, each once."""
        found = [evidence for source in sources for evidence in self._of(source)]
        if len({evidence.concept for evidence in found}) == len(found):
            return tuple(found)
        return tuple(dict.fromkeys(found))

    def _of(self, source: Source) -> tuple[Evidence, ...]:
        """The evidence of one thing, which several criteria may ask for."""
        if source not in self._found:
            self._found[source] = tuple(self._look_up(source))
        return self._found[source]

    def _look_up(self, source: Source) -> Iterator[Evidence]:
        match source:
            case Present() | Ever() | Lasting() | EverLasting() | OpenWithin():
                yield of_finding(self._look, source)
            case RegimenFact():
                doubt = in_doubt(self._look, source)
                if doubt is not None:
                    yield doubt
            case TreatedWith() | OnTreatment():
                yield of_treatment(self._look, source)
            case Again(condition):
                yield from self.find(condition)
                yield self._recurrence(source)
            case Measured():
                return
            case _:
                yield from of_quantity(self._look, source)

    def _recurrence(self, leaf: Again) -> Evidence:
        """Whether something came back after a dose, and the doses of the cycle that it may have come back after."""
        truth, regimen = self._look.truth(leaf), self.derived.regimen
        first = self._look.time_of(regimen.cycle_first_key[self.row]) if regimen.in_cycle[self.row] else None
        doses = [] if first is None else [d for d in self._look.doses if d.time >= first]
        concept, words = self.guideline.series[0].treatment, self.wording.statement(leaf)
        if truth is None:
            because = self._look.because(self._look.doses_in_doubt, "not known how it was at each dose of the cycle")
            return Evidence(concept, None, resources=names(doses), quantity=words, because=because)
        if not doses:
            return Evidence(concept, truth, quantity=words, written="no", because="no dose was given in the cycle")
        return Evidence(
            concept,
            truth,
            time=doses[-1].time,
            resources=names(doses),
            quantity=words,
            written="yes" if truth else "no",
        )
