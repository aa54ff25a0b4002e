"""Rates of infusions, in the unit in which the guideline speaks of them (semantics, section 7)."""

import re
from decimal import Decimal
from typing import Final

import msgspec

from il2kg.errors import GuidelineError
from il2kg.guideline.model import Guideline, Observable
from il2kg.read.units import OtherDimensionError, UnknownUnitError, without_mass
from il2kg.read.values import (
    ANY_RATE,
    NO_QUANTITY,
    OTHER_DIMENSION,
    ChartedNumber,
    Unusable,
    Value,
    ValueReader,
    plausible,
    read_charted,
)
from il2kg.record import Measurement, interval
from il2kg.statements import Quantity, Unreadable

_ARBITRARY: Final = re.compile(r"[numkM]?(?:\[IU\]|\[iU\]|U|\[USP'U\]|\[arb'U\])/(?:kg/)?(?:s|min|h|d)")
"""UCUM: units of biological activity per time."""


class Rate(msgspec.Struct, frozen=True, gc=False):
    """The least and greatest that a rate may be; ``unit`` is set where it is an arbitrary one."""

    low: float
    high: float
    unit: str | None = None


UNKNOWN: Final = Rate(*ANY_RATE)


class PerBody(msgspec.Struct, frozen=True, gc=False):
    """A rate without a body mass: to be divided by the patient's weight."""

    charted: ChartedNumber


class RateReader:
    """Reads the rates of infusions."""

    def __init__(self, guideline: Guideline, values: ValueReader) -> None:
        self._values = values
        self._treatments = guideline.treatments
        self._infusions = [o for o in guideline.observables.values() if o.infusion_of is not None]
        self._by_unit = {o.unit: o for o in guideline.observables.values() if o.count is None}

    def observables(self, treatment: str) -> list[Observable]:
        """The observables that infusions of a treatment give values of, all in one unit.

        Raises:
            GuidelineError: they are in several units, so that a rate could not be compared with the limits of each.
        """
        above = (treatment, *self._treatments[treatment].ancestors)
        given = [o for o in self._infusions if o.infusion_of in above]
        units = {o.unit: o.id for o in given}
        if len(units) > 1:
            each = ", ".join(f"{name} in {unit}" for unit, name in units.items())
            raise GuidelineError(
                f"rates of {treatment} are measured in several units ({each}); give them one (il2:unit)"
            )
        return given

    def read(self, stated: Quantity | Unreadable, observables: list[Observable]) -> Rate | PerBody | Unusable:
        """A rate that every observable for which the drug counts finds plausible."""
        if isinstance(stated, Unreadable):
            return Unusable(NO_QUANTITY, stated.shown)
        charted = read_charted(stated)
        if isinstance(charted, Unusable):
            return charted
        unit = self._values.converter.code(charted.unit)
        if _ARBITRARY.fullmatch(unit) is not None and not any(_ARBITRARY.fullmatch(o.unit) for o in observables):
            if charted.number < 0:
                return Unusable("a rate below 0", charted.written)
            low, high = interval(charted.comparator, charted.number)
            return Rate(max(low, 0.0), high, unit)
        values = [self._values.quantity(stated, observable) for observable in observables]
        for value in values:
            if isinstance(value, Unusable):
                per_body = value.kind == OTHER_DIMENSION and self._without_mass(charted, observables[0]) is not None
                return PerBody(charted) if per_body else value
        assert isinstance(values[0], Value)
        return Rate(max(values[0].low, 0.0), values[0].high)

    def weight(self, observable: Observable) -> Observable | None:
        """What a rate's unit is per: the observable of the body that has one of its parts as unit."""
        return next((self._by_unit[part] for part in observable.unit.split("/")[1:] if part in self._by_unit), None)

    def per_weight(
        self, charted: ChartedNumber, weights: list[Measurement], observables: list[Observable]
    ) -> Rate | Unusable:
        """A rate divided by the weights that count at the start of the infusion."""
        least = Decimal(repr(min(weight.low for weight in weights)))
        greatest = Decimal(repr(max(weight.high for weight in weights)))
        bounds: list[Value] = []
        for mass in (greatest, least):
            for observable in observables:
                amount = self._without_mass(charted, observable)
                assert amount is not None
                if not mass.is_finite() or mass <= 0:
                    return UNKNOWN
                value = plausible(charted, self._values.converter.rounded(amount / mass), observable)
                if isinstance(value, Unusable):
                    return value
                bounds.append(value)
        return Rate(max(min(b.low for b in bounds), 0.0), max(b.high for b in bounds))

    def _without_mass(self, charted: ChartedNumber, observable: Observable) -> Decimal | None:
        """The rate in the observable's unit but for the body mass, if that is what it is a rate of."""
        weight = self.weight(observable)
        if weight is None or not charted.unit:
            return None
        try:
            target = without_mass(observable.unit, {weight.unit})
            conversion = self._values.converter.conversion(charted.unit, target)
        except (UnknownUnitError, OtherDimensionError):
            return None
        return charted.number * conversion.scale + conversion.offset
