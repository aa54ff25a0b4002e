"""Volumes collected over periods, at each instant: urine and liquid stool per hour or in all (semantics, section 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from il2kg.derive.bounds import Bounds
from il2kg.derive.grounds import Amount, Ground
from il2kg.derive.instants import Instants
from il2kg.derive.measurements import set_aside
from il2kg.derive.results import charted_results
from il2kg.derive.timeline import Keys, Numbers, Rows, Stretches, Timeline, Truth
from il2kg.guideline.lengths import plain_number, plain_time
from il2kg.record import MICROSECONDS_PER_HOUR, Measurement

SILENT: Final = "nothing charted, by exception"


@dataclass(frozen=True)
class VolumeColumns:
    """The collected volumes of one observable, by the end of their periods, and when those set aside may have been."""

    ends: Keys
    starts: Keys
    low: Numbers
    high: Numbers
    doubts: Stretches
    entries: Sequence[Measurement]

    @classmethod
    def of(cls, timeline: Timeline, observable: str, *, by_exception: bool) -> "VolumeColumns":
        """Sort the volumes of an observable by patient and end; by exception more of them can be trusted."""
        charted = charted_results(timeline, observable)
        sound = [(p, m) for p, m in charted.measurements if m.start is not None]
        doubtful = []
        for patient, aside in charted.set_aside:
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
            [sound[place][1] for place in order.tolist()],
        )


@dataclass(frozen=True)
class Window:
    """The stretch of time over which volumes are added up: of a length, some time before the instant."""

    length: int
    earlier: int
    per_hour: bool


def collected(at: Instants, observable: str, window: Window, silent: float | None) -> Amount:
    """A volume per hour, or over the window, from the volumes whose periods lie at or before the instant.

    Unknown where the periods cover too little of the window. A rate is unknown, too, where the latest volume was set
    aside; a volume is then that or more, and between two sums where periods overlap. ``silent`` is the value where
    nothing is charted, if silence stands for one.
    """
    volumes = _volume_columns(at.timeline, observable, by_exception=at.by_exception)
    rows, length = at.rows, window.length
    until, since = rows.keys - window.earlier, rows.keys - window.earlier - length

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
    scale = 1.0 if window.per_hour else length / MICROSECONDS_PER_HOUR

    def rate(values: Numbers, hours: Numbers) -> Numbers:
        # An unbounded volume makes its row unbounded, even where its share would be nothing.
        total = np.bincount(row, values[pair] * share, len(rows))
        return total / np.where(hours > 0, hours, 1.0) * scale

    known = covered >= float(at.guideline.conventions.minimum_coverage) * length
    low, high = rate(volumes.low, charted_hours), rate(volumes.high, charted_hours)
    if window.per_hour:
        doubtful = _latest_set_aside(volumes, rows, since)
        known &= ~doubtful
    else:
        doubtful = volumes.doubts.reached(rows.keys) > since
        high = np.where(doubtful, np.inf, rate(volumes.high, covered / MICROSECONDS_PER_HOUR))
    bounds = Bounds.between(low, high).where(known)
    if silent is not None:
        uncharted = charted_hours == 0
        bounds = bounds.replace(uncharted & ~doubtful, silent)
        if not window.per_hour:
            bounds = bounds.at_least(uncharted & doubtful, silent)

    def ground(place: int) -> Ground:
        first, last = np.searchsorted(row, (place, place + 1))
        periods = sorted((volumes.entries[index] for index in pair[first:last].tolist()), key=lambda m: m.time)
        hours = plain_number(round(Decimal(int(covered[place])) / MICROSECONDS_PER_HOUR, 1))
        whole = plain_time(Decimal(length) / MICROSECONDS_PER_HOUR)
        return Ground(
            items=tuple(periods),
            doubts=tuple(set_aside(at, place, observable, int(since[place]))),
            window=(at.time(place, int(since[place])), at.time(place, int(until[place]))),
            note=None if periods else SILENT,
            missing=f"charted for {hours} of {whole}" if periods else "none charted",
        )

    return Amount(bounds.rounded(at.guideline.conventions.significant_digits), ground)


def _volume_columns(timeline: Timeline, observable: str, *, by_exception: bool) -> VolumeColumns:
    """The volumes of an observable, made once for each charting policy."""
    key = ("volumes", observable, by_exception)
    if key not in timeline.cache:
        timeline.cache[key] = VolumeColumns.of(timeline, observable, by_exception=by_exception)
    columns = timeline.cache[key]
    assert isinstance(columns, VolumeColumns)
    return columns


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
