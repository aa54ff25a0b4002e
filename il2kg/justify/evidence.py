"""The evidence behind a criterion: what the record says of each concept that its conditions ask about.

The truth of a statement and the value of a quantity are taken from what was derived; here the items are found that they
come from, or that leave them unknown.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from il2kg.assessment import Evidence
from il2kg.derive.assessment import DerivedValues
from il2kg.derive.series_at import SeriesAt
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
from il2kg.justify.counted import in_doubt
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
                yield from self._recurrence(source)
            case Measured():
                return
            case _:
                yield from of_quantity(self._look, source)

    def _recurrence(self, leaf: Again) -> Iterator[Evidence]:
        """Whether something came back after an event, and the events that it may have come back after.

        They are those of the level for which holds last; where that is the whole record, all of every series.
        """
        span = self.guideline.holds_last_for
        for name in self.derived.series if span is None else [self.guideline.series_of(span).id]:
            yield self._recurrence_in(leaf, self.derived.series[name], span)

    def _recurrence_in(self, leaf: Again, series: SeriesAt, span: str | None) -> Evidence:
        truth, event, concept = self._look.truth(leaf), series.series.event, series.series.treatment
        events, place = self._look.events(series.series.id), ""
        if span is not None:
            place = f" of the {series.series.level(span).label}"
            first = self._look.time_of(series.first_key(span)[self.row])
            events = [e for e in events if e.time >= first] if series.within(span)[self.row] else []
        words = self.wording.statement(leaf)
        if truth is None:
            doubts = self._look.events_in_doubt(series.series.id)
            because = self._look.because(doubts, f"not known how it was at each {event}{place}")
            return Evidence(concept, None, resources=names(events), quantity=words, because=because)
        if not events:
            because = f"no {event} was given{place.replace('of', 'in', 1)}"
            return Evidence(concept, truth, quantity=words, written="no", because=because)
        return Evidence(
            concept,
            truth,
            time=events[-1].time,
            resources=names(events),
            quantity=words,
            written="yes" if truth else "no",
        )
