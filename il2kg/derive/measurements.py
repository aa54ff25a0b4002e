"""Measured quantities at each instant: latest values, baselines, changes (semantics, section 4)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from il2kg.derive.bounds import Bounds
from il2kg.derive.series_at import SeriesAt
from il2kg.derive.timeline import Keys, Numbers, Rows, Stretches, Timeline, Truth, span_of
from il2kg.guideline.conditions import Measured
from il2kg.guideline.quantities import HOURS_PER_DAY, Drop, FallSinceHold, Gain, InARow, Latest, Rise
from il2kg.record import Measurement, SetAside


@dataclass(frozen=True)
class ResultColumns:
    """The measurements of one observable, of all patients: one group for each instant that has any.

    A value that was set aside is one of any size. ``adrift`` are those set aside whose time is uncertain: each is the
    latest, while it may be.
    """

    keys: Keys
    bounds: Bounds
    adrift: Stretches

    @classmethod
    def of(cls, timeline: Timeline, observable: str) -> "ResultColumns":
        """Group the measurements of an observable by patient and instant."""
        found = charted(timeline, observable)
        exact = [(p, s) for p, s in found.set_aside if s.earliest is not None and s.earliest == s.latest]
        adrift = [(p, s) for p, s in found.set_aside if s.earliest is None or s.earliest != s.latest]
        keys = timeline.keys(
            (p for p, _ in (*found.measurements, *exact)),
            (*(m.time for _, m in found.measurements), *(s.latest or 0 for _, s in exact)),
        )
        low = np.array([m.low for _, m in found.measurements] + [-np.inf] * len(exact), dtype=np.float64)
        high = np.array([m.high for _, m in found.measurements] + [np.inf] * len(exact), dtype=np.float64)
        order = np.argsort(keys, kind="stable")
        keys, low, high = keys[order], low[order], high[order]
        first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else np.empty(0, np.intp)
        bounds = (
            Bounds(
                np.minimum.reduceat(low, first),
                np.minimum.reduceat(high, first),
                np.maximum.reduceat(low, first),
                np.maximum.reduceat(high, first),
            )
            if len(keys)
            else Bounds.unknown(0)
        )
        stretches = Stretches.of((timeline.begin(p, s.earliest), timeline.finish(p, s.latest)) for p, s in adrift)
        return cls(keys[first], bounds, stretches)

    def latest(self, keys: Keys, window: int, *, closed: bool = False) -> "Results":
        """For each key, the latest group in ``(key - window, key]``; ``closed``: at its start too."""
        return self.back(keys, window, 0, closed=closed)

    def back(self, keys: Keys, window: int, steps: int, *, closed: bool = False) -> "Results":
        """For each key, the group so many steps before the latest, in ``(key - window, key]``."""
        index = np.searchsorted(self.keys, keys, side="right") - 1 - steps
        oldest = keys - window + (0 if closed else 1)
        if len(self.keys):
            time = self.keys[np.maximum(index, 0)]
            valid = (index >= 0) & (time >= oldest)
            since = np.where(valid, time, oldest)
        else:
            valid, since = np.zeros(len(keys), dtype=np.bool_), oldest
        # What may be from one instant or another is from no later than the instant that is looked at.
        reached = np.minimum(self.adrift.reached(keys), keys)
        tied = valid & (reached == since)
        return Results(self, index, valid, (reached >= since) & ~tied, tied)


@dataclass(frozen=True)
class Results:
    """One group of results for each instant, by its index where ``valid``.

    ``doubtful`` where another may be it, ``tied`` where one more value, of any size, may be of the same instant.
    """

    columns: ResultColumns
    index: np.ndarray
    valid: Truth
    doubtful: Truth
    tied: Truth

    @property
    def bounds(self) -> Bounds:
        """The values; nothing known where there are none, or none that is known to be it."""
        if not len(self.columns.keys):
            return Bounds.unknown(len(self.index))
        found = self.columns.bounds.take(np.where(self.valid, self.index, 0)).where(self.valid & ~self.doubtful)
        return found.beside_any(self.tied) if self.tied.any() else found

    @property
    def silent(self) -> Truth:
        """Where there is nothing, not even in doubt."""
        return ~self.valid & ~self.doubtful

    @property
    def keys(self) -> Keys:
        """When they are from; meaningless where not valid."""
        return self.columns.keys[np.where(self.valid, self.index, 0)] if len(self.columns.keys) else self.index


@dataclass(frozen=True)
class Charted:
    """The measurements of one observable and those set aside, each with its patient."""

    measurements: list[tuple[int, Measurement]]
    set_aside: list[tuple[int, SetAside]]


def charted(timeline: Timeline, observable: str) -> Charted:
    """What is charted of an observable; the records are sorted by observable once."""
    if "charted measurements" not in timeline.cache:
        found: dict[str, Charted] = defaultdict(lambda: Charted([], []))
        for patient, record in enumerate(timeline.records):
            for measurement in record.measurements:
                found[measurement.observable].measurements.append((patient, measurement))
            for aside in record.set_aside:
                found[aside.observable].set_aside.append((patient, aside))
        timeline.cache["charted measurements"] = found
    by_observable = cast("dict[str, Charted]", timeline.cache["charted measurements"])
    return by_observable.get(observable) or Charted([], [])


def result_columns(timeline: Timeline, observable: str) -> ResultColumns:
    """The grouped measurements of an observable, made once."""
    key = ("results", observable)
    if key not in timeline.cache:
        timeline.cache[key] = ResultColumns.of(timeline, observable)
    found = timeline.cache[key]
    assert isinstance(found, ResultColumns)
    return found


def _window(timeline: Timeline, observable: str) -> int:
    hours = timeline.guideline.observables[observable].window_hours
    return span_of(hours) if hours is not None else 0


def silent_value(timeline: Timeline, observable: str, silence: bool, by_exception: bool) -> float | None:
    """The value that silence stands for, if it stands for one."""
    value = timeline.guideline.observables[observable].by_exception
    return float(value) if value is not None and silence and by_exception else None


def measured(timeline: Timeline, statement: Measured, rows: Rows) -> tuple[Truth, Truth]:
    """Where there is, or may be, a measurement in the observable's window, and where there is none."""
    observable = timeline.guideline.observables[statement.observable]
    if observable.infusion_of is not None:
        return np.ones(len(rows), dtype=np.bool_), np.zeros(len(rows), dtype=np.bool_)
    found = result_columns(timeline, observable.id).latest(rows.keys, _window(timeline, observable.id))
    return ~found.silent, found.silent


