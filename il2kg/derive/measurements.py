"""Measured quantities at each instant: latest values, baselines, changes, collected volumes (semantics, section 4)."""

from collections import defaultdict
from dataclasses import dataclass
from typing import cast

import numpy as np

from il2kg.derive.bounds import Bounds
from il2kg.derive.doses import RegimenAt
from il2kg.derive.timeline import HOURS_PER_DAY, Keys, Numbers, Rows, Timeline, Truth, span_of
from il2kg.guideline.quantities import Collected, Drop, FallSinceHold, Gain, InARow, Latest, Rise
from il2kg.record import MICROSECONDS_PER_HOUR, Measurement


@dataclass(frozen=True)
class ResultColumns:
    """The measurements of one observable, of all patients: one group for each instant that has any.

    A value that was set aside is one of any size. ``undated`` patients have one that may be the latest at any instant.
    """

    keys: Keys
    bounds: Bounds
    undated: Truth

    @classmethod
    def of(cls, timeline: Timeline, observable: str) -> "ResultColumns":
        """Group the measurements of an observable by patient and instant."""
        charted = _charted(timeline, observable)
        patients, found = charted.patients, charted.measurements
        keys = timeline.keys(patients, (m.time or 0 for m in found))
        low, high = _values(found)
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
        undated = np.zeros(len(timeline.records), dtype=np.bool_)
        undated[_charted(timeline, observable).undated] = True
        return cls(keys[first], bounds, undated)

    def latest(self, keys: Keys, window: int, *, closed: bool = False) -> tuple[np.ndarray, Truth]:
        """For each key, the index of the latest group in ``(key - window, key]``; ``closed``: at its start too."""
        index = np.searchsorted(self.keys, keys, side="right") - 1
        if not len(self.keys):
            return index, np.zeros(len(keys), dtype=np.bool_)
        oldest = keys - window
        time = self.keys[np.maximum(index, 0)]
        return index, (index >= 0) & ((time >= oldest) if closed else (time > oldest))

    def at(self, index: np.ndarray, valid: Truth, rows: Rows) -> Bounds:
        """The groups at some indices; nothing known where not valid or where an undated value may be the latest."""
        if not len(self.keys):
            return Bounds.unknown(len(rows))
        return self.bounds.take(np.where(valid, index, 0)).where(valid & ~self.undated[rows.patients])


@dataclass(frozen=True)
class _Charted:
    """The dated measurements of one observable, the patient of each, and the patients who have an undated one."""

    patients: list[int]
    measurements: list[Measurement]
    undated: list[int]


def _charted(timeline: Timeline, observable: str) -> _Charted:
    """What is charted of an observable; the records are sorted by observable once."""
    if "charted measurements" not in timeline.cache:
        found: dict[str, _Charted] = defaultdict(lambda: _Charted([], [], []))
        for patient, record in enumerate(timeline.records):
            for measurement in record.measurements:
                charted = found[measurement.observable]
                if measurement.time is None:
                    charted.undated.append(patient)
                else:
                    charted.patients.append(patient)
                    charted.measurements.append(measurement)
        timeline.cache["charted measurements"] = found
    by_observable = cast("dict[str, _Charted]", timeline.cache["charted measurements"])
    return by_observable.get(observable) or _Charted([], [], [])


def _values(found: list[Measurement]) -> tuple[Numbers, Numbers]:
    return (
        np.array([m.low for m in found], dtype=np.float64),
        np.array([m.high for m in found], dtype=np.float64),
    )


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


def _silent_value(timeline: Timeline, observable: str, silence: bool, by_exception: bool) -> float | None:
    """The value that silence stands for, if it stands for one."""
    value = timeline.guideline.observables[observable].by_exception
    return float(value) if value is not None and silence and by_exception else None


def latest(timeline: Timeline, quantity: Latest, rows: Rows, *, by_exception: bool) -> Bounds:
    """The latest value in the observable's window."""
    results = result_columns(timeline, quantity.observable)
    index, valid = results.latest(rows.keys, _window(timeline, quantity.observable))
    bounds = results.at(index, valid, rows)
    value = _silent_value(timeline, quantity.observable, quantity.silence, by_exception)
    return bounds if value is None else bounds.replace(~valid & ~results.undated[rows.patients], value)


def baseline(timeline: Timeline, observable: str, rows: Rows, regimen: RegimenAt) -> Bounds:
    """The latest value at or before the cycle's first dose; meaningless where no dose was given in the cycle."""
    results = result_columns(timeline, observable)
    reach = span_of(timeline.guideline.conventions.baseline_days * HOURS_PER_DAY)
    first = np.where(regimen.in_cycle, regimen.cycle_first, rows.keys)
    index, valid = results.latest(first, reach, closed=True)
    return results.at(index, valid & regimen.in_cycle, rows)


