"""UCUM codes as people write them."""

from typing import Final

TIMES: Final = {
    "h": ("h", "hour", "hours", "hourly"),
    "min": ("min", "minute", "minutes"),
    "d": ("d", "day", "days"),
    "wk": ("week", "weeks"),
    "mo": ("month", "months"),
    "a": ("year", "years"),
}
"""Units of time: the words of running text, by UCUM code."""

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