def latest(timeline: Timeline, quantity: Latest, rows: Rows, *, by_exception: bool) -> Bounds:
    """The latest value in the observable's window."""
    found = result_columns(timeline, quantity.observable).latest(rows.keys, _window(timeline, quantity.observable))
    value = silent_value(timeline, quantity.observable, quantity.silence, by_exception)
    return found.bounds if value is None else found.bounds.replace(found.silent, value)


def baseline(timeline: Timeline, observable: str, rows: Rows, series: Mapping[str, SeriesAt]) -> Bounds:
    """The latest value at or before the first event of the level that baselines come before.

    Nothing is known of it where no event was given in that level.
    """
    reach = span_of(timeline.guideline.conventions.baseline_days * HOURS_PER_DAY)
    level = timeline.guideline.baseline_before
    assert level is not None, "a change from a baseline is refused where no series has one"
    events = series[timeline.guideline.series_of(level).id]
    inside = events.within(level)
    first = np.where(inside, events.first_key(level), rows.keys)
    found = result_columns(timeline, observable).latest(first, reach, closed=True)
    return found.bounds.where(inside & ~events.doubtful)


def drop(timeline: Timeline, quantity: Drop, rows: Rows, series: Mapping[str, SeriesAt]) -> Bounds:
    """The fall below the baseline."""
    before = baseline(timeline, quantity.observable, rows, series)
    now = latest(timeline, Latest(quantity.observable), rows, by_exception=False)
    return before.minus(now).rounded(timeline.guideline.conventions.significant_digits)


