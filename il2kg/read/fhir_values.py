"""Values of FHIR Observations and rates as bounds in an observable's own unit, or the reason why not."""

import math
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple

from il2kg.guideline.answers import Answers, Said
from il2kg.guideline.model import Observable
from il2kg.read.elements import REMEMBERED, SHOWN, Element, as_element, codings, texts
from il2kg.read.units import OtherDimensionError, UnitConverter, UnknownUnitError
from il2kg.record import MICROSECONDS_PER_HOUR, interval

UCUM: Final = "http://unitsofmeasure.org"
_NEGATIVE: Final = "negative"
_LOINC: Final = "http://loinc.org"

_COMPARATORS: Final = frozenset({"<", "<=", ">=", ">"})
_MOST_DIGITS: Final = 30
_MOST_DECIMALS: Final = 12


class Value(NamedTuple):
    """The least and the greatest that a value may be, and the value as it was charted."""

    low: float
    high: float
    written: str


class Unusable(NamedTuple):
    """A value that cannot be trusted: the kind of problem, and its details."""

    kind: str
    detail: str = ""


class Charted(NamedTuple):
    """A FHIR Quantity as it was written: its unit is a UCUM code or a spelling, empty if there is none."""

    comparator: str | None
    number: Decimal
    unit: str
    printed: str | None
    written: str


OTHER_DIMENSION: Final = "unit of another dimension"
NO_NUMBER: Final = Unusable("text where a number belongs")


class ValueReader:
    """Reads values for one guideline; each way of writing one is converted once."""

    def __init__(self, converter: UnitConverter, observables: Mapping[str, Observable], answers: Answers) -> None:
        self.converter = converter
        self._observables = observables
        self._answers = answers
        self._quantity = lru_cache(maxsize=REMEMBERED)(self._read_quantity)

    def measured(
        self, holder: Element, found: tuple[str, ...], observable: Observable, unit: str | None
    ) -> Value | Unusable:
        """The value of an Observation, or of one of its components.

        Args:
            holder: where the value stands.
            found: the names of its ``value[x]`` elements.
            observable: what is measured.
            unit: that of a value that comes without one, where a map of codes says so.
        """
        if len(found) != 1:
            return Unusable("several values" if found else "no value", ", ".join(sorted(found)))
        value = holder[found[0]]
        match found[0]:
            case "valueQuantity":
                return self.quantity(value, observable, unit)
            case "valueInteger":
                charted = charted_number(value, unit or "")
                return charted if isinstance(charted, Unusable) else self.own_unit(charted, observable)
            case "valueString" | "valueCodeableConcept" | "valueBoolean" if observable.grades:
                return self._graded(value, observable)
            case _:
                return Unusable(NO_NUMBER.kind, _shown(value))

    def quantity(self, value: object, observable: Observable, unit: str | None = None) -> Value | Unusable:
        """The bounds of a FHIR Quantity in the observable's own unit; ``unit`` is that of a number without one."""
        if not isinstance(value, dict):
            return Unusable("value is no Quantity", _shown(value))
        number: Any = value.get("value")
        try:
            return self._quantity(
                observable.id,
                number.__class__,
                str(number),
                value.get("comparator"),
                value.get("unit"),
                value.get("system"),
                value.get("code"),
                unit,
            )
        except (TypeError, ValueError):  # not hashable, or an integer of more digits than Python writes
            return Unusable("Quantity with parts of the wrong type", _shown(value))

    def _read_quantity(
        self,
        name: str,
        kind: type,
        number: str,
        comparator: object,
        printed: object,
        system: object,
        code: object,
        unit: str | None,
    ) -> Value | Unusable:
        observable = self._observables[name]
        charted = _charted(kind, number, comparator, printed, system, code, unit)
        if isinstance(charted, Unusable):
            return charted
        if self.contradicted(charted, observable):
            return Unusable("printed unit that contradicts its code", f"{charted.printed!r}, coded {charted.unit!r}")
        return self.own_unit(charted, observable)

    def contradicted(self, charted: Charted, observable: Observable) -> bool:
        """Whether the printed unit is a known one, and another than the coded one."""
        converter, printed, unit = self.converter, charted.printed, charted.unit
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

    def own_unit(self, charted: Charted, observable: Observable) -> Value | Unusable:
        """Bounds in the observable's own unit; unusable without a unit that says how to get there, or implausible."""
        unit = charted.unit
        if observable.unit.startswith("{"):
            if unit not in ("", "1") and not (unit.startswith("{") and unit.endswith("}")):
                return Unusable("unit where a plain number belongs", repr(unit[:SHOWN]))
            return plausible(charted, charted.number, observable)
        if not unit:
            return Unusable("no unit", f"{charted.written}; {observable.unit} is expected")
        try:
            value = self.converter.in_own_unit(charted.number, unit, observable)
        except UnknownUnitError:
            return Unusable("unknown unit", repr(unit[:SHOWN]))
        except OtherDimensionError:
            return Unusable(OTHER_DIMENSION, f"{unit[:SHOWN]!r}; {observable.unit!r} is expected")
        return plausible(charted, value, observable)

    def _graded(self, value: object, observable: Observable) -> Value | Unusable:
        """A grade in words: one that the observable knows; where one is `negative`, `positive` is any above."""
        grades, said = observable.grades, set[Said | None]()
        if isinstance(value, bool):
            said.add(Said.PRESENT if value else Said.ABSENT)
        else:
            answers = [coding.code for coding in codings(value) if coding.code and coding.system == _LOINC]
            for text in (*([value] if isinstance(value, str) else texts(value)), *answers):
                if (grade := grades.get(text.strip().lower())) is not None:
                    return Value(*interval(None, grade), text.strip())
            said = answers_of(value, self._answers)
        written = _shown(as_element(value).get("text") or value)
        none = grades.get(_NEGATIVE)
        some = sorted(grade for grade in grades.values() if none is not None and grade > none)
        if said == {Said.ABSENT} and none is not None:
            return Value(*interval(None, none), written)
        if said == {Said.PRESENT} and some:
            return Value(interval(None, some[0])[0], interval(None, some[-1])[1], written)
        return Unusable("no grade", written)


