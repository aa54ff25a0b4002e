"""The results of one observable as columns: one group for each instant that has any."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from il2kg.derive.bounds import Bounds
from il2kg.derive.timeline import Keys, Stretches, Timeline, Truth
from il2kg.record import Measurement, SetAside


@dataclass(frozen=True)
class ResultColumns:
    """The measurements of one observable, of all patients, and what was set aside.

    A value that was set aside is one of any size. ``adrift`` are those set aside whose time is uncertain: each is the
    latest, while it may be. ``entries`` are in the order of their keys; the group of ``keys[i]`` begins at
    ``first[i]``.
    """

    keys: Keys
    bounds: Bounds
    adrift: Stretches
    first: Keys
    entries: Sequence[Measurement | SetAside]

    @classmethod
    def of(cls, timeline: Timeline, observable: str) -> "ResultColumns":
        """Group the measurements of an observable by patient and instant."""
        charted = charted_results(timeline, observable)
        exact = [(p, s) for p, s in charted.set_aside if s.earliest is not None and s.earliest == s.latest]
        adrift = [(p, s) for p, s in charted.set_aside if s.earliest is None or s.earliest != s.latest]
        stretches = Stretches.of((timeline.begin(p, s.earliest), timeline.finish(p, s.latest)) for p, s in adrift)
        entries: list[Measurement | SetAside] = [*(m for _, m in charted.measurements), *(s for _, s in exact)]
        if not entries:
            none = np.empty(0, dtype=np.int64)
            return cls(none, Bounds.unknown(0), stretches, none, ())
        keys = timeline.keys(
            (p for p, _ in (*charted.measurements, *exact)),
            (*(m.time for _, m in charted.measurements), *(s.latest or 0 for _, s in exact)),
        )
        low = np.array([m.low for _, m in charted.measurements] + [-np.inf] * len(exact), dtype=np.float64)
        high = np.array([m.high for _, m in charted.measurements] + [np.inf] * len(exact), dtype=np.float64)
        order = np.argsort(keys, kind="stable")
        keys, low, high = keys[order], low[order], high[order]
        first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
        bounds = Bounds(
            np.minimum.reduceat(low, first),
            np.minimum.reduceat(high, first),
            np.maximum.reduceat(low, first),
            np.maximum.reduceat(high, first),
        )
        return cls(keys[first], bounds, stretches, first, [entries[place] for place in order.tolist()])

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
        return Results(self, keys, oldest, index, valid, (reached >= since) & ~tied, tied)

    def group(self, index: int) -> list[Measurement]:
        """The measurements of one instant."""
        end = self.first[index + 1] if index + 1 < len(self.first) else len(self.entries)
        return [entry for entry in self.entries[self.first[index] : end] if isinstance(entry, Measurement)]


@dataclass(frozen=True)
class Results:
    """One group of results for each instant, by its index where ``valid``; none is ``oldest`` or older.

    ``doubtful`` where another may be it, ``tied`` where one more value, of any size, may be of the same instant.
    """

    columns: ResultColumns
    until: Keys
    oldest: Keys
    index: np.ndarray
    valid: Truth
    doubtful: Truth
    tied: Truth

    @property
    def bounds(self) -> Bounds:
        """The values; nothing known where there are none, or none that is known to be it."""
        if not len(self.columns.keys):
            return Bounds.unknown(len(self.index))
        values = self.columns.bounds.take(np.where(self.valid, self.index, 0)).where(self.valid & ~self.doubtful)
        return values.beside_any(self.tied) if self.tied.any() else values

    @property
    def silent(self) -> Truth:
        """Where there is nothing, not even in doubt."""
        return ~self.valid & ~self.doubtful

    @property
    def keys(self) -> Keys:
        """When they are from; meaningless where not valid."""
        return self.columns.keys[np.where(self.valid, self.index, 0)] if len(self.columns.keys) else self.index

    def measurements(self, row: int) -> list[Measurement]:
        """The measurements of the group."""
        return self.columns.group(int(self.index[row])) if self.valid[row] else []


@dataclass(frozen=True)
class ChartedResults:
    """The measurements of one observable and those set aside, each with its patient."""

    measurements: list[tuple[int, Measurement]]
    set_aside: list[tuple[int, SetAside]]


def charted_results(timeline: Timeline, observable: str) -> ChartedResults:
    """What is charted of an observable; the records are sorted by observable once."""
    if "charted measurements" not in timeline.cache:
        sorted_out: dict[str, ChartedResults] = defaultdict(lambda: ChartedResults([], []))
        for patient, record in enumerate(timeline.records):
            for measurement in record.measurements:
                sorted_out[measurement.observable].measurements.append((patient, measurement))
            for aside in record.set_aside:
                sorted_out[aside.observable].set_aside.append((patient, aside))
        timeline.cache["charted measurements"] = sorted_out
    by_observable = cast("dict[str, ChartedResults]", timeline.cache["charted measurements"])
    return by_observable.get(observable) or ChartedResults([], [])


def result_columns(timeline: Timeline, observable: str) -> ResultColumns:
    """The grouped measurements of an observable, made once."""
    key = ("results", observable)
    if key not in timeline.cache:
        timeline.cache[key] = ResultColumns.of(timeline, observable)
    columns = timeline.cache[key]
    assert isinstance(columns, ResultColumns)
    return columns
