"""A series of events at some instants: counts, times, and where the next event stands (semantics, section 4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from il2kg.derive.bounds import Bounds
from il2kg.derive.kleene import Truths
from il2kg.derive.timeline import Keys, Numbers, Rows, Truth
from il2kg.errors import GuidelineError
from il2kg.guideline.lengths import HOURS_PER_DAY
from il2kg.guideline.model import Guideline
from il2kg.guideline.series import Count, CountKind, EventSeries, FactKind
from il2kg.record import MICROSECONDS_PER_HOUR

NEVER: Final = np.iinfo(np.int64).min
_DECIMALS: Final = 12
"""Finer than a microsecond in days, and what every SHACL engine can read of a decimal."""
_HOURS_IN: Final = {"h": 1, "d": HOURS_PER_DAY}


@dataclass(frozen=True)
class Moments:
    """When something was, as keys: not before ``earliest``, not after ``latest``; both are `NEVER` where it was not."""

    earliest: Keys
    latest: Keys

    @property
    def some(self) -> Truth:
        """Where it was at all."""
        there: Truth = self.latest != NEVER
        return there

    def take(self, index: np.ndarray, known: Truth) -> "Moments":
        """Rows by index; never where not ``known``."""
        return Moments(taken(self.earliest, index, known), taken(self.latest, index, known))

    def where(self, which: Truth, other: "Moments") -> "Moments":
        """These where ``which``, the others elsewhere."""
        return Moments(np.where(which, self.earliest, other.earliest), np.where(which, self.latest, other.latest))


@dataclass(frozen=True)
class LevelAt:
    """A level at some instants. Keys are meaningless where the fact that they need is false.

    ``within``: an event would go on with the one that is there; ``starts``: it would start another, within the same
    one of the next wider level.
    """

    within: Truth
    starts: Truth
    first_key: Keys
    events: Keys
    first: Moments
    previous: Moments


@dataclass(frozen=True)
class SeriesAt:
    """A series at each of some instants. Keys are meaningless where the fact that they need is false.

    ``doubtful``: what may have been an event leaves all open; ``perhaps``: one that is counted later was just given.
    """

    guideline: Guideline
    series: EventSeries
    rows: Rows
    doubtful: Truth
    perhaps: Truth
    given: Truth
    last_key: Keys
    last: Moments
    levels: Mapping[str, LevelAt]
    discharges: Keys

    def within(self, level: str) -> Truth:
        """Where an event would go on with the one of a level that is there."""
        return self.levels[level].within

    def first_key(self, level: str) -> Keys:
        """When the first event was of the one of a level that is there."""
        return self.levels[level].first_key

    def starts(self, level: str) -> Truth:
        """Where an event would start another of a level, within the same one of the next wider level."""
        return self.levels[level].starts

    def previous(self, level: str) -> Moments:
        """When the last event was of the one of a level before the one that an event would be in."""
        return self.levels[level].previous

    def fact(self, key: str) -> Truths:
        """Where a fact is true, and where it is false; what may have been an event leaves all open."""
        fact = self.guideline.facts[key]
        if fact.level is None:
            return Truths(self.given & ~self.doubtful, ~self.given & ~self.perhaps & ~self.doubtful)
        match fact.kind:
            case FactKind.FIRST_OF:
                true = ~self.within(fact.level)
            case FactKind.STARTS:
                true = self.starts(fact.level)
            case FactKind.PREVIOUS:
                true = self.previous(fact.level).some
            case _:
                true = self.within(fact.level)
        return Truths(true & ~self.doubtful, ~true & ~self.doubtful)

    def count(self, observable: str) -> Bounds:
        """Events, or the time in the observable's unit."""
        asked = self.guideline.observables[observable]
        assert asked.count is not None
        if asked.count.kind is CountKind.EVENTS_IN and asked.count.level is not None:
            bounds = Bounds.exactly(self.levels[asked.count.level].events.astype(np.float64))
        else:
            least, most = self._hours_since(self.counted_from(asked.count))
            if asked.count.kind is CountKind.SINCE_LAST:
                least = np.where(self.perhaps, 0.0, self._on_time(least))
                most = np.where(self.perhaps & ~self.given, np.inf, self._on_time(most))
            bounds = Bounds.between(_in_unit(least, asked.unit), _in_unit(most, asked.unit))
        return bounds.where(~self.doubtful)

    def counted_from(self, count: Count) -> Moments:
        """The event from which a count begins, or the discharge after it."""
        if count.level is None:
            return self.last
        match count.kind:
            case CountKind.SINCE_END if count.from_discharge:
                return self._discharged(self.previous(count.level))
            case CountKind.SINCE_END:
                return self.previous(count.level)
            case _:
                return self.levels[count.level].first

    def _discharged(self, last: Moments) -> Moments:
        """The first discharge after an event, or that event."""
        if not len(self.discharges):
            return last

        def discharged(event: Keys) -> Keys:
            index = np.searchsorted(self.discharges, event, side="right")
            first = self.discharges[np.minimum(index, len(self.discharges) - 1)]
            known = (index < len(self.discharges)) & (event != NEVER) & (first <= self.rows.keys)
            return np.where(known, first, event)

        return Moments(discharged(last.earliest), discharged(last.latest))

    def _on_time(self, hours: Numbers) -> Numbers:
        """A little short of a whole hour counts as that hour."""
        whole = np.ceil(hours)
        return np.where(whole - hours <= float(self.series.early_hours), whole, hours)

    def _hours_since(self, moments: Moments) -> tuple[Numbers, Numbers]:
        """The least and the most hours since something; 0 where it lies ahead or never was."""

        def since(keys: Keys) -> Numbers:
            past = np.where(keys == NEVER, 0, self.rows.keys - keys)
            return np.round(np.maximum(past, 0) / MICROSECONDS_PER_HOUR, _DECIMALS)

        return since(moments.latest), since(moments.earliest)


def taken(values: Keys, index: np.ndarray, known: Truth) -> Keys:
    """Values by index; `NEVER` where not ``known``."""
    if not len(values):
        return np.full(len(index), NEVER)
    return np.where(known, values[np.where(known, index, 0)], NEVER)


def _in_unit(hours: Numbers, unit: str) -> Numbers:
    """Hours as the number of a unit of time."""
    if unit not in _HOURS_IN:
        raise GuidelineError(f"no time since an event is counted in {unit}; write il2:unit as one of h, d")
    return hours if _HOURS_IN[unit] == 1 else np.round(hours / _HOURS_IN[unit], _DECIMALS)
