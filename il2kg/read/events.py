"""Administrations that are events of a series, such as the doses that are counted (semantics, sections 1 and 7)."""

from collections.abc import Iterable

from il2kg.guideline.model import Guideline
from il2kg.guideline.series import EventSeries, article
from il2kg.read.builder import RecordBuilder
from il2kg.read.spans import Span
from il2kg.record import DoubtfulEvent, Event
from il2kg.statements import Doubt, Item

_ADMINISTRATION, _STATEMENT, _PROCEDURE = "MedicationAdministration", "MedicationStatement", "Procedure"


def name_of(series: EventSeries) -> str:
    """The word for an event of a series as part of a name."""
    return "-".join(series.event.split())


def ordered(series: EventSeries) -> str:
    """The kind of problem of an order or a plan: it is no event."""
    return f"an order is no {series.event}"


def unplaced(series: EventSeries) -> str:
    """The kind of problem of an item that tells of events and not when each of them was."""
    return f"does not say when each {series.event} was given"


def at_one_instant(series: EventSeries) -> str:
    """The kind of problem of an event that was charted for the instant of another one."""
    return f"given at the same instant as another {series.event}"


def local(series: EventSeries) -> str:
    """The kind of problem of an event that is said to act only where it is put."""
    return f"{article(series.event)} {series.event} that is said to act locally"


class EventReader:
    """Reads what was given as events of the guideline's series; there may be none, or several of one treatment."""

    def __init__(self, guideline: Guideline) -> None:
        self._series = guideline.series
        self._of: dict[str, tuple[EventSeries, ...]] = {}
        for series in guideline.series:
            for treatment in (series.treatment, *guideline.treatments[series.treatment].descendants):
                self._of[treatment] = (*self._of.get(treatment, ()), series)

    def of(self, treatment: str) -> tuple[EventSeries, ...]:
        """The series of which a treatment is an event when it is given."""
        return self._of.get(treatment, ())

    def read(self, builder: RecordBuilder, item: Item, span: Span, treatment: str, *, meant: bool) -> None:
        """Read an item as events; ``meant``: it was ordered or planned, which makes none."""
        for series in self.of(treatment):
            if meant:
                builder.problem(item, (ordered(series), ""), treatment)
            else:
                _event(builder, item, span, treatment, series)

    def unnamed(self, builder: RecordBuilder, item: Item, span: Span) -> None:
        """An administration of a drug that nobody can name may have been an event of any series."""
        if self._series and item.kind == _ADMINISTRATION:
            builder.doubtful_events.append(_doubtful(item, span, None))

    def say_at_one_instant(self, builder: RecordBuilder) -> None:
        """Events under different ids are different events, even at one instant; that they are is strange."""
        for series in self._series:
            first: dict[int, str] = {}
            for event in builder.events:
                if event.series != series.id:
                    continue
                other = first.setdefault(event.time, event.item)
                if other != event.item:
                    for name, twin in ((event.item, other), (other, event.item)):
                        problem = (at_one_instant(series), f"as {twin}; both are counted")
                        builder.problem(Item(name, ""), problem, series.treatment)


def said_to_act_locally(series: Iterable[EventSeries], text: str) -> list[Doubt]:
    """Why an event of some series is doubted that is said, in a text, to act only where it is put."""
    return [(local(each), text) for each in series]


def _event(builder: RecordBuilder, item: Item, span: Span, treatment: str, series: EventSeries) -> None:
    # A statement over a period, or a procedure, tells of events without saying when each of them was.
    vague = item.kind == _PROCEDURE or (item.kind == _STATEMENT and span.period)
    if vague:
        builder.problem(item, (unplaced(series), ""), treatment)
    start = span.start
    if item.doubts or vague or start is None or start.time is None:
        builder.doubtful_events.append(_doubtful(item, span, series, vague=vague))
        return
    latest = start.latest
    assert latest is not None
    earliest = span.earliest
    time = start.time
    builder.events.append(Event(time, time if earliest is None else earliest, latest, item.name, series.id))


def _doubtful(item: Item, span: Span, series: EventSeries | None, *, vague: bool = False) -> DoubtfulEvent:
    """What may have been an event, at its start; one that may be any of a period, until that has ended."""
    latest = None if span.start is None else span.start.latest
    if vague and span.period:
        latest = span.latest_end
    return DoubtfulEvent(span.earliest, latest, item.name, None if series is None else series.id)
