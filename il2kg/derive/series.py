"""The events of series, numbered: for each event, where it stands in each level (semantics, section 4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from il2kg.derive.series_at import LevelAt, Moments, SeriesAt, taken
from il2kg.derive.timeline import Keys, Rows, Stretches, Timeline, Truth, span_of
from il2kg.guideline.model import Guideline
from il2kg.guideline.series import EventSeries, Level


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
        events = [
            (patient, event)
            for patient, record in enumerate(timeline.records)
            for event in sorted((e for e in record.events if e.series == series.id), key=lambda event: event.time)
        ]
        owners = np.fromiter((patient for patient, _ in events), dtype=np.int64, count=len(events))
        keys = timeline.keys(owners, (event.time for _, event in events))
        given = Moments(
            timeline.keys(owners, (event.earliest for _, event in events)),
            timeline.keys(owners, (event.latest for _, event in events)),
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
        last_key, last = taken(self.keys, index, given), self.last.take(index, given)
        starts = [given & apart for apart in _apart(self.series, np.where(given, rows.keys - last_key, 0))]
        unit = given
        for number, columns in enumerate(self.levels):
            most = columns.level.holds_at_most
            if most is not None:
                starts[number] = starts[number] | (unit & (taken(columns.parts, index, given) >= most))
            unit = starts[number]
        wider = [*starts, np.zeros(len(rows), dtype=np.bool_)][1:]
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
                    first_key=taken(columns.first_key, index, given),
                    events=np.where(given & ~new, taken(columns.events, index, given), 0),
                    first=columns.first.take(index, given),
                    previous=columns.last.take(index, given).where(new, columns.previous.take(index, given)),
                )
                for columns, new, beyond in zip(self.levels, starts, wider, strict=True)
            },
            discharges=self.discharges,
        )


def series_at(timeline: Timeline, rows: Rows) -> Mapping[str, SeriesAt]:
    """The series of the guideline at some instants; at the assessed ones they are looked at once."""
    if rows.keys is not timeline.at:
        return {name: columns.at(timeline, rows) for name, columns in _series_columns(timeline).items()}
    if "series assessed" not in timeline.cache:
        at_rows = {name: columns.at(timeline, rows) for name, columns in _series_columns(timeline).items()}
        timeline.cache["series assessed"] = at_rows
    return cast("Mapping[str, SeriesAt]", timeline.cache["series assessed"])


def _series_columns(timeline: Timeline) -> Mapping[str, SeriesColumns]:
    """The events of each series of the guideline, numbered once."""
    if "series" not in timeline.cache:
        timeline.cache["series"] = {each.id: SeriesColumns.of(timeline, each) for each in timeline.guideline.series}
    return cast("Mapping[str, SeriesColumns]", timeline.cache["series"])


def _levels(series: EventSeries, owners: Keys, keys: Keys, given: Moments, first: Truth) -> tuple[LevelColumns, ...]:
    """Where each event stands in each level; ``first`` are the first events of patients.

    What starts a wider level starts the narrower ones with it; so a level that holds so many is full at every so many
    of the narrower one since it was started by a gap.
    """
    columns = []
    units = np.ones(len(keys), dtype=np.bool_)
    gaps = np.diff(keys, prepend=keys[:1])
    for level, apart in zip(series.levels, _apart(series, gaps), strict=True):
        starts = first | apart
        if level.holds_at_most is not None:
            counted = np.cumsum(units)
            starts |= units & ((counted - counted[_latest(starts)]) % level.holds_at_most == 0)
        columns.append(LevelColumns.of(level, starts, units, owners, keys, given))
        units = starts
    return tuple(columns)


def _apart(series: EventSeries, gaps: Keys) -> list[Truth]:
    """For each level, where a gap is enough to start another of it, or of a wider one."""
    starting: list[Truth] = []
    enough = np.zeros(len(gaps), dtype=np.bool_)
    for level in reversed(series.levels):
        if level.gap_hours is not None:
            least = span_of(level.gap_hours)
            enough = enough | (gaps >= least if level.gap_included else gaps > least)
        starting.append(enough)
    return starting[::-1]


def _latest(starts: Truth) -> np.ndarray:
    """For each place, the latest start; 0 before the first."""
    return np.maximum.accumulate(np.where(starts, np.arange(len(starts)), 0)) if len(starts) else np.arange(0)


def _so_far(values: Keys, starts: Truth, extreme: np.ufunc) -> Keys:
    """The lowest or highest value so far, since the latest start.

    Values are taken by their rank, and each stretch's ranks lie beyond those of the stretch before it. Mostly they are
    in order as it is.
    """
    if (values[1:] >= values[:-1]).all():
        return values if extreme is np.maximum else values[_latest(starts)]
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
