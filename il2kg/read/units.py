"""Values in an observable's own unit.

UCUM is done by ucumvert (a parser and pint registry for all of UCUM). Because that library takes a second and a half to
start, ``il2kg build`` asks it once for the units that records are known to use and keeps its answers in
``ontology/compiled/unit-conversions.tsv``; a unit that is not there is asked of the library when it turns up.
"""

import csv
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from il2kg.errors import GuidelineError
from il2kg.guideline.model import Guideline, Observable

# A double carries 15 digits; the library's last ones are noise of its own arithmetic.
_LIBRARY_DIGITS = Context(prec=13, rounding=ROUND_HALF_EVEN)
_ANNOTATION = re.compile(r"\{[^{}]*\}")
_PER_ANNOTATION = re.compile(r"/\{[^{}]*\}")
# Units of one substance's effect, which UCUM calls arbitrary; the library takes them for plain numbers.
_ARBITRARY = re.compile(r"\[(?:IU|ARB'U|USP'U)\]")


@dataclass(frozen=True, slots=True)
class Conversion:
    """``value * scale + offset`` is the value in the other unit."""

    scale: Decimal
    offset: Decimal

    @property
    def identical(self) -> bool:
        """Whether it changes nothing."""
        return self.scale == 1 and self.offset == 0


_IDENTICAL = Conversion(Decimal(1), Decimal(0))


class UnknownUnitError(ValueError):
    """A unit that is neither UCUM nor a known spelling."""


class OtherDimensionError(ValueError):
    """A unit that measures something else."""


@cache
def _registry() -> Any:
    from ucumvert import PintUcumRegistry

    return PintUcumRegistry()


def _parsed(code: str) -> Any:
    """The pint unit of a UCUM code; annotations such as ``{beats}`` stand for 1."""
    bare = _ANNOTATION.sub("", _PER_ANNOTATION.sub("", code))
    if bare.startswith("/"):
        bare = "1" + bare
    if not bare or bare == "1":
        return _registry().dimensionless
    try:
        return _registry().from_ucum(bare)
    except Exception as error:  # the library raises its parser's own errors, of many kinds
        raise UnknownUnitError(code) from error


def ask_library(source: str, target: str) -> Conversion:
    """How to get from one UCUM unit to another. An arbitrary unit, such as ``[IU]``, converts into no other.

    Raises:
        UnknownUnitError: the source is not UCUM.
        OtherDimensionError: the two do not measure the same thing.
    """
    if sorted(_ARBITRARY.findall(source.upper())) != sorted(_ARBITRARY.findall(target.upper())):
        _parsed(source)  # a unit that is none at all is another mistake
        raise OtherDimensionError(source)
    import pint

    quantity, registry = registry_quantity(source)
    wanted = _parsed(target)
    units = getattr(wanted, "units", wanted)
    factor = getattr(wanted, "magnitude", 1)

    def convert(value: float) -> Decimal:
        magnitude = registry.Quantity(value * quantity[0], quantity[1]).to(units).magnitude / factor
        return _LIBRARY_DIGITS.create_decimal_from_float(float(magnitude)).normalize()

    try:
        offset, one, hundred = convert(0), convert(1), convert(100)
    except pint.errors.PintError as error:
        raise OtherDimensionError(source) from error
    scale = _LIBRARY_DIGITS.divide(hundred - offset, Decimal(100)).normalize()
    if abs(offset + scale - one) > abs(scale) * Decimal("1e-9"):
        raise OtherDimensionError(source)  # a logarithmic unit: no factor converts it
    return Conversion(scale, offset)


def registry_quantity(code: str) -> tuple[tuple[float, Any], Any]:
    """A UCUM code as a (magnitude, pint unit) pair, and the registry that it belongs to."""
    parsed = _parsed(code)
    return (float(getattr(parsed, "magnitude", 1)), getattr(parsed, "units", parsed)), _registry()


def read_conversions(path: Path) -> dict[tuple[str, str], Conversion | None]:
    """The compiled conversions: (source, target) to how, or None where the dimensions differ.

    Raises:
        GuidelineError: the table is missing or damaged.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
            return {
                (row["source"], row["target"]): Conversion(Decimal(row["scale"]), Decimal(row["offset"]))
                if row["scale"]
                else None
                for row in rows
            }
    except (OSError, KeyError, ArithmeticError) as error:
        raise GuidelineError(f"{path}: no table of unit conversions: run `il2kg build`") from error


@dataclass(frozen=True)
class UnitConverter:
    """Brings charted values into observables' own units, for one guideline."""

    spellings: Mapping[str, str]
    digits: int
    known: dict[tuple[str, str], Conversion | None] = field(repr=False)

    @classmethod
    def of(cls, guideline: Guideline) -> "UnitConverter":
        """The converter of a guideline, by its compiled conversions."""
        path = guideline.folder.conversions
        return cls(guideline.unit_spellings, guideline.conventions.significant_digits, read_conversions(path))

    def code(self, unit: str) -> str:
        """The UCUM code for a unit as a record writes it."""
        return self.spellings.get(unit, unit)

    def knows(self, unit: str) -> bool:
        """Whether a unit, as written, is one of those that records are known to use."""
        return self.code(unit) in self.known_codes

    @cached_property
    def known_codes(self) -> frozenset[str]:
        """The UCUM codes that records are known to use."""
        return frozenset(self.spellings.values())

    def conversion(self, source: str, target: str) -> Conversion:
        """How to get from one unit, as written, to another.

        Raises:
            UnknownUnitError: the source is neither UCUM nor a known spelling.
            OtherDimensionError: the two do not measure the same thing.
        """
        if source == target:
            return _IDENTICAL
        code = self.code(source)
        if code == target:
            return _IDENTICAL
        if (code, target) not in self.known:
            try:
                self.known[code, target] = ask_library(code, target)
            except OtherDimensionError:
                self.known[code, target] = None
        conversion = self.known[code, target]
        if conversion is None:
            raise OtherDimensionError(source)
        return conversion

    def rounded(self, value: Decimal) -> Decimal:
        """A converted or computed value at the precision at which such values are compared."""
        return Context(prec=self.digits, rounding=ROUND_HALF_EVEN).plus(value)

    def in_unit(self, value: Decimal, source: str, target: str) -> Decimal:
        """A value in another unit: as written if the unit is the same, else rounded.

        Raises:
            UnknownUnitError, OtherDimensionError: as `conversion`.
        """
        conversion = self.conversion(source, target)
        if conversion is _IDENTICAL or conversion.identical:
            return value
        return self.rounded(value * conversion.scale + conversion.offset)

    def in_own_unit(self, value: Decimal, source: str, observable: Observable) -> Decimal:
        """A value in an observable's own unit, by way of its molar unit where that is needed.

        Raises:
            UnknownUnitError, OtherDimensionError: as `conversion`.
        """
        try:
            return self.in_unit(value, source, observable.unit)
        except OtherDimensionError:
            if observable.molar is None:
                raise
            molar_unit, equivalent = observable.molar
            conversion = self.conversion(source, molar_unit)
            return self.rounded((value * conversion.scale + conversion.offset) / equivalent)


def without_mass(unit: str, masses: Collection[str]) -> str:
    """A unit that is per some body mass (``ug/kg/min``) without it (``ug/min``); ``masses`` are units of such."""
    amount, *per = unit.split("/")
    return "/".join((amount, *(part for part in per if part not in masses)))