def drop(timeline: Timeline, quantity: Drop, rows: Rows, regimen: RegimenAt) -> Bounds:
    """The fall below the cycle's baseline."""
    before = baseline(timeline, quantity.observable, rows, regimen)
    now = latest(timeline, Latest(quantity.observable), rows, by_exception=False)
    return before.minus(now).rounded(timeline.guideline.conventions.significant_digits)


def gain(timeline: Timeline, quantity: Gain, rows: Rows, regimen: RegimenAt) -> Bounds:
    """The rise over the cycle's baseline, in percent of it; unknown where the baseline may not be above 0."""
    before = baseline(timeline, quantity.observable, rows, regimen)
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
    index, valid = results.latest(rows.keys, _window(timeline, quantity.observable))
    reach = span_of(timeline.guideline.conventions.change_hours)
    valid &= index >= 1
    if len(results.keys):
        at = np.where(valid, index, 1) if len(results.keys) > 1 else np.zeros(len(rows), np.intp)
        valid &= results.keys[at] - results.keys[at - 1] <= reach
    now, before = results.at(index, valid, rows), results.at(index - 1, valid, rows)
    return now.minus(before).rounded(timeline.guideline.conventions.significant_digits)


def in_a_row(timeline: Timeline, quantity: InARow, rows: Rows, *, by_exception: bool) -> Bounds:
    """The value that is hardest to satisfy of the latest results; results at one instant are one, satisfied if any is.

    With fewer results than asked for, one that fails decides alone; otherwise the rest is unknown, or what silence
    stands for.
    """
    results = result_columns(timeline, quantity.observable)
    reach = span_of(timeline.guideline.conventions.repeat_hours)
    newest = np.searchsorted(results.keys, rows.keys, side="right") - 1
    value = _silent_value(timeline, quantity.observable, quantity.silence, by_exception)
    low, high = [], []
    for back in range(quantity.times):
        index = newest - back
        valid = (index >= 0) & (results.keys[np.maximum(index, 0)] > rows.keys - reach if len(results.keys) else False)
        found = results.at(index, valid, rows)
        if value is not None:
            found = found.replace(~valid & ~results.undated[rows.patients], value)
        low.append(found.highest_at_least if quantity.lowest else found.lowest_at_least)
        high.append(found.highest_at_most if quantity.lowest else found.lowest_at_most)
    hardest = np.minimum.reduce if quantity.lowest else np.maximum.reduce
    return Bounds.between(hardest(low), hardest(high))


def fall_since(timeline: Timeline, quantity: FallSinceHold, rows: Rows, hold_began: Keys, held: Truth) -> Bounds:
    """The highest value since a hold began, the one in force then included, less the latest in its window."""
    results = result_columns(timeline, quantity.observable)
    window = _window(timeline, quantity.observable)
    index, valid = results.latest(rows.keys, window)
    began = np.where(held, hold_began, rows.keys)
    start, in_force = results.latest(began, window)
    start = np.where(in_force, start, start + 1)
    valid = valid & held & (start <= index)
    if not len(results.keys):
        return Bounds.unknown(len(rows))

    def highest(values: Numbers) -> Numbers:
        padded = np.append(values, -np.inf)
        edges = np.stack((np.where(valid, start, 0), np.where(valid, index, 0) + 1), axis=1).ravel()
        return np.maximum.reduceat(padded, edges)[::2]

    peak = Bounds.between(highest(results.bounds.highest_at_least), highest(results.bounds.highest_at_most))
    fall = peak.where(valid).minus(results.at(index, valid, rows))
    return fall.where(valid).rounded(timeline.guideline.conventions.significant_digits)


@dataclass(frozen=True)
class VolumeColumns:
    """The collected volumes of one observable, by the end of their periods, and the instants of those set aside."""

    ends: Keys
    starts: Keys
    low: Numbers
    high: Numbers
    set_aside: Keys
    undated: Truth

    @classmethod
    def of(cls, timeline: Timeline, observable: str) -> "VolumeColumns":
        """Sort the volumes of an observable by patient and end."""
        charted = _charted(timeline, observable)
        patients, found = charted.patients, charted.measurements
        sound = [(p, m) for p, m in zip(patients, found, strict=True) if m.start is not None]
        doubtful = [(p, m) for p, m in zip(patients, found, strict=True) if m.start is None]
        ends = timeline.keys((p for p, _ in sound), (m.time or 0 for _, m in sound))
        starts = timeline.keys((p for p, _ in sound), (m.start or 0 for _, m in sound))
        low, high = _values([m for _, m in sound])
        order = np.argsort(ends, kind="stable")
        return cls(
            ends[order],
            starts[order],
            low[order],
            high[order],
            np.sort(timeline.keys((p for p, _ in doubtful), (m.time or 0 for _, m in doubtful))),
            result_columns(timeline, observable).undated,
        )


