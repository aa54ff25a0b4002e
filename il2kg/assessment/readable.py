"""Values as a person reads them: as charted, and converted with as many digits as are sensible."""

import math
import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Final

from il2kg.forms.compare import Compare
from il2kg.guideline.conditions import inner_leaves
from il2kg.guideline.lengths import plain_number
from il2kg.guideline.model import Guideline
from il2kg.guideline.plain_units import plain_unit
from il2kg.record import BESIDE

_DIGITS: Final = 3
_CHARTED = re.compile(
    r"(?P<comparator>[<>]=?)?\s*(?P<number>[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?:(?:\s+|(?=[%/A-Za-z\[{]))(?P<unit>\S.*))?"
)


@lru_cache(maxsize=4)
def limits_of(guideline: Guideline) -> Mapping[str, Collection[Decimal]]:
    """The limits that the criteria compare quantities with, by `Quantity.limits_under`."""
    limits: dict[str, set[Decimal]] = defaultdict(set)
    for criterion in guideline.criteria:
        for leaf in inner_leaves(criterion.condition, criterion.resume):
            if isinstance(leaf, Compare):
                limits[leaf.quantity.limits_under].add(leaf.limit)
    return limits


def number(value: float, limits: Collection[Decimal]) -> str:
    """A number with three significant digits, or as many more as tell it from every limit that it is compared with.

    Whole digits are never rounded away, and a number that has fewer digits is written as it is.
    """
    exact = Decimal(repr(value))
    if abs(exact) < BESIDE:
        return "0"
    places = max(_DIGITS - 1 - exact.adjusted(), 0)
    while -int(exact.normalize().as_tuple().exponent) > places:
        rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
        if all(rounded.compare(limit) == exact.compare(limit) for limit in limits):
            return f"{rounded:f}"
        places += 1
    return plain_number(exact)


def value_of(low: float, high: float) -> float | str | None:
    """Bounds as a value: a number, a number with its comparator, a range, or None if nothing is known."""
    if math.isinf(low) and math.isinf(high):
        return None
    if low == high:
        return 0.0 if abs(low) < BESIDE else low
    if math.isinf(low):
        sign, bound = _compared("<", high, BESIDE)
        return f"{sign}{plain_number(bound)}"
    if math.isinf(high):
        sign, bound = _compared(">", low, -BESIDE)
        return f"{sign}{plain_number(bound)}"
    return f"{plain_number(Decimal(repr(low)))} to {plain_number(Decimal(repr(high)))}"


def in_words(low: float, high: float, unit: str, limits: Collection[Decimal]) -> str:
    """Bounds with their unit, as a person reads them."""
    if low == high:
        return _with_unit(number(low, limits), unit)
    if math.isinf(low):
        sign, bound = _compared("<", high, BESIDE)
        return _with_unit(f"{sign}{number(float(bound), limits)}", unit)
    if math.isinf(high):
        sign, bound = _compared(">", low, -BESIDE)
        return _with_unit(f"{sign}{number(float(bound), limits)}", unit)
    return _with_unit(f"{number(low, limits)} to {number(high, limits)}", unit)


def charted_in_words(charted: str, low: float, high: float, unit: str, limits: Collection[Decimal]) -> str:
    """A value as it was charted and, where that is another number, what it is in the guideline's unit."""
    form = _CHARTED.fullmatch(charted.strip())
    if form is None:
        return charted.strip()  # a grade, such as 3+ or negative
    written = Decimal(form["number"])
    text = (form["comparator"] or "") + (
        plain_number(written) if "e" in form["number"].lower() else form["number"].removeprefix("+")
    )
    shown = _with_unit(text, form["unit"] or "")
    bounds = {abs(Decimal(repr(bound)) - written) for bound in (low, high) if math.isfinite(bound)}
    if not bounds or min(bounds) <= BESIDE:
        return shown
    return f"{shown} = {in_words(low, high, unit, limits)}"


def _with_unit(text: str, unit: str) -> str:
    unit = plain_unit(unit)
    return f"{text}{'' if unit in ('', '%') or unit.startswith('/') else ' '}{unit}"


def _compared(sign: str, bound: float, outward: Decimal) -> tuple[str, Decimal]:
    """An open bound lies beside the number that was written, which is the shorter of the two."""
    closed = Decimal(repr(bound))
    open_ = (closed + outward).normalize()
    if len(str(open_)) < len(str(closed.normalize())):
        return sign, open_
    return f"{sign}=", closed.normalize()
