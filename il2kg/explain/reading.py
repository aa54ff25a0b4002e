"""What a record was read as, as RDF: its items in the terms and units of the guideline.

An item that names a drug in words alone stands in a patient graph in those words; here it stands as the treatment that
it was taken for, as does each value in the one unit in which it is compared.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from il2kg.explain.as_rdf import RecordNames
from il2kg.explain.described import Described, Pair, a, number, p, said, text, time, truth
from il2kg.guideline.model import Guideline
from il2kg.guideline.series import EventSeries
from il2kg.rdf.graphs import Graph
from il2kg.read.events import name_of
from il2kg.record import Administration, Record

_KINDS = _VALUE, _FINDING, _ABSENCE, _TREATMENT = "value", "finding", "absence", "treatment"
"""The names of readings, but for events, which have the word of their series."""
_UNNAMED: Final = "Treatment"
"""What a drug is that nobody can name."""


def reading_graph(record: Record, name: str, names: RecordNames, guideline: Guideline) -> Graph:
    """The graph of what a record was read as.

    Args:
        record: the record.
        name: the IRI of the graph, below which each reading has its own.
        names: the IRIs of the record's patient and items.
        guideline: has the units.
    """
    return Graph(name, dict(_Reading(name, names, guideline).nodes(record)))


@dataclass(frozen=True)
class _Reading:
    """Writes what one record was read as; each kind of reading is numbered in the order of the record."""

    name: str
    names: RecordNames
    guideline: Guideline

    def nodes(self, record: Record) -> Iterator[Described]:
        """The readings, kind by kind."""
        yield from self._numbered(_VALUE, "ReadValue", self._values(record))
        yield from self._numbered(_FINDING, "ReadFinding", self._findings(record))
        yield from self._numbered(_ABSENCE, "ReadAbsence", self._absences(record))
        yield from self._numbered(_TREATMENT, "ReadTreatment", map(self._treatment, record.administrations))
        for series in self.guideline.series:
            name = name_of(series)
            kind = f"{name}-event" if name in _KINDS else name
            yield from self._numbered(kind, "ReadEvent", self._events(record, series))

    def _numbered(self, kind: str, class_name: str, readings: Iterable[Iterable[Pair]]) -> Iterator[Described]:
        for place, pairs in enumerate(readings, 1):
            yield f"{self.name}:{kind}.{place}", said(a(class_name), p("ofPatient", self.names.patient), *pairs)

    def _of(self, item: str, concept: str, start: int | None, end: int | None, certain: bool) -> Iterator[Pair]:
        yield p("concept", self.guideline.iri(concept))
        yield p("readFrom", time(start))
        yield p("readUntil", time(end))
        yield p("certain", truth(certain))
        yield from self.names.links("wasDerivedFrom", (item,))

    def _values(self, record: Record) -> Iterator[list[Pair]]:
        for m in record.measurements:
            start = m.time if m.start is None else m.start
            unit = self.guideline.observables[m.observable].unit
            about = self._of(m.item, m.observable, start, m.time, certain=True)
            yield [*about, *_bounds(m.low, m.high, unit), p("charted", text(m.written))]
        for aside in record.set_aside:
            yield [*self._of(aside.item, aside.observable, aside.earliest, aside.latest, certain=False)]

    def _findings(self, record: Record) -> Iterator[list[Pair]]:
        for e in record.episodes:
            yield [*self._of(e.item, e.finding, e.start, e.end, certain=True)]
        for d in record.doubtful:
            yield [*self._of(d.item, d.finding, d.earliest, d.end, certain=False)]

    def _absences(self, record: Record) -> Iterator[list[Pair]]:
        for absence in record.absences:
            yield [*self._of(absence.item, absence.finding, absence.time, absence.time, certain=True)]

    def _treatment(self, given: Administration) -> list[Pair]:
        certain = given.placed and given.treatment is not None
        about = self._of(given.item, given.treatment or _UNNAMED, given.start_earliest, given.end_latest, certain)
        unit = given.rate_unit or self._rate_unit(given.treatment)
        if unit is None or (given.rate_low <= 0 and given.rate_high == math.inf):
            return [*about]
        return [*about, *_bounds(given.rate_low, given.rate_high, unit)]

    def _rate_unit(self, treatment: str | None) -> str | None:
        """The unit in which the rates of a treatment's infusions are compared, if they are."""
        above = () if treatment is None else (treatment, *self.guideline.treatments[treatment].ancestors)
        return next((o.unit for o in self.guideline.observables.values() if o.infusion_of in above), None)

    def _events(self, record: Record, series: EventSeries) -> Iterator[list[Pair]]:
        """The events of a series, and what may have been one of them."""
        of = p("ofSeries", self.guideline.iri(series.id))
        for event in record.events:
            if event.series == series.id:
                certain = event.earliest == event.latest
                yield [*self._of(event.item, series.treatment, event.earliest, event.latest, certain=certain), of]
        for doubt in record.doubtful_events:
            if doubt.series in (series.id, None):
                yield [*self._of(doubt.item, series.treatment, doubt.earliest, doubt.latest, certain=False), of]


def _bounds(low: float, high: float, unit: str) -> Iterator[Pair]:
    yield p("readLow", number(low) if math.isfinite(low) else None)
    yield p("readHigh", number(high) if math.isfinite(high) else None)
    yield p("unit", text(unit))
