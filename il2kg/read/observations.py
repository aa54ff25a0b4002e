"""FHIR Observations as measurements, charted rates and findings (semantics, section 7)."""

import math
from decimal import Decimal

from il2kg.guideline.model import Observable
from il2kg.read.builder import Item, RecordBuilder
from il2kg.read.elements import Element, codes, values
from il2kg.read.fhir_values import NEGATIVE, UNKNOWN, Bounds, UnusableValueError, collected, measured
from il2kg.read.spans import NO_START, Span, read_span
from il2kg.read.units import UnitConverter
from il2kg.record import Administration, Measurement

_ABNORMAL, _NORMAL = frozenset({"H", "HH", "A"}), frozenset({"N"})


def read_measurement(
    builder: RecordBuilder, item: Item, holder: Element, observable: Observable, converter: UnitConverter, hour: Decimal
) -> None:
    """Read an Observation, or a component of one, of an observable.

    Args:
        builder: takes what is read.
        item: the Observation.
        holder: where the value stands: the Observation itself or its component.
        observable: what is measured.
        converter: brings the value into the observable's unit.
        hour: the hours for which a volume per hour stands that is charted with a time only.
    """
    if not values(holder) and holder.get("dataAbsentReason") is not None:
        return
    span = read_span(item.content)
    if observable.infusion_of is not None:
        _charted_rate(builder, item, holder, observable, span, converter)
        return
    if observable.interpreted_as is not None:
        _interpretation(builder, item, holder, observable.interpreted_as, span)
        if not values(holder):
            return
    bounds, start = _value(builder, item, holder, observable, span, converter, hour)
    # A point measurement with an end alone is placed by it; a volume needs both.
    problem = None if span.problem == NO_START and not observable.collected else span.problem
    if problem:
        builder.problem(item, problem)
    if problem or item.doubt:
        bounds, start = UNKNOWN, None
    builder.measurements.append(Measurement(observable.id, bounds.low, bounds.high, span.moment, start, item.name))


def _value(
    builder: RecordBuilder,
    item: Item,
    holder: Element,
    observable: Observable,
    span: Span,
    converter: UnitConverter,
    hour: Decimal,
) -> tuple[Bounds, int | None]:
    """The value, and for a volume the start of its period; unknown, and reported, if it cannot be trusted."""
    try:
        if observable.collected and span.moment is not None:
            begin = span.start if span.period and span.end is not None else None
            return collected(holder, observable, (begin, span.moment), hour, converter)
        return measured(holder, observable, converter), None
    except UnusableValueError as unusable:
        builder.problem(item, str(unusable))
        return UNKNOWN, None


def _interpretation(builder: RecordBuilder, item: Item, holder: Element, finding: str, span: Span) -> None:
    """A result flagged as abnormal states a finding, one flagged as normal its absence."""
    stated = codes(holder.get("interpretation"))
    at = Span(span.moment, None, span.problem)
    if stated & _ABNORMAL:
        builder.episode(finding, item, at)
    if stated & _NORMAL:
        builder.absence(finding, item, at)


def _charted_rate(
    builder: RecordBuilder, item: Item, holder: Element, observable: Observable, span: Span, converter: UnitConverter
) -> None:
    """A rate charted as an Observation is that of an infusion at its time."""
    rate = Bounds(0.0, math.inf)
    try:
        bounds = measured(holder, observable, converter)
    except UnusableValueError as unusable:
        builder.problem(item, str(unusable))
    else:
        rate = rate if item.doubt else Bounds(max(bounds.low, 0.0), bounds.high)
    if span.problem:
        builder.problem(item, span.problem)
    end = span.end if span.period else span.start
    builder.administrations.append(
        Administration(str(observable.infusion_of), span.start, end, rate.low, rate.high, item.name)
    )


def read_observed_finding(builder: RecordBuilder, item: Item, holder: Element, finding: str) -> None:
    """Read an Observation, or a component of one, of a finding: present without a value, else as the value says."""
    found = values(holder)
    if not found and holder.get("dataAbsentReason") is not None:
        return
    span = read_span(item.content)
    # Present as an episode that stays open; both times are kept only where they are in doubt.
    at = Span(span.start, span.end if span.problem else None, span.problem)
    match _stated(found, holder):
        case True:
            builder.episode(finding, item, at)
        case False:
            builder.absence(finding, item, at)
        case None:
            builder.episode(finding, item, at, "its value says neither present nor absent")


def _stated(found: list[str], holder: Element) -> bool | None:
    if not found:
        return True
    value = holder[found[0]]
    if found == ["valueBoolean"] and isinstance(value, bool):
        return value
    if found == ["valueCodeableConcept"] and codes(value):
        return not codes(value) & NEGATIVE
    return None