def answers_of(value: object, answers: Answers) -> set[Said | None]:
    """What a string or a CodeableConcept answers: by its codings and, where none is known, by its words."""
    said = {answers.coded(coding.system, coding.code) for coding in codings(value) if coding.code}
    known = said - {None}
    if not known:
        known = {answers.written(text) for text in ([value] if isinstance(value, str) else texts(value))} - {None}
    return known


def plausible(charted: Charted, value: Decimal, observable: Observable) -> Value | Unusable:
    """Bounds of a value in the observable's own unit, if its number can be believed."""
    if observable.plausible is not None:
        least, greatest = observable.plausible
        if not least <= value <= greatest:
            own = "" if value == charted.number else f", which is {value.normalize():f} {observable.unit}"
            return Unusable(
                "outside the plausible range",
                f"{charted.written}{own}; plausible are {least} to {greatest} {observable.unit}",
            )
    return Value(*interval(charted.comparator, value), charted.written)


def read_charted(quantity: object, unit: str | None = None) -> Charted | Unusable:
    """A FHIR Quantity as it was written; ``unit`` is that of a number without one."""
    if not isinstance(quantity, dict):
        return Unusable("value is no Quantity", _shown(quantity))
    number = quantity.get("value")
    get = quantity.get
    kind, digits = number.__class__, _digits(number)
    parts: list[Any] = [kind, digits, get("comparator"), get("unit"), get("system"), get("code"), unit]
    try:
        return _known_charted(*parts)
    except TypeError:  # not hashable
        return _charted(*parts)


def charted_number(value: object, unit: str) -> Charted | Unusable:
    """A number without a Quantity around it."""
    return _charted(value.__class__, _digits(value), None, None, None, None, unit)


def _digits(number: object) -> str:
    try:
        return str(number)
    except ValueError:  # an integer of more digits than Python cares to write
        return "Infinity"


def _charted(
    kind: type, number: str, comparator: object, printed: object, system: object, code: object, unit: str | None
) -> Charted | Unusable:
    if kind is not int and kind is not Decimal:
        return Unusable("no value") if kind is type(None) else Unusable(NO_NUMBER.kind, repr(number[:SHOWN]))
    value = Decimal(number)
    if not value.is_finite() or (value and not -_MOST_DECIMALS <= value.adjusted() <= _MOST_DIGITS):
        return Unusable("no plausible number", number[:SHOWN])
    if comparator is not None and not (isinstance(comparator, str) and comparator in _COMPARATORS):
        return Unusable("comparator that cannot be read", repr(comparator)[:SHOWN])
    if not isinstance(printed, str) or printed.isspace() or not printed:
        printed = None
    if not isinstance(code, str) or code.isspace():
        code = ""
    used = code if code and system in (None, UCUM) else printed or unit or ""
    shown = printed or code or unit or ""
    written = f"{comparator or ''}{value:f}{' ' if shown else ''}{shown}"
    return Charted(comparator if isinstance(comparator, str) else None, value, used, printed, written)


_known_charted = lru_cache(maxsize=REMEMBERED, typed=True)(_charted)


def _shown(value: Any) -> str:
    return (value if isinstance(value, str) else str(value))[:SHOWN]


def per_period(
    reader: ValueReader, charted: Charted, observable: Observable, hours: Decimal
) -> Value | Unusable | None:
    """The volume that a volume per hour makes over some hours; None where it is no volume per hour."""
    try:
        per_hour = (
            reader.converter.in_unit(charted.number, charted.unit, f"{observable.unit}/h") if charted.unit else None
        )
    except (UnknownUnitError, OtherDimensionError):
        return None
    if per_hour is None:
        return None
    found = plausible(charted, per_hour * hours, observable)
    return found if isinstance(found, Unusable) else no_less_than_nothing(found)


def no_less_than_nothing(value: Value) -> Value:
    """A volume or a rate below some number is still at least 0."""
    return value if value.low >= 0 else Value(0.0, value.high, value.written)


def hours_between(start: int, end: int) -> Decimal:
    """The hours from one instant to another."""
    return Decimal(end - start) / MICROSECONDS_PER_HOUR


ANY_RATE: Final = (0.0, math.inf)
