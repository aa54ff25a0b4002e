"""Volumes collected over periods, at each instant: urine and liquid stool per hour or in all (semantics, section 4)."""

from dataclasses import dataclass

import numpy as np

from il2kg.derive.bounds import Bounds
from il2kg.derive.measurements import bounds_of, charted, result_columns, silent_value
from il2kg.derive.timeline import Keys, Numbers, Rows, Timeline, Truth, span_of
from il2kg.guideline.quantities import Collected
from il2kg.record import MICROSECONDS_PER_HOUR


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
        dated = charted(timeline, observable)
        patients, found = dated.patients, dated.measurements
        sound = [(p, m) for p, m in zip(patients, found, strict=True) if m.start is not None]
        doubtful = [(p, m) for p, m in zip(patients, found, strict=True) if m.start is None]
        ends = timeline.keys((p for p, _ in sound), (m.time or 0 for _, m in sound))
        starts = timeline.keys((p for p, _ in sound), (m.start or 0 for _, m in sound))
        low, high = bounds_of([m for _, m in sound])
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
    value = silent_value(timeline, quantity.observable, quantity.silence, by_exception)
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
