"""Series of events at each instant: counts, times and levels (semantics, section 4, last two paragraphs)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

import numpy as np

from il2kg.derive.bounds import Bounds
from il2kg.derive.timeline import Keys, Numbers, Rows, Stretches, Timeline, Truth, span_of
from il2kg.errors import GuidelineError
from il2kg.guideline.model import Guideline
from il2kg.guideline.quantities import HOURS_PER_DAY
from il2kg.guideline.series import Count, CountKind, EventSeries, FactKind, Level
from il2kg.record import MICROSECONDS_PER_HOUR

_NEVER: Final = np.iinfo(np.int64).min
_DECIMALS: Final = 12
"""Finer than a microsecond in days, and what every SHACL engine can read of a decimal."""
_HOURS_IN: Final = {"h": 1, "d": HOURS_PER_DAY}


@dataclass(frozen=True)
class Moments:
    """When something was, as keys: not before ``earliest``, not after ``latest``; both are `_NEVER` where it was not."""

    earliest: Keys
    latest: Keys

    @property
    def some(self) -> Truth:
        """Where it was at all."""
        return self.latest != _NEVER

    def take(self, index: np.ndarray, known: Truth) -> "Moments":
        """Rows by index; never where not ``known``."""
        return Moments(_taken(self.earliest, index, known), _taken(self.latest, index, known))

    def where(self, which: Truth, other: "Moments") -> "Moments":
        """These where ``which``, the others elsewhere."""
        return Moments(np.where(which, self.earliest, other.earliest), np.where(which, self.latest, other.latest))


@dataclass(frozen=True)
class LevelColumns:
    """For each event of a series, in order, the one of a level in which it stands.

    ``events`` and ``parts``: how many events, and how many of the next narrower level, it has so far; ``first`` and
    ``last``: when its first and last event so far were; ``previous``: when the last one of the one before it was.
    """

    level: Level
    first_key: Keys
    events: Keys
    parts: Keys
    first: Moments
    last: Moments
    previous: Moments

    @classmethod
    def of(cls, level: Level, starts: Truth, units: Truth, owners: Keys, keys: Keys, given: Moments) -> "LevelColumns":
        """Number the events: ``starts`` are those that start one of the level, ``units`` of the next narrower one."""
        index = np.arange(len(keys))
        begin = _latest(starts)
        counted = np.cumsum(units)
        last = Moments(_so_far(given.earliest, starts, np.maximum), _so_far(given.latest, starts, np.maximum))
        before = np.maximum(begin - 1, 0)
        return cls(
            level=level,
            first_key=keys[begin],
            events=index - begin + 1,
            parts=counted - counted[begin] + 1,
            first=Moments(_so_far(given.earliest, starts, np.minimum), _so_far(given.latest, starts, np.minimum)),
            last=last,
            previous=last.take(before, (begin > 0) & (owners[before] == owners)),
        )


@dataclass(frozen=True)
class SeriesColumns:
    """The events of one series, of all patients in order, and for each where it stands in each level.

    An event is counted where it is placed; the time since it is all that it may be.
    """

    guideline: Guideline
    series: EventSeries
    keys: Keys
    last: Moments
    levels: tuple[LevelColumns, ...]
    discharges: Keys
    doubts: Stretches
    ahead: Stretches

    @classmethod
    def of(cls, timeline: Timeline, series: EventSeries) -> "SeriesColumns":
        """Number the events of every patient. Two that are charted at one instant are two."""
        found = [
            (patient, event)
            for patient, record in enumerate(timeline.records)
            for event in sorted((e for e in record.events if e.series == series.id), key=lambda event: event.time)
        ]
        owners = np.fromiter((patient for patient, _ in found), dtype=np.int64, count=len(found))
        keys = timeline.keys(owners, (event.time for _, event in found))
        given = Moments(
            timeline.keys(owners, (event.earliest for _, event in found)),
            timeline.keys(owners, (event.latest for _, event in found)),
        )
        first = np.diff(owners, prepend=-1) > 0
        discharges = [(patient, time) for patient, record in enumerate(timeline.records) for time in record.discharges]
        return cls(
            guideline=timeline.guideline,
            series=series,
            keys=keys,
            last=Moments(_so_far(given.earliest, first, np.maximum), _so_far(given.latest, first, np.maximum)),
            levels=_levels(series, owners, keys, given, first),
            discharges=np.sort(timeline.keys((p for p, _ in discharges), (t for _, t in discharges))),
            doubts=_doubts(timeline, series),
            ahead=Stretches.of((int(e), int(k)) for e, k in zip(given.earliest, keys, strict=True)),
        )

    def at(self, timeline: Timeline, rows: Rows) -> "SeriesAt":
        """Where an event at each instant would stand among those before it."""
        index = np.searchsorted(self.keys, rows.keys, side="right") - 1
        given = index >= 0
        if len(self.keys):
            given &= self.keys[np.maximum(index, 0)] >= timeline.first[rows.patients]
        last_key, last = _taken(self.keys, index, given), self.last.take(index, given)
        starts = [given & apart for apart in _apart(self.series, np.where(given, rows.keys - last_key, 0))]
        unit = given
        for number, columns in enumerate(self.levels):
            most = columns.level.holds_at_most
            if most is not None:
                starts[number] = starts[number] | (unit & (_taken(columns.parts, index, given) >= most))
            unit = starts[number]
        wider = [*starts[1:], np.zeros(len(rows), dtype=np.bool_)]
        return SeriesAt(
            guideline=self.guideline,
            series=self.series,
            rows=rows,
            doubtful=self.doubts.reached(rows.keys) > rows.keys,
            perhaps=self.ahead.reached(rows.keys) > rows.keys,
            given=given,
            last_key=last_key,
            last=last,
            levels={
                columns.level.id: LevelAt(
                    within=given & ~new,
                    starts=new & ~beyond,
                    first_key=_taken(columns.first_key, index, given),
                    events=np.where(given & ~new, _taken(columns.events, index, given), 0),
                    first=columns.first.take(index, given),
                    previous=columns.last.take(index, given).where(new, columns.previous.take(index, given)),
                )
                for columns, new, beyond in zip(self.levels, starts, wider, strict=True)
            },
            discharges=self.discharges,
        )


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

    def fact(self, key: str) -> tuple[Truth, Truth]:
        """Where a fact is true, and where it is false; what may have been an event leaves all open."""
        fact = self.guideline.facts[key]
        if fact.level is None:
            return self.given & ~self.doubtful, ~self.given & ~self.perhaps & ~self.doubtful
        match fact.kind:
            case FactKind.FIRST_OF:
                true = ~self.within(fact.level)
            case FactKind.STARTS:
                true = self.starts(fact.level)
            case FactKind.PREVIOUS:
                true = self.previous(fact.level).some
            case _:
                true = self.within(fact.level)
        return true & ~self.doubtful, ~true & ~self.doubtful

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
            known = (index < len(self.discharges)) & (event != _NEVER) & (first <= self.rows.keys)
            return np.where(known, first, event)

        return Moments(discharged(last.earliest), discharged(last.latest))

    def _on_time(self, hours: Numbers) -> Numbers:
        """A little short of a whole hour counts as that hour."""
        whole = np.ceil(hours)
        return np.where(whole - hours <= float(self.series.early_hours), whole, hours)

    def _hours_since(self, moments: Moments) -> tuple[Numbers, Numbers]:
        """The least and the most hours since something; 0 where it lies ahead or never was."""

        def since(keys: Keys) -> Numbers:
            past = np.where(keys == _NEVER, 0, self.rows.keys - keys)
            return np.round(np.maximum(past, 0) / MICROSECONDS_PER_HOUR, _DECIMALS)

        return since(moments.latest), since(moments.earliest)


def series_columns(timeline: Timeline) -> Mapping[str, SeriesColumns]:
    """The events of each series of the guideline, numbered once."""
    if "series" not in timeline.cache:
        timeline.cache["series"] = {each.id: SeriesColumns.of(timeline, each) for each in timeline.guideline.series}
    return cast("Mapping[str, SeriesColumns]", timeline.cache["series"])


def series_of(guideline: Guideline, level: str) -> EventSeries:
    """The series that a level is one of."""
    return next(series for series in guideline.series if any(each.id == level for each in series.levels))


def level_of_holds(guideline: Guideline) -> str | None:
    """The level for which holds last; None is the whole record."""
    return next((series.holds_last_for for series in guideline.series if series.holds_last_for is not None), None)


def level_before_baseline(series: Mapping[str, SeriesAt]) -> tuple[SeriesAt, str]:
    """The level before which baselines are measured, and its series.

    Raises:
        GuidelineError: no series says so.
    """
    for events in series.values():
        if events.series.baseline_before is not None:
            return events, events.series.baseline_before
    raise GuidelineError("a change from a baseline needs a series with il2:baselineBefore; write the level there")


def _levels(series: EventSeries, owners: Keys, keys: Keys, given: Moments, first: Truth) -> tuple[LevelColumns, ...]:
    """Where each event stands in each level; ``first`` are the first events of patients.

    What starts a wider level starts the narrower ones with it; so a level that holds so many is full at every so many of
    the narrower one since it was started by a gap.
    """
    found = []
    units = np.ones(len(keys), dtype=np.bool_)
    gaps = np.diff(keys, prepend=keys[:1])
    for level, apart in zip(series.levels, _apart(series, gaps), strict=True):
        starts = first | apart
        if level.holds_at_most is not None:
            counted = np.cumsum(units)
            starts |= units & ((counted - counted[_latest(starts)]) % level.holds_at_most == 0)
        found.append(LevelColumns.of(level, starts, units, owners, keys, given))
        units = starts
    return tuple(found)


def _apart(series: EventSeries, gaps: Keys) -> list[Truth]:
    """For each level, where a gap is enough to start another of it, or of a wider one."""
    found: list[Truth] = []
    enough = np.zeros(len(gaps), dtype=np.bool_)
    for level in reversed(series.levels):
        if level.gap_hours is not None:
            least = span_of(level.gap_hours)
            enough = enough | (gaps >= least if level.gap_included else gaps > least)
        found.append(enough)
    return found[::-1]


def _latest(starts: Truth) -> np.ndarray:
    """For each place, the latest start; 0 before the first."""
    return np.maximum.accumulate(np.where(starts, np.arange(len(starts)), 0)) if len(starts) else np.arange(0)


def _so_far(values: Keys, starts: Truth, extreme: np.ufunc) -> Keys:
    """The lowest or highest value so far, since the latest start.

    Values are taken by their rank, and each stretch's ranks lie beyond those of the stretch before it.
    """
    if not len(values):
        return values
    order = np.argsort(values, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(values))
    beyond = np.cumsum(starts) * len(values) * (1 if extreme is np.maximum else -1)
    return cast("Keys", values[order[extreme.accumulate(rank + beyond) - beyond]])


def _doubts(timeline: Timeline, series: EventSeries) -> Stretches:
    """The stretches over which what may have been an event leaves open what is counted from events."""
    length = span_of(series.doubtful_hours)
    return Stretches.of(
        (
            timeline.begin(patient, doubt.earliest),
            timeline.finish(patient, None if doubt.latest is None else doubt.latest + length),
        )
        for patient, record in enumerate(timeline.records)
        for doubt in record.doubtful_events
        if doubt.series is None or doubt.series == series.id
    )


def _taken(values: Keys, index: np.ndarray, known: Truth) -> Keys:
    """Values by index; `_NEVER` where not ``known``."""
    if not len(values):
        return np.full(len(index), _NEVER)
    return np.where(known, values[np.where(known, index, 0)], _NEVER)


def _in_unit(hours: Numbers, unit: str) -> Numbers:
    """Hours as the number of a unit of time."""
    if unit not in _HOURS_IN:
        raise GuidelineError(f"no time since an event is counted in {unit}; write il2:unit as one of h, d")
    return hours if _HOURS_IN[unit] == 1 else np.round(hours / _HOURS_IN[unit], _DECIMALS)
