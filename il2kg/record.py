"""What is known of one patient, free of any file format (semantics, section 1).

Times are whole microseconds since 1970-01-01T00:00:00Z. Values are bounds in the observable's own unit: equal for a
plain value, apart for one charted with a comparator. Bounds are doubles that compare with every limit of up to 15
digits as the decimal that was written would (see `exact_bound`); an open bound lies a billionth beside its number.

The items are structs rather than dataclasses because a cohort has millions of them.
"""

import math
from decimal import Decimal
from functools import lru_cache
from typing import Final

import msgspec

MICROSECONDS_PER_HOUR: Final = 3_600_000_000
BESIDE: Final = Decimal("1e-9")
"""How far an open bound lies beside its number: less than any two numbers of a record or a guideline are apart."""


class Measurement(msgspec.Struct, frozen=True, gc=False):
    """A value of an observable. ``start`` is set for a period. Set aside: bounds are infinite.

    ``time`` is None where the record gives none that can be read: the value may then be the latest at any instant.
    """

    observable: str
    low: float
    high: float
    time: int | None
    start: int | None
    item: str

    @property
    def set_aside(self) -> bool:
        """Whether nothing is known of the value."""
        return math.isinf(self.low) and math.isinf(self.high)


class Episode(msgspec.Struct, frozen=True, gc=False):
    """A finding that was present from ``start``, to ``end`` where the record gives one."""

    finding: str
    start: int
    end: int | None
    item: str


class Absence(msgspec.Struct, frozen=True, gc=False):
    """A statement, made at ``time``, that a finding is absent."""

    finding: str
    time: int
    item: str


class DoubtfulFinding(msgspec.Struct, frozen=True, gc=False):
    """A finding, stated present or absent, whose time cannot be trusted.

    ``time`` is the earliest at which it may have been known (None: any), ``end`` the latest that it names.
    """

    finding: str
    time: int | None
    end: int | None
    item: str


class Administration(msgspec.Struct, frozen=True, gc=False):
    """A treatment from ``start`` to ``end``: equal for one charted at an instant, None while it runs on.

    ``start`` is None where the record gives none that can be read: it may then have run at any instant.
    The rate (in the unit of infusion rates) is 0 or more where it is not known.
    """

    treatment: str
    start: int | None
    end: int | None
    rate_low: float
    rate_high: float
    item: str


class Dose(msgspec.Struct, frozen=True, gc=False):
    """A dose of the regimen that was given, at ``time`` (None: not readable); ``end`` is that of its infusion."""

    time: int | None
    end: int | None
    item: str


class Problem(msgspec.Struct, frozen=True, gc=False, order=True):
    """Something about an item of the record that cannot be trusted."""

    item: str
    problem: str


class Record(msgspec.Struct, frozen=True):
    """One patient's record. ``passed_over`` counts the resources about things that the guideline does not name."""

    patient: str | None
    measurements: tuple[Measurement, ...] = ()
    episodes: tuple[Episode, ...] = ()
    absences: tuple[Absence, ...] = ()
    doubtful: tuple[DoubtfulFinding, ...] = ()
    administrations: tuple[Administration, ...] = ()
    doses: tuple[Dose, ...] = ()
    discharges: tuple[int, ...] = ()
    problems: tuple[Problem, ...] = ()
    passed_over: int = 0

    def times(self) -> list[int]:
        """Every time at which the record changes, unsorted: measurements, statements, doses, starts and ends."""
        found: list[int | None] = [m.time for m in self.measurements]
        found += [e.start for e in self.episodes]
        found += [e.end for e in self.episodes]
        found += [a.time for a in self.absences]
        found += [d.time for d in self.doubtful]
        found += [d.end for d in self.doubtful]
        found += [a.start for a in self.administrations]
        found += [a.end for a in self.administrations]
        found += [d.time for d in self.doses]
        found += [d.end for d in self.doses]
        return [time for time in found if time is not None]


@lru_cache(maxsize=65536)
def exact_bound(value: Decimal) -> float:
    """The double that compares with numbers of up to 15 digits as ``value`` does.

    Two decimals of up to 15 digits never share a double. A longer one that falls on a shorter one's double is moved
    one double away, to the side on which it lies.
    """
    nearest = float(value)
    if math.isinf(nearest):
        return nearest
    shortest = Decimal(repr(nearest))
    if value == shortest:
        return nearest
    return math.nextafter(nearest, math.inf if value > shortest else -math.inf)


def interval(comparator: str | None, value: Decimal) -> tuple[float, float]:
    """The bounds of a value charted with a FHIR comparator (``<``, ``<=``, ``>=``, ``>``) or without one."""
    match comparator:
        case "<":
            return -math.inf, exact_bound(value - BESIDE)
        case "<=":
            return -math.inf, exact_bound(value)
        case ">=":
            return exact_bound(value), math.inf
        case ">":
            return exact_bound(value + BESIDE), math.inf
        case _:
            return exact_bound(value), exact_bound(value)
