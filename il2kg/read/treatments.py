"""Medications, and procedures that give something, as treatments and events (semantics, sections 1 and 7)."""

from typing import Final
from zoneinfo import ZoneInfo

from il2kg.guideline.lengths import HOURS_PER_DAY
from il2kg.guideline.model import Guideline
from il2kg.read.builder import RecordBuilder
from il2kg.read.concepts import asked_about
from il2kg.read.events import EventReader
from il2kg.read.rates import UNKNOWN, PerBody, Rate, RateReader
from il2kg.read.spans import Span, span_of
from il2kg.read.values import QUANTITY, Unusable, ValueReader
from il2kg.record import MICROSECONDS_PER_HOUR, Administration
from il2kg.statements import NEVER_SAID, Item, Medication, Procedure, Unreadable

_GIVEN: Final = frozenset({"MedicationAdministration", "Procedure"})
_ORDER: Final = "MedicationRequest"
_DAY: Final = HOURS_PER_DAY * MICROSECONDS_PER_HOUR

Stretch = tuple[int | None, int | None, int | None, int | None]
"""The earliest and the latest start of a treatment, and its earliest and latest end."""


def ran(span: Span, *, at_instant: bool) -> Stretch:
    """When a treatment ran: at its instant, else to its end; one whose end cannot be trusted runs on."""
    earliest = span.earliest
    latest = None if span.start is None else span.start.latest
    if at_instant:
        return earliest, latest, earliest, latest
    if span.end is None or span.reversed:
        return earliest, latest, None, None
    return earliest, latest, span.end.earliest, span.end.latest


class TreatmentReader:
    """Reads when, and how fast, a treatment was given."""

    def __init__(self, guideline: Guideline, values: ValueReader, zone: ZoneInfo | None) -> None:
        self._zone = zone
        self._rates = RateReader(guideline, values)
        self.events = EventReader(guideline)
        self._asked = asked_about(guideline)
        self._open_order = int(guideline.conventions.open_order_days * _DAY)
        self._weight_age = int(guideline.conventions.rate_weight_days * _DAY)
        self._observables = {name: self._rates.observables(name) for name in guideline.treatments}

    def read(self, builder: RecordBuilder, item: Item, said: Medication | Procedure, treatment: str | None) -> None:
        """Read a treatment, None one that nobody can name.

        What was given at an instant ran then; orders and statements without an end run on. An administration of what
        a series counts is an event, and so is a statement that it was taken at a time; an order for it is none. It is
        a treatment besides only where the guideline asks about that treatment by itself.
        """
        when, meant, over = said.when, item.kind == _ORDER, False
        if isinstance(said, Medication):
            when = said.ordered if when == NEVER_SAID else when
            meant, over = meant or said.meant, said.over
        span = span_of(when, self._zone)
        if not meant:
            builder.seen(span.start)
        concept = treatment or ""
        builder.doubt(item, span, concept)
        if treatment is None:
            self.events.unnamed(builder, item, span)
        elif self.events.of(treatment):
            self.events.read(builder, item, span, treatment, meant=meant)
            if treatment not in self._asked:
                return
        stretch = ran(span, at_instant=item.kind in _GIVEN and not span.period)
        if over and span.end is None and span.end_readable:
            stretch = self._over(stretch)
        if treatment is None or item.doubts:
            self._add(builder, item, treatment, stretch, UNKNOWN)
            return
        self._infusion(builder, item, said, treatment, stretch)

    def _over(self, stretch: Stretch) -> Stretch:
        """An order or statement that is over and gives no end may have ended at any time of some days."""
        earliest, latest, *_ = stretch
        return earliest, latest, earliest, None if latest is None else latest + self._open_order

    def _add(self, builder: RecordBuilder, item: Item, treatment: str | None, stretch: Stretch, rate: Rate) -> None:
        builder.administrations.append(
            Administration(treatment, *stretch, rate.low, rate.high, item.name, rate.unit, set_aside=bool(item.doubts))
        )

    def _infusion(
        self, builder: RecordBuilder, item: Item, said: Medication | Procedure, treatment: str, stretch: Stretch
    ) -> None:
        """A treatment with its rate, if it has one that the guideline speaks of."""
        observables = self._observables[treatment]
        stated = said.rate if isinstance(said, Medication) and observables else None
        if isinstance(stated, Unreadable) and stated.type != QUANTITY:
            builder.problem(item, (f"{stated.type} of the wrong type", stated.shown), treatment)
            stated = None
        if stated is None:
            self._add(builder, item, treatment, stretch, UNKNOWN)
            return
        rate = self._rates.read(stated, observables)
        if isinstance(rate, PerBody):
            per_body = rate
            builder.later.append(lambda: self._divided(builder, item, treatment, stretch, per_body))
            return
        if isinstance(rate, Unusable):
            builder.problem(item, (f"rate: {rate.kind}", rate.detail), treatment)
            rate = UNKNOWN
        self._add(builder, item, treatment, stretch, rate)

    def _divided(self, builder: RecordBuilder, item: Item, treatment: str, stretch: Stretch, rate: PerBody) -> None:
        """A rate without a body mass, divided by the latest weight before the infusion began."""
        observables = self._observables[treatment]
        weight = self._rates.weight(observables[0])
        assert weight is not None
        begin = stretch[0] if stretch[0] == stretch[1] else None
        weights = [
            m
            for m in builder.measurements
            if begin is not None and m.observable == weight.id and begin - self._weight_age <= m.time <= begin
        ]
        latest = max((m.time for m in weights), default=None)
        divided: Rate | Unusable = Unusable("no recent weight to divide it by", rate.charted.written)
        if latest is not None:
            divided = self._rates.per_weight(rate.charted, [m for m in weights if m.time == latest], observables)
        if isinstance(divided, Unusable):
            builder.problem(item, (f"rate: {divided.kind}", divided.detail), treatment)
            divided = UNKNOWN
        self._add(builder, item, treatment, stretch, divided)
