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
_MOST_DECIMALS = 12


class UnusableValueError(ValueError):
    """A value that cannot be trusted; the message is the problem to report."""


class Bounds(NamedTuple):
    """The least and the greatest that a value may be."""

    low: float
    high: float


UNKNOWN = Bounds(-math.inf, math.inf)


def read_number(value: object) -> Decimal:
    """A JSON number, exactly as written.

    Raises:
        UnusableValueError: it is no number, or one that no measurement can have.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise UnusableValueError("no value" if value is None else "text where a number belongs")
    number = Decimal(value)
    if not number.is_finite() or (number and not -_MOST_DECIMALS <= number.adjusted() <= _MOST_DIGITS):
        raise UnusableValueError(f"{str(value)[:20]} is no plausible number")
    return number


class Charted(NamedTuple):
    """A FHIR Quantity as it was written: its unit is a UCUM code or a spelling, empty if there is none."""

    comparator: str | None
    number: Decimal
    unit: str


def read_quantity(quantity: object) -> Charted:
    """The comparator, number and unit of a FHIR Quantity.

    Raises:
        UnusableValueError: the number or the comparator is missing or of the wrong type.
    """
    if not isinstance(quantity, dict):
        raise UnusableValueError("value is no Quantity")
    number = read_number(quantity.get("value"))
    comparator = quantity.get("comparator")
    if comparator is not None and not (isinstance(comparator, str) and comparator in _COMPARATORS):
        raise UnusableValueError(f"comparator {str(comparator)[:10]!r} cannot be read")
    return Charted(comparator, number, _unit(quantity))


def _unit(quantity: Element) -> str:
    code, unit = as_text(quantity.get("code")), as_text(quantity.get("unit"))
    if code and quantity.get("system") in (None, UCUM):
        return code
    return unit or ""


def _contradicted(quantity: Element, unit: str, observable: Observable, converter: UnitConverter) -> bool:
    """Whether the printed unit is a known one, and another than the coded one."""
    printed = as_text(quantity.get("unit"))
    if printed is None or printed == unit or converter.code(printed) == converter.code(unit):
        return False
    if not converter.knows(printed):
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


def own_unit(charted: Charted, observable: Observable, converter: UnitConverter) -> Bounds:
    """Bounds in the observable's own unit.

    Raises:
        UnusableValueError: no unit, an unknown one, one of another dimension, or a value outside the plausible range.
    """
    comparator, number, unit = charted
    if observable.unit.startswith("{"):
        if unit not in ("", "1") and not (unit.startswith("{") and unit.endswith("}")):
            raise UnusableValueError(f"unit {unit!r} where a plain number belongs")
        value = number
    elif not unit:
        raise UnusableValueError("no unit")
    else:
        try:
            value = converter.in_own_unit(number, unit, observable)
        except UnknownUnitError:
            raise UnusableValueError(f"unknown unit {unit!r}") from None
        except OtherDimensionError:
            raise UnusableValueError(f"unit {unit!r} is of another dimension than {observable.unit!r}") from None
    return plausible(comparator, value, observable)


def plausible(comparator: str | None, value: Decimal, observable: Observable) -> Bounds:
    """Bounds of a value whose number can be believed.

    Raises:
        UnusableValueError: the number is outside the observable's plausible range.
    """
    if observable.plausible is not None:
        least, greatest = observable.plausible
        if not least <= value <= greatest:
            raise UnusableValueError(f"{value} {observable.unit} is outside the plausible range {least} to {greatest}")
    return Bounds(*interval(comparator, value))


def measured(holder: Element, observable: Observable, converter: UnitConverter) -> Bounds:
    """The value of an Observation, or of one of its components.

    Raises:
        UnusableValueError: as `own_unit`; or no value, several, or text where a number belongs.
    """
    found = values(holder)
    if len(found) != 1:
        raise UnusableValueError("several values" if found else "no value")
    value = holder[found[0]]
    match found[0]:
        case "valueQuantity":
            charted = read_quantity(value)
            if _contradicted(value, charted.unit, observable, converter):
                raise UnusableValueError(f"unit {value.get('unit')!r} contradicts its code {charted.unit!r}")
            return own_unit(charted, observable, converter)
        case "valueInteger":
            return own_unit(Charted(None, read_number(value), ""), observable, converter)
        case "valueString":
            return _graded([value], observable)
        case "valueCodeableConcept":
            written: list[object] = ["negative"] if codes(value) & NEGATIVE else []
            written += [as_element(value).get("text")]
            written += [as_element(coding).get("display") for coding in as_list(as_element(value).get("coding"))]
            return _graded(written, observable)
        case _:
            raise UnusableValueError("text where a number belongs")


def _graded(written: list[object], observable: Observable) -> Bounds:
    for text in written:
        if isinstance(text, str) and (grade := observable.grades.get(text.strip().lower())) is not None:
            return Bounds(*interval(None, grade))
    raise UnusableValueError("text where a number belongs")


def collected(
    holder: Element,
    observable: Observable,
    period: tuple[int | None, int],
    charted_hours: Decimal,
    converter: UnitConverter,
) -> tuple[Bounds, int]:
    """A volume and the start of its period; a volume per hour is multiplied out over the period.

    Args:
        holder: where the value stands.
        observable: what is collected.
        period: its start, None where only a time was charted, and its end or that time.
        charted_hours: what a volume per hour stands for where only a time was charted.
        converter: brings the value into the observable's unit.

    Raises:
        UnusableValueError: as `measured`; or a volume without a period, or over an empty one.
    """
    if values(holder) != ["valueQuantity"]:
        measured(holder, observable, converter)
        raise UnusableValueError("no volume")
    charted = read_quantity(holder["valueQuantity"])
    start, end = period
    try:
        unit = charted.unit
        per_hour = converter.in_unit(charted.number, unit, f"{observable.unit}/h") if unit else None
    except (UnknownUnitError, OtherDimensionError):
        per_hour = None
    if per_hour is not None and start is None:
        start = end - int(charted_hours * MICROSECONDS_PER_HOUR)
    if per_hour is None:
        bounds = own_unit(charted, observable, converter)
    if start is None:
        raise UnusableValueError("a volume without a period")
    if start >= end:
        raise UnusableValueError("a volume over an empty period")
    if per_hour is not None:
        volume = per_hour * (end - start) / MICROSECONDS_PER_HOUR
        bounds = plausible(charted.comparator, volume, observable)
    return _no_less_than_nothing(bounds), start


def _no_less_than_nothing(bounds: Bounds) -> Bounds:
    """A volume below some number is still at least 0."""
    return Bounds(max(bounds.low, 0.0), bounds.high)
