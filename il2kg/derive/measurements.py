"""Measured quantities at each instant: latest values, baselines, changes (semantics, section 4)."""

from collections import defaultdict
from dataclasses import dataclass
from typing import cast

import numpy as np

from il2kg.derive.bounds import Bounds
from il2kg.derive.doses import RegimenAt
from il2kg.derive.timeline import HOURS_PER_DAY, Keys, Numbers, Rows, Timeline, Truth, span_of
from il2kg.guideline.quantities import Drop, FallSinceHold, Gain, InARow, Latest, Rise
from il2kg.record import Measurement


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
        dated = charted(timeline, observable)
        patients, found = dated.patients, dated.measurements
        keys = timeline.keys(patients, (m.time or 0 for m in found))
        low, high = bounds_of(found)
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
        undated[charted(timeline, observable).undated] = True
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
class Charted:
    """The dated measurements of one observable, the patient of each, and the patients who have an undated one."""

    patients: list[int]
    measurements: list[Measurement]
    undated: list[int]


def charted(timeline: Timeline, observable: str) -> Charted:
    """What is charted of an observable; the records are sorted by observable once."""
    if "charted measurements" not in timeline.cache:
        found: dict[str, Charted] = defaultdict(lambda: Charted([], [], []))
        for patient, record in enumerate(timeline.records):
            for measurement in record.measurements:
                own = found[measurement.observable]
                if measurement.time is None:
                    own.undated.append(patient)
                else:
                    own.patients.append(patient)
                    own.measurements.append(measurement)
        timeline.cache["charted measurements"] = found
    by_observable = cast("dict[str, Charted]", timeline.cache["charted measurements"])
    return by_observable.get(observable) or Charted([], [], [])


def bounds_of(found: list[Measurement]) -> tuple[Numbers, Numbers]:
    """The bounds of measurements, as columns."""
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


def silent_value(timeline: Timeline, observable: str, silence: bool, by_exception: bool) -> float | None:
    """The value that silence stands for, if it stands for one."""
    value = timeline.guideline.observables[observable].by_exception
    return float(value) if value is not None and silence and by_exception else None


def latest(timeline: Timeline, quantity: Latest, rows: Rows, *, by_exception: bool) -> Bounds:
    """The latest value in the observable's window."""
    results = result_columns(timeline, quantity.observable)
    index, valid = results.latest(rows.keys, _window(timeline, quantity.observable))
    bounds = results.at(index, valid, rows)
    value = silent_value(timeline, quantity.observable, quantity.silence, by_exception)
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
    value = silent_value(timeline, quantity.observable, quantity.silence, by_exception)
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
