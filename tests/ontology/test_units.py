"""Spellings of units: each means a UCUM unit, and none means what it says in UCUM by accident."""

from decimal import Decimal

import pytest

from il2kg.bulk import load_engine
from il2kg.read.units import OtherDimensionError, UnitConverter, ask_library

GUIDELINE = load_engine().guideline
CONVERTER = UnitConverter.of(GUIDELINE)


def test_each_spelling_is_ucum() -> None:
    assert len(GUIDELINE.unit_spellings) > 250
    for code in set(GUIDELINE.unit_spellings.values()):
        assert ask_library(code, code).identical, code


@pytest.mark.parametrize(
    ("value", "written", "unit", "expected"),
    [
        ("250", "K/uL", "10*3/uL", "250"),
        ("250", "G/L", "10*3/uL", "250"),
        ("250000", "/mm3", "10*3/uL", "250"),
        ("18", "mEq/L", "mmol/L", "18"),
        ("80", "MG", "kg", "0.00008"),
        ("1200", "ML", "mL", "1200"),
        ("120", "bpm", "/min", "120"),
        ("0.97", "fraction", "%", "97"),
        ("98.6", "F", "Cel", "37"),
        ("0.4", "mcg/kg/minute", "ug/kg/min", "0.4"),
        ("12", "kPa", "mm[Hg]", "90.0074"),
        ("30", "IU/L", "U/L", "30"),
        ("2.5", "uIU/mL", "m[IU]/L", "2.5"),
        ("600000", "units/kg", "[IU]/kg", "600000"),
    ],
)
def test_a_spelling_means_what_records_mean_by_it(value: str, written: str, unit: str, expected: str) -> None:
    assert CONVERTER.in_unit(Decimal(value), written, unit) == Decimal(expected)


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("units/min", "ug/kg/min"),
        ("units/hr", "ug/kg/min"),
        ("U/kg", "ug/kg"),
        ("units", "mg"),
        ("[IU]/min", "/min"),
        ("mU/L", "U/L"),
        ("mcg/min", "ug/kg/min"),
        ("K", "10*3/uL"),
        ("mmHg", "%"),
    ],
)
def test_units_of_different_things_do_not_convert(written: str, unit: str) -> None:
    with pytest.raises(OtherDimensionError):
        CONVERTER.conversion(written, unit)