def collected(timeline: Timeline, quantity: Collected, rows: Rows, *, by_exception: bool) -> Bounds:
    """A volume per hour, or over the hours, from the volumes whose periods lie at or before the instant.

    Unknown where the latest measurement was set aside, or where the periods cover too little of the window.
    """
    key = ("volumes", quantity.observable)
    if key not in timeline.cache:
        timeline.cache[key] = VolumeColumns.of(timeline, quantity.observable)
    volumes = timeline.cache[key]
    assert isinstance(volumes, VolumeColumns)
    length, earlier = span_of(quantity.hours), span_of(quantity.earlier)
    until, since = rows.keys - earlier, rows.keys - earlier - length

    # A period that ends at or before the instant overlaps the window if it ends after the window's start.
    first = np.searchsorted(volumes.ends, since, side="right")
    count = np.searchsorted(volumes.ends, rows.keys, side="right") - first
    row = np.repeat(np.arange(len(rows)), count)
    pair = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + first[row]
    begin, end = np.maximum(volumes.starts[pair], since[row]), np.minimum(volumes.ends[pair], until[row])
    inside = end > begin
    row, pair, begin, end = row[inside], pair[inside], begin[inside], end[inside]
    overlap = (end - begin).astype(np.float64)
    share = overlap / (volumes.ends[pair] - volumes.starts[pair])
    hours = np.bincount(row, overlap, len(rows)) / MICROSECONDS_PER_HOUR
    covered = _union(row, begin - since[row], end - since[row], length, len(rows))
    scale = 1.0 if quantity.per_hour else length / MICROSECONDS_PER_HOUR

    def rate(values: Numbers) -> Numbers:
        # An unbounded volume makes its row unbounded, even where its share would be nothing.
        total = np.bincount(row, values[pair] * share, len(rows))
        return total / np.where(hours > 0, hours, 1.0) * scale

    doubtful = _latest_set_aside(volumes, rows, since)
    known = (covered >= float(timeline.guideline.conventions.minimum_coverage) * length) & ~doubtful
    bounds = Bounds.between(rate(volumes.low), rate(volumes.high)).where(known)
    value = _silent_value(timeline, quantity.observable, quantity.silence, by_exception)
    if value is not None:
        bounds = bounds.replace((hours == 0) & ~doubtful, value)
    return bounds.rounded(timeline.guideline.conventions.significant_digits)


def _latest_set_aside(volumes: VolumeColumns, rows: Rows, since: Keys) -> Truth:
    """Where the latest measurement of the window, or one without a time, was set aside."""
    undated = volumes.undated[rows.patients]
    if not len(volumes.set_aside):
        return undated
    index = np.searchsorted(volumes.set_aside, rows.keys, side="right") - 1
    latest_doubt = np.where(index >= 0, volumes.set_aside[np.maximum(index, 0)], np.iinfo(np.int64).min)
    if len(volumes.ends):
        sound = np.searchsorted(volumes.ends, rows.keys, side="right") - 1
        latest_sound = np.where(sound >= 0, volumes.ends[np.maximum(sound, 0)], np.iinfo(np.int64).min)
    else:
        latest_sound = np.full(len(rows), np.iinfo(np.int64).min)
    return undated | ((latest_doubt > since) & (latest_doubt >= latest_sound))


def _union(row: np.ndarray, begin: Keys, end: Keys, length: int, size: int) -> Numbers:
    """The length that the intervals of each row cover together, given by row and, in it, by ascending end.

    ``begin`` and ``end`` are counted from the start of the row's window, which is ``length`` long. Walking back from
    the last end, an interval adds what lies before all that came after it.
    """
    if not len(row):
        return np.zeros(size)
    # One rising scale for all rows, so that a minimum that runs backwards starts anew at each.
    offset = row.astype(np.int64) * (length + 1)
    lowest = np.minimum.accumulate((begin + offset)[::-1])[::-1]
    later = np.append(lowest[1:], np.iinfo(np.int64).max) - offset
    added = np.maximum(np.minimum(end, later) - begin, 0).astype(np.float64)
    return np.bincount(row, added, size).astype(np.float64)
