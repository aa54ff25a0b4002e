"""UCUM codes as people write them."""

_PLAIN_UNITS = {
    "mm[Hg]": "mmHg",
    "10*3/uL": "x10^3/uL",
    "/min": "/min",
    "Cel": "C",
    "m[IU]/L": "mIU/L",
    "d": "days",
    "[IU]/kg": "IU/kg",
    "[lb_av]": "lb",
}


def plain_unit(unit: str) -> str:
    """A UCUM code as people write it; annotations are left out."""
    return "" if unit.startswith("{") else _PLAIN_UNITS.get(unit, unit)
