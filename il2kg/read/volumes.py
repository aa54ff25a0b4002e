"""Volumes of urine and stool, and the stretch that each covers (semantics, sections 1, 4 and 7)."""

from decimal import Decimal
from functools import lru_cache

from il2kg.guideline.model import Guideline, Observable
from il2kg.read.builder import RecordBuilder
from il2kg.read.limits import REMEMBERED
from il2kg.read.parts import Part
from il2kg.read.spans import Span
from il2kg.read.values import (
    ChartedNumber,
    Unusable,
    Value,
    ValueReader,
    hours_between,
    no_less_than_nothing,
    per_period,
    read_charted,
)
from il2kg.recognise.recogniser import Meaning
from il2kg.record import MICROSECONDS_PER_HOUR, Measurement, SetAside
from il2kg.statements import Item, Quantity


class VolumeReader:
    """Reads volumes, charted over a period, at an instant, or per hour."""

    def __init__(self, guideline: Guideline, values: ValueReader) -> None:
        self._values = values
        self._observables = guideline.observables
        self._gap = guideline.conventions.volume_gap_hours
        self._hour = guideline.conventions.hourly_rate_hours
        self._amount = lru_cache(maxsize=REMEMBERED)(self._read_amount)

    def read(self, builder: RecordBuilder, part: Part, meaning: Meaning, observable: Observable) -> None:
        """Read a volume; one that cannot be trusted, or whose stretch nobody knows, is set aside."""
        item, span = part.item, part.span
        moment = span.moment
        doubtful = builder.doubt(item, span, observable.id) or meaning.doubtful or not meaning.coded
        if moment is not None and moment.problem is None:
            assert moment.time is not None
            builder.charted(observable.id, moment.time)
        read = self._value(part, meaning, observable)
        if isinstance(read, Unusable):
            builder.problem(item, (read.kind, read.detail), observable.id)
        if doubtful or isinstance(read, Unusable):
            builder.aside(observable.id, moment, item, part.issued)
            return
        assert moment is not None
        assert moment.time is not None
        value, start = read
        if start is None:
            end = moment.time
            builder.later.append(lambda: self._since_the_one_before(builder, item, observable, value, end))
            return
        builder.measurements.append(_measurement(observable, value, start, moment.time, item))

    def _value(self, part: Part, meaning: Meaning, observable: Observable) -> tuple[Value, int | None] | Unusable:
        """The volume, and the start of what it covers if the item or its code says so."""
        values, span = part.result.values, part.span
        if len(values) != 1 or not isinstance(values[0], Quantity):
            read = self._values.measured(values, observable, meaning.unit)
            return read if isinstance(read, Unusable) else Unusable("not a volume", read.written)
        charted = read_charted(values[0], meaning.unit)
        if isinstance(charted, Unusable):
            return charted
        if self._values.contradicted(charted, observable):
            return Unusable("printed unit that contradicts its code", f"{charted.printed!r}, coded {charted.unit!r}")
        hours = self._hour if not span.period else None
        start = end = None
        if span.period:
            if span.start is None or span.end is None:
                return Unusable("a volume over a period without a start or an end", charted.written)
            start, end = span.start.time, span.end.time
            assert start is not None
            assert end is not None
            if start >= end:
                return Unusable("a volume over a period of no length", charted.written)
            hours = hours_between(start, end)
        assert hours is not None
        amount = self._amount(charted, observable.id, hours)
        if isinstance(amount, Unusable):
            return amount
        volume, per_hour = amount
        covered = hours if per_hour else meaning.period_hours
        if not span.period and covered is not None:
            start = _before(span, int(covered * MICROSECONDS_PER_HOUR))
        return volume, start

    def _read_amount(self, charted: ChartedNumber, name: str, hours: Decimal) -> tuple[Value, bool] | Unusable:
        """The volume that was charted, and whether it was charted per hour, which is over ``hours``."""
        observable = self._observables[name]
        flow = per_period(self._values, charted, observable, hours)
        if flow is not None:
            return flow if isinstance(flow, Unusable) else (flow, True)
        volume = self._values.own_unit(charted, observable)
        return volume if isinstance(volume, Unusable) else (no_less_than_nothing(volume), False)

    def _since_the_one_before(
        self, builder: RecordBuilder, item: Item, observable: Observable, value: Value, end: int
    ) -> None:
        """A volume at an instant covers the time since the one before it, unless that is too long ago."""
        gap = int(self._gap * MICROSECONDS_PER_HOUR)
        before = builder.charted_before(observable.id, end)
        if before is not None and end - before <= gap:
            builder.measurements.append(_measurement(observable, value, before, end, item))
            return
        detail = f"{value.written}, none charted in the {self._gap:f} h before it"
        builder.problem(item, ("a volume, and nothing says since when it was collected", detail), observable.id)
        silent = observable.by_exception is not None
        by_exception = _measurement(observable, value, end - gap, end, item) if silent else None
        builder.set_aside.append(SetAside(observable.id, end, end, item.name, by_exception))


def _before(span: Span, length: int) -> int | None:
    return None if span.start is None or span.start.time is None else span.start.time - length


def _measurement(observable: Observable, value: Value, start: int, end: int, item: Item) -> Measurement:
    return Measurement(observable.id, value.low, value.high, end, start, item.name, value.written)
