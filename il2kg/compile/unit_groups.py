"""Which units a value may have, by what they make of it, and between which numbers it is believed in each.

The reader is asked, not imitated: a bound is the least, or the greatest, number that `UnitConverter` brings into the
plausible range. So shapes and reader agree at every bound, for numbers of up to 15 digits and 17 decimal places.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from il2kg.errors import GuidelineError
from il2kg.guideline.model import Guideline, Observable
from il2kg.read.units import OtherDimensionError, UnitConverter, UnknownUnitError, without_mass

_DIGITS: Final = 15
_PLACES: Final = 17
"""Decimals of up to 15 digits never share a double; engines hold no more than 18 decimal places."""
_NEAR: Final = Decimal("1e-4")
"""How far a bound may lie from where the conversion without rounding puts it."""
_ONE: Final = Decimal(1)

Bounds = tuple[Decimal, Decimal | None]
"""The least and the greatest number that is believed; None: that depends on more than the number."""
Own = Callable[[Decimal], Decimal]
"""A value in an observable's own unit."""


@dataclass(frozen=True, slots=True)
class UnitGroup:
    """Units, as they are written, in which a number means the same, and from which to which number it is believed."""

    units: tuple[str, ...]
    bounds: Bounds | None


class UnitTable:
    """The units that are listed, and what each makes of the values of an observable."""

    def __init__(self, guideline: Guideline, converter: UnitConverter, more: Iterable[str] = ()) -> None:
        """List the units that records are known to use, and some ``more``."""
        observables = [o for o in guideline.observables.values() if o.count is None and is_measured(o)]
        own = {o.unit for o in observables} | {o.molar[0] for o in observables if o.molar is not None}
        self._converter = converter
        self._masses = {o.unit for o in observables}
        self.listed = tuple(sorted({*guideline.unit_spellings, *guideline.unit_spellings.values(), *own, *more}))

    @classmethod
    def of(cls, guideline: Guideline, more: Iterable[str] = ()) -> "UnitTable":
        """The table of a guideline; conversions that are not compiled yet are asked of the library."""
        return cls(guideline, converter_of(guideline), more)

    def groups(self, observable: Observable) -> tuple[UnitGroup, ...]:
        """The units that values of an observable may have."""
        return self._grouped(observable, lambda unit: lambda v: self._converter.in_own_unit(v, unit, observable))

    def flows(self, observable: Observable) -> tuple[UnitGroup, ...]:
        """Of a volume, the units per hour; how much of it is believed depends on how long it was collected."""
        if not observable.collected:
            return ()
        per_hour = f"{observable.unit}/h"
        groups = self._grouped(observable, lambda unit: lambda v: self._converter.in_unit(v, unit, per_hour))
        return tuple(UnitGroup(g.units, None if g.bounds is None else (g.bounds[0], None)) for g in groups)

    def without_body(self, observable: Observable) -> tuple[str, ...]:
        """Of a rate per body mass, the units without one, which are read where a weight is charted."""
        target = without_mass(observable.unit, self._masses)
        if target == observable.unit:
            return ()
        groups = self._grouped(observable, lambda unit: lambda v: self._converter.in_unit(v, unit, target))
        return tuple(sorted(unit for group in groups for unit in group.units))

    def _grouped(self, observable: Observable, own_of: Callable[[str], Own]) -> tuple[UnitGroup, ...]:
        groups: dict[tuple[Decimal, Bounds | None], list[str]] = {}
        for unit in self.listed:
            own = own_of(unit)
            try:
                one = own(_ONE)
            except (UnknownUnitError, OtherDimensionError):
                continue
            bounds = None if observable.plausible is None else _bounds(own, observable.plausible)
            groups.setdefault((one.normalize(), bounds), []).append(unit)
        return tuple(UnitGroup(tuple(units), bounds) for (_, bounds), units in groups.items())


def converter_of(guideline: Guideline) -> UnitConverter:
    """The reader's converter; before the first build, one that knows no conversion by heart."""
    try:
        return UnitConverter.of(guideline)
    except GuidelineError:
        return UnitConverter(guideline.unit_spellings, guideline.conventions.significant_digits, {})


def is_measured(observable: Observable) -> bool:
    """Whether values of an observable have a unit, and are not mere numbers such as grades."""
    return not observable.unit.startswith("{")


def _bounds(own: Own, plausible: tuple[Decimal, Decimal]) -> Bounds:
    """The least and the greatest number of some unit that a range in the own unit holds."""
    least, greatest = plausible
    zero, one = own(Decimal(0)), own(_ONE)
    scale = one - zero
    low = _first(lambda v: own(v) >= least, (least - zero) / scale)
    high = _first(lambda v: own(-v) <= greatest, -(greatest - zero) / scale)
    return low, -high


def _first(holds: Callable[[Decimal], bool], near: Decimal) -> Decimal:
    """The least number, near another, of which something holds that holds of all numbers above it."""
    places = min(_PLACES, _DIGITS - 1 - (near.adjusted() if near else 0))
    step = Decimal(1).scaleb(-places)
    width = abs(near) * _NEAR + step
    below = (near - width).quantize(step, ROUND_FLOOR)
    above = (near + width).quantize(step, ROUND_CEILING)
    low, high = int(below / step), int(above / step)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle * step) else (middle, high)
    return (high * step).normalize()
