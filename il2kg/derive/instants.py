"""The instants that values are derived for, and all that deriving one may depend on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from il2kg.derive.grounds import Amount, Entry, Ground, Stated
from il2kg.derive.kleene import Truths
from il2kg.derive.series import series_at
from il2kg.derive.series_at import SeriesAt
from il2kg.derive.timeline import Keys, Rows, Timeline, Truth
from il2kg.guideline.model import Guideline
from il2kg.guideline.series import CountKind, FactKind
from il2kg.record import DoubtfulEvent, Event, Record


@dataclass(frozen=True)
class HoldState:
    """For each instant, whether a criterion's hold is on, and the key at which it began."""

    held: Truth
    began: Keys


@dataclass(frozen=True)
class Recurrence:
    """For each instant, whether something has come back, and the entries that say how it was before, by row."""

    truths: Truths
    past: Callable[[int], tuple[Entry, ...]]


@dataclass(frozen=True)
class Instants:
    """Some instants of the records of a timeline, under a charting policy.

    ``series`` are the series of events, by id. ``holds`` tells, by criterion, of the holds that quantities are counted
    from; ``recurrences``, by the key of the statement, where something has come back, and from which items that is
    known of the past. Both are of these instants, and come from the history.
    """

    timeline: Timeline
    rows: Rows
    by_exception: bool
    series: Mapping[str, SeriesAt]
    holds: Mapping[str, HoldState] = field(default_factory=lambda: MappingProxyType({}))
    recurrences: Mapping[str, Recurrence] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(
        cls,
        timeline: Timeline,
        rows: Rows,
        *,
        by_exception: bool,
        holds: Mapping[str, HoldState] | None = None,
        recurrences: Mapping[str, Recurrence] | None = None,
    ) -> "Instants":
        """Some instants of a timeline, with what the history knows of them."""
        return cls(timeline, rows, by_exception, series_at(timeline, rows), holds or {}, recurrences or {})

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def guideline(self) -> Guideline:
        """The guideline by which values are derived."""
        return self.timeline.guideline

    @property
    def keys(self) -> Keys:
        """The instants as keys."""
        return self.rows.keys

    @property
    def origin(self) -> Keys:
        """For each instant, a key before all that is charted of its patient."""
        return self.timeline.origin[self.rows.patients]

    def record(self, row: int) -> Record:
        """The record of a row's patient."""
        return self.timeline.records[int(self.rows.patients[row])]

    def origin_of(self, row: int) -> int:
        """A key before all that is charted of a row's patient."""
        return int(self.timeline.origin[self.rows.patients[row]])

    def key(self, row: int) -> int:
        """The instant of a row as a key."""
        return int(self.rows.keys[row])

    def time(self, row: int, key: int | None = None) -> int:
        """The instant of a row, or a key of its patient's, in microseconds since the epoch."""
        return (self.key(row) if key is None else int(key)) - int(self.timeline.shift[self.rows.patients[row]])

    def assessed(self, row: int) -> int:
        """The instant at which a row's patient is assessed, in microseconds since the epoch."""
        return self.time(row, int(self.timeline.at[self.rows.patients[row]]))

    def none(self) -> Truth:
        """False everywhere."""
        return np.zeros(len(self), dtype=np.bool_)

    # ---- the series of events

    def fact(self, name: str) -> Stated:
        """A fact of a series, and the events that it comes from."""
        fact = self.guideline.facts[name]
        series = self.series[fact.series]
        truths = series.fact(name)

        def ground(row: int) -> Ground:
            doubts = self.events_in_doubt(row, fact.series) if truths.at(row) is None else ()
            events = self.events(row, fact.series)
            if fact.level is not None and fact.kind in (FactKind.WITHIN, FactKind.FIRST_OF):
                since = self.time(row, int(series.first_key(fact.level)[row]))
                events = tuple(e for e in events if e.time >= since) if series.given[row] else ()
            says = "yes" if truths.at(row) else "no"
            return Ground(events, doubts, says=says, missing=_unplaced(series))

        return Stated(truths, ground)

    def count(self, observable: str) -> Amount:
        """A number counted from the events of a series, and these."""
        count = self.guideline.observables[observable].count
        assert count is not None
        series = self.series[count.series]
        keys: Keys
        exists: Truth
        if count.level is None:
            keys, exists = series.last_key, series.given
        elif count.kind is CountKind.SINCE_END:
            keys, exists = series.counted_from(count).latest, series.previous(count.level).some
        else:
            keys, exists = series.first_key(count.level), series.within(count.level)
            if count.kind is CountKind.EVENTS_IN and count.level != series.series.levels[0].id:
                # Of a wider level the events are told that are no longer counted, for they are why there are so few.
                exists = series.given

        def ground(row: int) -> Ground:
            doubts = self.events_in_doubt(row, count.series)
            if series.doubtful[row]:
                return Ground(doubts=doubts, missing=_unplaced(series))
            if not exists[row]:
                return Ground(doubts=doubts, missing=f"no such {series.series.event} was given", void=True)
            since = self.time(row, int(keys[row]))
            items = tuple(event for event in self.events(row, count.series) if event.time >= since)
            return Ground(items, doubts, window=(since, self.time(row)), missing=_unplaced(series))

        return Amount(series.count(observable), ground)

    def events(self, row: int, series: str) -> tuple[Event, ...]:
        """The events of a series by the instant, in order."""
        now = self.time(row)
        own = (event for event in self.record(row).events if event.series == series and event.time <= now)
        return tuple(sorted(own, key=lambda event: event.time))

    def last_events(self, row: int) -> tuple[Event, ...]:
        """The last event of each series by the instant."""
        return tuple(event for name in self.series for event in self.events(row, name)[-1:])

    def events_in_doubt(self, row: int, series: str | None = None) -> tuple[Event | DoubtfulEvent, ...]:
        """The events of a series (by default of those of the hold) of uncertain time, and what may have been one."""
        names = self._series_of_hold if series is None else (series,)
        record, now = self.record(row), self.time(row)
        own = (event for event in record.events if event.series in names)
        may_be = (doubt for doubt in record.doubtful_events if doubt.series is None or doubt.series in names)
        return (
            *(event for event in own if event.earliest != event.latest and event.earliest <= now),
            *(doubt for doubt in may_be if doubt.earliest is None or doubt.earliest <= now),
        )

    # ---- the level for which holds last

    @property
    def _series_of_hold(self) -> tuple[str, ...]:
        return tuple(series.id for series in self.guideline.series_between())

    @property
    def event_of_hold(self) -> str:
        """What people call the events in the time for which holds last."""
        return " or ".join(series.event for series in self.guideline.series_between())

    def in_hold(self, preposition: str) -> str:
        """In (or of) the level for which holds last, in words; nothing where that is the whole record."""
        level = self.guideline.holds_last_for
        return "" if level is None else f" {preposition} the {self.guideline.levels[level].label}"

    def events_of_hold(self, row: int) -> tuple[Event, ...]:
        """The events by the instant in the time for which holds last, in order."""
        level = self.guideline.holds_last_for
        if level is None:
            events = [event for name in self._series_of_hold for event in self.events(row, name)]
            return tuple(sorted(events, key=lambda event: event.time))
        series = self.series[self.guideline.series_of(level).id]
        if not series.within(level)[row]:
            return ()
        since = self.time(row, int(series.first_key(level)[row]))
        return tuple(event for event in self.events(row, series.series.id) if event.time >= since)

    def after_last_event(self) -> Keys:
        """The keys just after the last event of any series, or of the beginning of the record where there was none."""
        since = self.timeline.first[self.rows.patients]
        for series in self.series.values():
            since = np.where(series.given, np.maximum(since, series.last_key + 1), since)
        return since

    # ---- the level before which baselines are measured

    @property
    def baseline_level(self) -> tuple[SeriesAt, str]:
        """The level before which baselines are measured, and its series."""
        level = self.guideline.baseline_before
        assert level is not None, "a change from a baseline is refused where no series has one"
        return self.series[self.guideline.series_of(level).id], level

    def baseline_before(self) -> tuple[Truth, Keys]:
        """Where there is a baseline to count from, and the keys at or before which it was measured."""
        series, level = self.baseline_level
        within = series.within(level)
        return within & ~series.doubtful, np.where(within, series.first_key(level), self.rows.keys)


def _unplaced(series: SeriesAt) -> str:
    return f"a {series.series.event} that cannot be placed"
