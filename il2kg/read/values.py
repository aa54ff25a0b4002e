"""Values and rates as they were charted, as bounds in an observable's own unit, or the reason why not."""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import msgspec

from il2kg.guideline.coded_answers import Answers, Said
from il2kg.guideline.model import Observable
from il2kg.read.limits import REMEMBERED, SHOWN
from il2kg.read.units import OtherDimensionError, UnitConverter, UnknownUnitError
from il2kg.record import MICROSECONDS_PER_HOUR, interval
from il2kg.statements import CodedText, Quantity, Unreadable
from il2kg.statements import Value as Stated

UCUM: Final = "http://unitsofmeasure.org"
_NEGATIVE: Final = "negative"
_LOINC: Final = "http://loinc.org"

_COMPARATORS: Final = frozenset({"<", "<=", ">=", ">"})
_MOST_DIGITS: Final = 30
_MOST_DECIMALS: Final = 12


class Value(msgspec.Struct, frozen=True, gc=False):
    """The least and the greatest that a value may be, and the value as it was charted."""

    low: float
    high: float
    written: str


class Unusable(msgspec.Struct, frozen=True, gc=False):
    """A value that cannot be trusted: the kind of problem, and its details."""

    kind: str
    detail: str = ""


class ChartedNumber(msgspec.Struct, frozen=True, gc=False):
    """A FHIR Quantity as it was written: its unit is a UCUM code or a spelling, empty if there is none."""

    comparator: str | None
    number: Decimal
    unit: str
    printed: str | None
    written: str


OTHER_DIMENSION: Final = "a unit that measures something else"
NO_NUMBER: Final = "text where a number belongs"
NO_QUANTITY: Final = "not a number with a unit"
QUANTITY: Final = "Quantity"
"""The FHIR type of a number with a unit; one whose parts are of the wrong type is an `Unreadable` of it."""


class ValueReader:
    """Reads values for one guideline; each way of writing one is converted once."""

    def __init__(self, converter: UnitConverter, observables: Mapping[str, Observable], answers: Answers) -> None:
        self.converter = converter
        self._observables = observables
        self._answers = answers
        self.charted = lru_cache(maxsize=REMEMBERED)(self._read_quantity)
        """As `quantity`, of its parts: the observable's name, the number's type and digits, and the rest of it."""

    def measured(self, stated: Sequence[Stated], observable: Observable, unit: str | None) -> Value | Unusable:
        """The value of an Observation, or of one of its components.

        Args:
            stated: what stands where its value belongs.
            observable: what is measured.
            unit: that of a value that comes without one, where a map of codes says so.
        """
        if len(stated) != 1:
            return Unusable("several values", ", ".join(sorted(map(_type, stated)))) if stated else Unusable("no value")
        (value,) = stated
        if isinstance(value, Quantity):
            return self.quantity(value, observable, unit)
        if observable.grades and not isinstance(value, Unreadable):
            return self._graded(value, observable)
        if isinstance(value, Unreadable) and value.type == QUANTITY:
            return Unusable(NO_QUANTITY, value.shown)
        return Unusable(NO_NUMBER, shown(value))

    def quantity(self, quantity: Quantity, observable: Observable, unit: str | None = None) -> Value | Unusable:
        """The bounds of a number in the observable's own unit; ``unit`` is that of a number without one."""
        return self.charted(observable.id, *_parts(quantity), unit)

    def _read_quantity(
        self,
        name: str,
        kind: type,
        number: str,
        comparator: str | None,
        printed: str | None,
        system: str | None,
        code: str | None,
        unit: str | None,
    ) -> Value | Unusable:
        observable = self._observables[name]
        charted = _charted(kind, number, comparator, printed, system, code, unit)
        if isinstance(charted, Unusable):
            return charted
        if self.contradicted(charted, observable):
            return Unusable("printed unit that contradicts its code", f"{charted.printed!r}, coded {charted.unit!r}")
        return self.own_unit(charted, observable)

    def contradicted(self, charted: ChartedNumber, observable: Observable) -> bool:
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

    def own_unit(self, charted: ChartedNumber, observable: Observable) -> Value | Unusable:
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

    def _graded(self, value: CodedText | str | bool, observable: Observable) -> Value | Unusable:
        """A grade in words: one that the observable knows; where one is `negative`, `positive` is any above."""
        grades, said = observable.grades, set[Said | None]()
        if isinstance(value, bool):
            said.add(Said.PRESENT if value else Said.ABSENT)
        else:
            codings = value.codings if isinstance(value, CodedText) else ()
            answers = [coding.code for coding in codings if coding.code and coding.system == _LOINC]
            for text in (*([value] if isinstance(value, str) else value.texts), *answers):
                if (grade := grades.get(text.strip().lower())) is not None:
                    return Value(*interval(None, grade), text.strip())
            said = answers_of(value, self._answers)
        written = shown(value)
        none = grades.get(_NEGATIVE)
        some = sorted(grade for grade in grades.values() if none is not None and grade > none)
        if said == {Said.ABSENT} and none is not None:
            return Value(*interval(None, none), written)
        if said == {Said.PRESENT} and some:
            return Value(interval(None, some[0])[0], interval(None, some[-1])[1], written)
        return Unusable("a result that is not known", written)


