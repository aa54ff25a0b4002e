"""Volumes collected over periods, at each instant: urine and liquid stool per hour or in all (semantics, section 4)."""

from dataclasses import dataclass

import numpy as np

from il2kg.derive.bounds import Bounds
from il2kg.derive.measurements import charted, silent_value
from il2kg.derive.timeline import Keys, Numbers, Rows, Stretches, Timeline, Truth, span_of
from il2kg.guideline.quantities import Collected
from il2kg.record import MICROSECONDS_PER_HOUR


@dataclass(frozen=True)
class VolumeColumns:
    """The collected volumes of one observable, by the end of their periods, and when those set aside may have been."""

    ends: Keys
    starts: Keys
    low: Numbers
    high: Numbers
    doubts: Stretches

    @classmethod
    def of(cls, timeline: Timeline, observable: str, *, by_exception: bool) -> "VolumeColumns":
        """Sort the volumes of an observable by patient and end; by exception more of them can be trusted."""
        found = charted(timeline, observable)
        sound = [(p, m) for p, m in found.measurements if m.start is not None]
        doubtful = []
        for patient, aside in found.set_aside:
            if by_exception and aside.by_exception is not None:
                sound.append((patient, aside.by_exception))
            else:
                doubtful.append((timeline.begin(patient, aside.earliest), timeline.finish(patient, aside.latest)))
        ends = timeline.keys((p for p, _ in sound), (m.time for _, m in sound))
        starts = timeline.keys((p for p, _ in sound), (m.start or 0 for _, m in sound))
        order = np.argsort(ends, kind="stable")
        return cls(
            ends[order],
            starts[order],
            np.array([m.low for _, m in sound], dtype=np.float64)[order],
            np.array([m.high for _, m in sound], dtype=np.float64)[order],
            Stretches.of(doubtful),
        )


def collected(timeline: Timeline, quantity: Collected, rows: Rows, *, by_exception: bool) -> Bounds:
    """A volume per hour, or over the hours, from the volumes whose periods lie at or before the instant.

    Unknown where the periods cover too little of the window. A rate is unknown, too, where the latest volume was set
    aside; a volume is then that or more, and between two sums where periods overlap.
    """
    volumes = _volume_columns(timeline, quantity.observable, by_exception=by_exception)
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
    charted_hours = np.bincount(row, overlap, len(rows)) / MICROSECONDS_PER_HOUR
    covered = _union(row, begin - since[row], end - since[row], length, len(rows))
    scale = 1.0 if quantity.per_hour else length / MICROSECONDS_PER_HOUR

    def rate(values: Numbers, hours: Numbers) -> Numbers:
        # An unbounded volume makes its row unbounded, even where its share would be nothing.
        total = np.bincount(row, values[pair] * share, len(rows))
        return total / np.where(hours > 0, hours, 1.0) * scale

    known = covered >= float(timeline.guideline.conventions.minimum_coverage) * length
    value = silent_value(timeline, quantity.observable, quantity.silence, by_exception)
    low, high = rate(volumes.low, charted_hours), rate(volumes.high, charted_hours)
    if quantity.per_hour:
        doubtful = _latest_set_aside(volumes, rows, since)
        known &= ~doubtful
    else:
        doubtful = volumes.doubts.reached(rows.keys) > since
        high = np.where(doubtful, np.inf, rate(volumes.high, covered / MICROSECONDS_PER_HOUR))
    bounds = Bounds.between(low, high).where(known)
    if value is not None:
        silent = charted_hours == 0
        bounds = bounds.replace(silent & ~doubtful, value)
        if not quantity.per_hour:
            bounds = bounds.at_least(silent & doubtful, value)
    return bounds.rounded(timeline.guideline.conventions.significant_digits)


def _volume_columns(timeline: Timeline, observable: str, *, by_exception: bool) -> VolumeColumns:
    """The volumes of an observable, made once for each charting policy."""
    key = ("volumes", observable, by_exception)
    if key not in timeline.cache:
        timeline.cache[key] = VolumeColumns.of(timeline, observable, by_exception=by_exception)
    found = timeline.cache[key]
    assert isinstance(found, VolumeColumns)
    return found


def _latest_set_aside(volumes: VolumeColumns, rows: Rows, since: Keys) -> Truth:
    """Where the latest measurement of the window was, or may have been, set aside."""
    doubt = volumes.doubts.reached(rows.keys)
    if not len(volumes.ends):
        return doubt > since
    sound = np.searchsorted(volumes.ends, rows.keys, side="right") - 1
    latest_sound = np.where(sound >= 0, volumes.ends[np.maximum(sound, 0)], np.iinfo(np.int64).min)
    return (doubt > since) & (doubt >= latest_sound)


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