def gain(timeline: Timeline, quantity: Gain, rows: Rows, series: Mapping[str, SeriesAt]) -> Bounds:
    """The rise over the baseline, in percent of it; unknown where the baseline may not be above 0."""
    before = baseline(timeline, quantity.observable, rows, series)
    now = latest(timeline, Latest(quantity.observable), rows, by_exception=False)

    def percent(value: Numbers, base: Numbers, otherwise: float) -> Numbers:
        usable = np.isfinite(value) & np.isfinite(base) & (base > 0)
        divisor = np.where(usable, base, 1.0)
        return np.where(usable, 100 * (np.where(usable, value, 0.0) - divisor) / divisor, otherwise)

    return Bounds(
        percent(now.lowest_at_least, before.highest_at_most, -np.inf),
        percent(now.lowest_at_most, before.highest_at_least, np.inf),
        percent(now.highest_at_least, before.lowest_at_most, -np.inf),
        percent(now.highest_at_most, before.lowest_at_least, np.inf),
    ).rounded(timeline.guideline.conventions.significant_digits)


def rise(timeline: Timeline, quantity: Rise, rows: Rows) -> Bounds:
    """The latest value in its window less the one before it."""
    results = result_columns(timeline, quantity.observable)
    reach = span_of(timeline.guideline.conventions.change_hours)
    now = results.latest(rows.keys, _window(timeline, quantity.observable))
    # The value before the latest may be older than the window, by as much as values that are compared may be apart.
    before = results.back(np.where(now.valid, now.keys, rows.keys), reach, 1, closed=True)
    rises = now.bounds.minus(before.bounds)
    return rises.where(now.valid & before.valid).rounded(timeline.guideline.conventions.significant_digits)


def in_a_row(timeline: Timeline, quantity: InARow, rows: Rows, *, by_exception: bool) -> Bounds:
    """The value that is hardest to satisfy of the latest results; results at one instant are one, satisfied if any is.

    With fewer results than asked for, one that fails decides alone; otherwise the rest is unknown, or what silence
    stands for.
    """
    results = result_columns(timeline, quantity.observable)
    reach = span_of(timeline.guideline.conventions.repeat_hours)
    value = silent_value(timeline, quantity.observable, quantity.silence, by_exception)
    low, high = [], []
    for steps in range(quantity.times):
        found = results.back(rows.keys, reach, steps)
        bounds = found.bounds if value is None else found.bounds.replace(found.silent, value)
        low.append(bounds.highest_at_least if quantity.lowest else bounds.lowest_at_least)
        high.append(bounds.highest_at_most if quantity.lowest else bounds.lowest_at_most)
    hardest = np.minimum.reduce if quantity.lowest else np.maximum.reduce
    return Bounds.between(hardest(low), hardest(high))


def fall_since(timeline: Timeline, quantity: FallSinceHold, rows: Rows, hold_began: Keys, held: Truth) -> Bounds:
    """The highest value since a hold began, the one in force then included, less the latest in its window."""
    results = result_columns(timeline, quantity.observable)
    window = _window(timeline, quantity.observable)
    now = results.latest(rows.keys, window)
    at_start = results.latest(np.where(held, hold_began, rows.keys), window)
    start = np.where(at_start.valid, at_start.index, at_start.index + 1)
    valid = now.valid & held & (start <= now.index)
    if not len(results.keys):
        return Bounds.unknown(len(rows))
    # A value whose time is uncertain may be the highest since then.
    first = results.keys[np.minimum(np.maximum(start, 0), len(results.keys) - 1)]
    valid &= results.adrift.reached(rows.keys) < first

    def highest(values: Numbers) -> Numbers:
        padded = np.append(values, -np.inf)
        edges = np.stack((np.where(valid, start, 0), np.where(valid, now.index, 0) + 1), axis=1).ravel()
        return np.maximum.reduceat(padded, edges)[::2]

    peak = Bounds.between(highest(results.bounds.highest_at_least), highest(results.bounds.highest_at_most))
    fall = peak.where(valid).minus(now.bounds)
    return fall.where(valid).rounded(timeline.guideline.conventions.significant_digits)