def answers_of(value: CodedText | str, answers: Answers) -> set[Said | None]:
    """What is answered, by codings and, where none is known, by words."""
    if isinstance(value, str):
        return {answers.written(value)} - {None}
    known = {answers.coded(coding.system, coding.code) for coding in value.codings if coding.code} - {None}
    return known or {answers.written(text) for text in value.texts} - {None}


def plausible(charted: ChartedNumber, value: Decimal, observable: Observable) -> Value | Unusable:
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


def read_charted(quantity: Quantity, unit: str | None = None) -> ChartedNumber | Unusable:
    """A number as it was written; ``unit`` is that of a number without one."""
    return _known_charted(*_parts(quantity), unit)


def _parts(quantity: Quantity) -> tuple[Any, str, str | None, str | None, str | None, str | None]:
    """A quantity as what it is remembered by: of which type its number is, and how that and all else is written."""
    number = quantity.number
    return number.__class__, _digits(number), quantity.comparator, quantity.unit, quantity.system, quantity.code


def _digits(number: object) -> str:
    try:
        return str(number)
    except ValueError:  # an integer of more digits than Python cares to write
        return "Infinity"


def _charted(
    kind: type,
    number: str,
    comparator: str | None,
    printed: str | None,
    system: str | None,
    code: str | None,
    unit: str | None,
) -> ChartedNumber | Unusable:
    if kind is not int and kind is not Decimal:
        return Unusable("no value") if kind is type(None) else Unusable(NO_NUMBER, repr(number[:SHOWN]))
    value = Decimal(number)
    if not value.is_finite() or (value and not -_MOST_DECIMALS <= value.adjusted() <= _MOST_DIGITS):
        return Unusable("a number too large or too long to be meant", number[:SHOWN])
    if comparator is not None and comparator not in _COMPARATORS:
        return Unusable("comparator that cannot be read", repr(comparator)[:SHOWN])
    printed = printed if printed and not printed.isspace() else None
    code = "" if code is None or code.isspace() else code
    used = code if code and system in (None, UCUM) else printed or unit or ""
    shown = printed or code or unit or ""
    written = f"{comparator or ''}{value:f}{' ' if shown else ''}{shown}"
    return ChartedNumber(comparator, value, used, printed, written)


_known_charted = lru_cache(maxsize=REMEMBERED, typed=True)(_charted)


def shown(value: Stated) -> str:
    """A value as a person would read it: its words, else its code, else as it stands."""
    match value:
        case CodedText():
            codes = [coding.code for coding in value.codings if coding.code]
            said = next(iter((*value.texts, *codes)), "")
        case Quantity():
            said = _digits(value.number)
        case Unreadable():
            said = value.shown
        case _:
            said = str(value)
    return said[:SHOWN]


def _type(value: Stated) -> str:
    """The FHIR type of a value, for a message."""
    match value:
        case Quantity():
            return QUANTITY
        case CodedText():
            return "CodeableConcept"
        case Unreadable():
            return value.type
        case _:
            return "Boolean" if isinstance(value, bool) else "String"


def per_period(
    reader: ValueReader, charted: ChartedNumber, observable: Observable, hours: Decimal
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
    value = plausible(charted, per_hour * hours, observable)
    return value if isinstance(value, Unusable) else no_less_than_nothing(value)


def no_less_than_nothing(value: Value) -> Value:
    """A volume or a rate below some number is still at least 0."""
    return value if value.low >= 0 else Value(0.0, value.high, value.written)


def hours_between(start: int, end: int) -> Decimal:
    """The hours from one instant to another."""
    return Decimal(end - start) / MICROSECONDS_PER_HOUR


ANY_RATE: Final = (0.0, math.inf)
