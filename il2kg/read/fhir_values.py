"""Values of FHIR Observations and rates as bounds in an observable's own unit, or the reason why not."""

import math
from decimal import Decimal
from typing import NamedTuple

from il2kg.guideline.model import Observable
from il2kg.read.elements import Element, as_element, as_list, as_text, codes, values
from il2kg.read.units import OtherDimensionError, UnitConverter, UnknownUnitError
from il2kg.record import MICROSECONDS_PER_HOUR, interval

UCUM = "http://unitsofmeasure.org"
NEGATIVE = frozenset({"260385009", "2667000"})
"""SNOMED CT: negative, absent."""

_COMPARATORS = frozenset({"<", "<=", ">=", ">"})
_MOST_DIGITS = 30


class Unusable(ValueError):
    """A value that cannot be trusted; the message is the problem to report."""


class Bounds(NamedTuple):
    """The least and the greatest that a value may be."""

    low: float
    high: float


UNKNOWN = Bounds(-math.inf, math.inf)


def read_number(value: object) -> Decimal:
    """A JSON number, exactly as written.

    Raises:
        Unusable: it is no number, or one that no measurement can have.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Unusable("no value" if value is None else "text where a number belongs")
    number = Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise Unusable(f"{str(value)[:20]} is no plausible number")
    return number


def read_quantity(quantity: object) -> tuple[str | None, Decimal, str]:
    """The comparator, number and unit (UCUM code or spelling; empty if none) of a FHIR Quantity.

    Raises:
        Unusable: the number or the comparator is missing or of the wrong type.
    """
    if not isinstance(quantity, dict):
        raise Unusable("value is no Quantity")
    number = read_number(quantity.get("value"))
    comparator = quantity.get("comparator")
    if comparator is not None and comparator not in _COMPARATORS:
        raise Unusable(f"comparator {str(comparator)[:10]!r} cannot be read")
    return comparator, number, _unit(quantity)


def _unit(quantity: Element) -> str:
    code, unit = as_text(quantity.get("code")), as_text(quantity.get("unit"))
    if code and quantity.get("system") in (None, UCUM):
        return code
    return unit or ""


def _contradicted(quantity: Element, unit: str, observable: Observable, converter: UnitConverter) -> bool:
    """Whether the printed unit is a known one, and another than the coded one."""
    printed = as_text(quantity.get("unit"))
    if printed is None or converter.code(printed) == converter.code(unit) or not converter.knows(printed):
        return False
    one = Decimal(1)
    try:
        coded = converter.in_own_unit(one, unit, observable)
    except (UnknownUnitError, OtherDimensionError):
        return False  # the coded unit is reported for what it is
    try:
        return converter.in_own_unit(one, printed, observable) != coded
    except (UnknownUnitError, OtherDimensionError):
        return True


def own_unit(comparator: str | None, number: Decimal, unit: str, observable: Observable, converter: UnitConverter) -> Bounds:
    """Bounds in the observable's own unit.

    Raises:
        Unusable: no unit, an unknown one, one of another dimension, or a value outside the plausible range.
    """
    if observable.unit.startswith("{"):
        if unit not in ("", "1") and not (unit.startswith("{") and unit.endswith("}")):
            raise Unusable(f"unit {unit!r} where a plain number belongs")
        value = number
    elif not unit:
        raise Unusable("no unit")
    else:
        try:
            value = converter.in_own_unit(number, unit, observable)
        except UnknownUnitError:
            raise Unusable(f"unknown unit {unit!r}") from None
        except OtherDimensionError:
            raise Unusable(f"unit {unit!r} is of another dimension than {observable.unit!r}") from None
    return plausible(comparator, value, observable)


def plausible(comparator: str | None, value: Decimal, observable: Observable) -> Bounds:
    """Bounds of a value whose number can be believed.

    Raises:
        Unusable: the number is outside the observable's plausible range.
    """
    if observable.plausible is not None:
        least, greatest = observable.plausible
        if not least <= value <= greatest:
            raise Unusable(f"{value} {observable.unit} is outside the plausible range {least} to {greatest}")
    return Bounds(*interval(comparator, value))


def measured(holder: Element, observable: Observable, converter: UnitConverter) -> Bounds:
    """The value of an Observation, or of one of its components.

    Raises:
        Unusable: as `own_unit`; or no value, several, or text where a number belongs.
    """
    found = values(holder)
    if len(found) != 1:
        raise Unusable("several values" if found else "no value")
    value = holder[found[0]]
    match found[0]:
        case "valueQuantity":
            comparator, number, unit = read_quantity(value)
            if _contradicted(value, unit, observable, converter):
                raise Unusable(f"unit {value.get('unit')!r} contradicts its code {unit!r}")
            return own_unit(comparator, number, unit, observable, converter)
        case "valueInteger":
            return own_unit(None, read_number(value), "", observable, converter)
        case "valueString":
            return _graded([value], observable)
        case "valueCodeableConcept":
            written: list[object] = ["negative"] if codes(value) & NEGATIVE else []
            written += [as_element(value).get("text")]
            written += [as_element(coding).get("display") for coding in as_list(as_element(value).get("coding"))]
            return _graded(written, observable)
        case _:
            raise Unusable("text where a number belongs")


def _graded(written: list[object], observable: Observable) -> Bounds:
    for text in written:
        if isinstance(text, str) and (grade := observable.grades.get(text.strip().lower())) is not None:
            return Bounds(*interval(None, grade))
    raise Unusable("text where a number belongs")


def collected(
    holder: Element, observable: Observable, start: int | None, end: int, charted_hours: Decimal, converter: UnitConverter
) -> tuple[Bounds, int]:
    """A volume and the start of its period; a volume per hour is multiplied out over the period.

    Args:
        start: the start of the charted period, None where only a time was charted.
        charted_hours: what a volume per hour stands for where only a time was charted.

    Raises:
        Unusable: as `measured`; or a volume without a period, or over an empty one.
    """
    if values(holder) != ["valueQuantity"]:
        measured(holder, observable, converter)
        raise Unusable("no volume")
    comparator, number, unit = read_quantity(holder["valueQuantity"])
    try:
        per_hour = converter.in_unit(number, unit, f"{observable.unit}/h") if unit else None
    except (UnknownUnitError, OtherDimensionError):
        per_hour = None
    if per_hour is None:
        bounds = own_unit(comparator, number, unit, observable, converter)
        if start is None:
            raise Unusable("a volume without a period")
        if start >= end:
            raise Unusable("a volume over an empty period")
        return _no_less_than_nothing(bounds), start
    if start is None:
        start = end - int(charted_hours * MICROSECONDS_PER_HOUR)
    if start >= end:
        raise Unusable("a volume per hour over an empty period")
    volume = per_hour * (end - start) / MICROSECONDS_PER_HOUR
    return _no_less_than_nothing(plausible(comparator, volume, observable)), start


def _no_less_than_nothing(bounds: Bounds) -> Bounds:
    """A volume below some number is still at least 0."""
    return Bounds(max(bounds.low, 0.0), bounds.high)
