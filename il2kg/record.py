"""What is known of one patient, free of any file format (semantics, section 1).

Times are whole microseconds since 1970-01-01T00:00:00Z. Values are bounds in the observable's own unit: equal for a
plain value, apart for one charted with a comparator. Bounds are doubles that compare with every limit of up to 15
digits as the decimal that was written would (see `exact_bound`); an open bound lies a billionth beside its number.

The items are structs rather than dataclasses because a cohort has millions of them.
"""

import math
from collections.abc import Collection
from decimal import Decimal
from functools import lru_cache
from typing import Final

import msgspec

MICROSECONDS_PER_HOUR: Final = 3_600_000_000
BESIDE: Final = Decimal("1e-9")
"""How far an open bound lies beside its number: less than any two numbers of a record or a guideline are apart."""


class Measurement(msgspec.Struct, frozen=True, gc=False):
    """A value of an observable that can be trusted. ``start`` is set for a period, ``time`` is its end.

    ``written`` is the value as it was charted, with its comparator and unit, e.g. ``318 umol/L``.
    """

    observable: str
    low: float
    high: float
    time: int
    start: int | None
    item: str
    written: str


class SetAside(msgspec.Struct, frozen=True, gc=False):
    """A value of an observable that cannot be trusted, at some time from ``earliest`` to ``latest``.

    Both are the same where its time is sound; None is any time. ``by_exception`` is the value that it is after all
    where charting is by exception (a stool with none charted before it).
    """

    observable: str
    earliest: int | None
    latest: int | None
    item: str
    by_exception: Measurement | None = None


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


class DoubtfulPresence(msgspec.Struct, frozen=True, gc=False):
    """A presence whose time or class cannot be trusted (semantics, sections 1 and 7).

    It may have begun from ``earliest`` to ``latest_start`` (None: at any time) and lasted until ``end``, the latest at
    which it may have ended; without one (None), until its class is stated absent after ``latest_start``. One that is
    ``over`` has ended before anything that is assessed: it bears on what was ever present alone.
    """

    finding: str
    earliest: int | None
    latest_start: int | None
    end: int | None
    item: str
    over: bool = False


class Administration(msgspec.Struct, frozen=True, gc=False):
    """A treatment: it began from ``start_earliest`` to ``start_latest``, ended from ``end_earliest`` to ``end_latest``.

    Two of a pair are the same where they can be trusted. A start of None is any time, an end of None: it runs on. One
    charted at an instant starts and ends then. ``treatment`` is None where nobody can name what was given.
    One that was ``set_aside`` may not have been given at all. The rate lies from ``rate_low`` to ``rate_high``, in the
    unit of infusion rates or, where ``rate_unit`` is set, in that arbitrary unit; 0 or more where it is not known.
    """

    treatment: str | None
    start_earliest: int | None
    start_latest: int | None
    end_earliest: int | None
    end_latest: int | None
    rate_low: float
    rate_high: float
    item: str
    rate_unit: str | None = None
    set_aside: bool = False

    @property
    def placed(self) -> bool:
        """Whether it was given, and its start and end are known."""
        return (
            not self.set_aside
            and self.start_earliest is not None
            and self.start_earliest == self.start_latest
            and self.end_earliest == self.end_latest
        )


class Event(msgspec.Struct, frozen=True, gc=False):
    """An event of a series: counted at ``time``, given at some time from ``earliest`` to ``latest``.

    The three are the same unless its time was charted without a zone. ``series`` is the id of the series.
    """

    time: int
    earliest: int
    latest: int
    item: str
    series: str


class DoubtfulEvent(msgspec.Struct, frozen=True, gc=False):
    """What may have been an event: one set aside, or a drug that nobody can name.

    A time of None is any time, a series of None any series.
    """

    earliest: int | None
    latest: int | None
    item: str
    series: str | None


class Problem(msgspec.Struct, frozen=True, gc=False, order=True):
    """Something that cannot be trusted: the item (empty: the record as a whole), the kind of problem, and the details.

    ``kind`` reads the same for all items with the problem, so that they can be counted; ``concept`` is what the item
    is about, where that is known.
    """

    kind: str
    item: str
    detail: str = ""
    concept: str = ""

    @property
    def problem(self) -> str:
        """The problem in words."""
        return f"{self.kind}: {self.detail}" if self.detail else self.kind


class PassedOver(msgspec.Struct, frozen=True, gc=False, order=True):
    """Items of one kind with one coding and text that name nothing of the guideline, and how many there are.

    ``rank`` is low for what a person should look at first.
    """

    rank: int
    resource: str
    system: str
    code: str
    text: str
    count: int


class Record(msgspec.Struct, frozen=True):
    """One patient's record.

    ``latest`` is the latest time of anything that was measured, stated, given, done or found; ``latest_but_one`` that
    of all other items (semantics, section 2: the instant assessed by default). ``unusable`` says why the record cannot
    be assessed at all.
    """

    patient: str | None
    measurements: tuple[Measurement, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    episodes: tuple[Episode, ...] = ()
    absences: tuple[Absence, ...] = ()
    doubtful: tuple[DoubtfulPresence, ...] = ()
    administrations: tuple[Administration, ...] = ()
    events: tuple[Event, ...] = ()
    doubtful_events: tuple[DoubtfulEvent, ...] = ()
    discharges: tuple[int, ...] = ()
    problems: tuple[Problem, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    latest: int | None = None
    latest_but_one: int | None = None
    unusable: str | None = None

    def changes(self) -> list[int]:
        """Every time at which the record is known to change, unsorted (semantics, section 5)."""
        times: list[int | None] = [m.time for m in self.measurements]
        times += [s.latest for s in self.set_aside if s.earliest == s.latest]
        times += [e.start for e in self.episodes]
        times += [e.end for e in self.episodes]
        times += [a.time for a in self.absences]
        times += [d.earliest for d in self.doubtful if d.earliest == d.latest_start]
        times += [d.end for d in self.doubtful]
        times += [a.start_latest for a in self.administrations if a.start_earliest == a.start_latest]
        times += [a.end_latest for a in self.administrations if a.end_earliest == a.end_latest]
        times += [e.time for e in self.events]
        return [time for time in times if time is not None]

    def bounds(self) -> list[int]:
        """Every time that an item names, unsorted: those of `changes` and those between which others lie."""
        times: list[int | None] = [*self.changes(), *self.discharges]
        for aside in self.set_aside:
            times += [aside.earliest, aside.latest]
        for doubt in self.doubtful:
            times += [doubt.earliest, doubt.latest_start, doubt.end]
        for given in self.administrations:
            times += [given.start_earliest, given.start_latest, given.end_earliest, given.end_latest]
        for event in self.events:
            times += [event.earliest, event.latest]
        for may_be in self.doubtful_events:
            times += [may_be.earliest, may_be.latest]
        return [time for time in times if time is not None]

    def before(self, given: int, treatments: Collection[str]) -> "Record":
        """The record without the events at or after an instant (semantics, section 8).

        What such an event's item gave of its series' ``treatments`` is left out, too.
        """
        later = {event.item for event in self.events if event.time >= given}
        return msgspec.structs.replace(
            self,
            events=tuple(event for event in self.events if event.time < given),
            administrations=tuple(
                each for each in self.administrations if each.item not in later or each.treatment not in treatments
            ),
        )


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
