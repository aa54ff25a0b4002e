"""Treatments at each instant: whether they ran, for how long, and at what rate (semantics, section 4)."""

import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import numpy as np

from il2kg.derive.bounds import Bounds
from il2kg.derive.timeline import Keys, Numbers, Rows, Timeline, Truth, span_of
from il2kg.guideline.conditions import OnTreatment, TreatedWith
from il2kg.guideline.quantities import InfusionExtreme, InfusionIncrease, Latest
from il2kg.record import Administration


@dataclass(frozen=True)
class CourseColumns:
    """The administrations of a treatment and those below it, of all patients, by start.

    ``chain_start`` and ``chain_end``, beside each start, tell of the run of administrations, none far apart, that it
    belongs to: when it began, and when it ends as far as known at that start.
    """

    starts: Keys
    ends: Keys
    chain_start: Keys
    chain_end: Keys
    undated: Truth


def _by_treatment(timeline: Timeline) -> dict[str, list[tuple[int, Administration]]]:
    if "administrations" not in timeline.cache:
        found: dict[str, list[tuple[int, Administration]]] = defaultdict(list)
        for patient, record in enumerate(timeline.records):
            for administration in record.administrations:
                found[administration.treatment].append((patient, administration))
        timeline.cache["administrations"] = found
    return cast("dict[str, list[tuple[int, Administration]]]", timeline.cache["administrations"])


def _course_columns(timeline: Timeline, treatment: str) -> CourseColumns:
    key = ("courses", treatment)
    if key not in timeline.cache:
        names = (treatment, *sorted(timeline.guideline.treatments[treatment].descendants))
        charted = [pair for name in names for pair in _by_treatment(timeline).get(name, ())]
        undated = np.zeros(len(timeline.records), dtype=np.bool_)
        undated[[p for p, a in charted if a.start is None]] = True
        found = sorted(
            (
                a.start + int(timeline.shift[p]),
                int(timeline.last[p]) + 1 if a.end is None else a.end + int(timeline.shift[p]),
            )
            for p, a in charted
            if a.start is not None
        )
        gap = span_of(timeline.guideline.conventions.treatment_gap_hours)
        chains: list[tuple[int, int]] = []
        for start, end in found:
            if chains and start - chains[-1][1] <= gap:
                chains.append((chains[-1][0], max(end, chains[-1][1])))
            else:
                chains.append((start, end))
        columns = np.array(found, dtype=np.int64).reshape(-1, 2)
        chain_columns = np.array(chains, dtype=np.int64).reshape(-1, 2)
        timeline.cache[key] = CourseColumns(
            columns[:, 0], np.sort(columns[:, 1]), chain_columns[:, 0], chain_columns[:, 1], undated
        )
    found_columns = timeline.cache[key]
    assert isinstance(found_columns, CourseColumns)
    return found_columns


def treated_with(timeline: Timeline, statement: TreatedWith, rows: Rows) -> tuple[Truth, Truth]:
    """Where a treatment ran at some moment of the last hours, and where it did not."""
    columns = _course_columns(timeline, statement.treatment)
    began = np.searchsorted(columns.starts, rows.keys, side="right")
    over = np.searchsorted(columns.ends, rows.keys - span_of(statement.hours), side="right")
    true = began > over
    return true, ~true & ~columns.undated[rows.patients]


def on_treatment(timeline: Timeline, statement: OnTreatment, rows: Rows) -> tuple[Truth, Truth]:
    """Where a treatment has been going on for some time, and where it has not."""
    columns = _course_columns(timeline, statement.treatment)
    if not len(columns.starts):
        true = np.zeros(len(rows), dtype=np.bool_)
    else:
        index = np.searchsorted(columns.starts, rows.keys, side="right") - 1
        at = np.maximum(index, 0)
        gap = span_of(timeline.guideline.conventions.treatment_gap_hours)
        true = (
            (index >= 0)
            & (columns.chain_start[at] <= rows.keys - span_of(statement.hours))
            & (columns.chain_end[at] > rows.keys - gap)
            & (columns.chain_start[at] >= timeline.first[rows.patients])
        )
    return true, ~true & ~columns.undated[rows.patients]


@dataclass(frozen=True)
class RateColumns:
    """The infusion rate of one drug, of all patients, as steps: ``[starts, ends)``, in order, none overlapping.

    ``stopped`` are the instants at which infusions end, with the rates that end there.
    """

    starts: Keys
    ends: Keys
    low: Numbers
    high: Numbers
    stop_keys: Keys
    stop_low: Numbers
    stop_high: Numbers
    undated: Truth

    @classmethod
    def of(cls, timeline: Timeline, drug: str) -> "RateColumns":
        """Add up the concurrent infusions of a drug.

        A rate charted at an instant holds until the drug's next chart, for a limited time.
        """
        by_patient: dict[int, list[Administration]] = defaultdict(list)
        undated = np.zeros(len(timeline.records), dtype=np.bool_)
        for patient, administration in _by_treatment(timeline).get(drug, ()):
            by_patient[patient].append(administration)
            undated[patient] |= administration.start is None
        hold = span_of(timeline.guideline.conventions.charted_rate_hours)
        steps: list[tuple[int, int, float, float]] = []
        stops: dict[int, tuple[float, float]] = {}
        for patient in sorted(by_patient):
            shift, last = int(timeline.shift[patient]), int(timeline.last[patient]) + 1
            runs = [
                (start + shift, end + shift if end is not None else last, low, high)
                for start, end, low, high in _runs(by_patient[patient], hold)
            ]
            edges = sorted({key for start, end, _, _ in runs for key in (start, end)})
            for begin, end in pairwise(edges):
                running = [(low, high) for s, e, low, high in runs if s <= begin < e]
                if running:
                    steps.append((begin, end, _total([r[0] for r in running]), _total([r[1] for r in running])))
            for _, end, low, high in runs:
                before = stops.get(end, (0.0, 0.0))
                stops[end] = (_total([before[0], low]), _total([before[1], high]))
        ordered = sorted(stops)
        return cls(
            np.array([s[0] for s in steps], dtype=np.int64),
            np.array([s[1] for s in steps], dtype=np.int64),
            np.array([s[2] for s in steps], dtype=np.float64),
            np.array([s[3] for s in steps], dtype=np.float64),
            np.array(ordered, dtype=np.int64),
            np.array([stops[k][0] for k in ordered], dtype=np.float64),
            np.array([stops[k][1] for k in ordered], dtype=np.float64),
            undated,
        )

    def now(self, rows: Rows) -> tuple[Numbers, Numbers]:
        """The rate at the instant; where nothing runs, that of what ends just then."""
        low, high, running = self._running(rows.keys)
        if len(self.stop_keys):
            at = np.minimum(np.searchsorted(self.stop_keys, rows.keys), len(self.stop_keys) - 1)
            ends = ~running & (self.stop_keys[at] == rows.keys)
            low, high = np.where(ends, self.stop_low[at], low), np.where(ends, self.stop_high[at], high)
        return low, self._open(high, rows)

    def before(self, rows: Rows, ago: int) -> tuple[Numbers, Numbers]:
        """The rate some time before the instant."""
        low, high, _ = self._running(rows.keys - ago)
        return low, self._open(high, rows)

    def _open(self, high: Numbers, rows: Rows) -> Numbers:
        return np.where(self.undated[rows.patients], np.inf, high)

    def _running(self, keys: Keys) -> tuple[Numbers, Numbers, Truth]:
        if not len(self.starts):
            none = np.zeros(len(keys))
            return none, none, np.zeros(len(keys), dtype=np.bool_)
        index = np.searchsorted(self.starts, keys, side="right") - 1
        at = np.maximum(index, 0)
        running = (index >= 0) & (self.ends[at] > keys)
        return np.where(running, self.low[at], 0.0), np.where(running, self.high[at], 0.0), running

    def extreme(self, rows: Rows, hours: int, *, highest: bool) -> tuple[Numbers, Numbers]:
        """The highest or lowest rate of the time up to the instant; 0 where nothing ran."""
        size = len(rows)
        if not len(self.starts):
            low = high = np.zeros(size)
        else:
            last = np.searchsorted(self.starts, rows.keys, side="right")
            first = np.searchsorted(self.ends, rows.keys - hours, side="right")
            some = last > first
            edges = np.stack((np.where(some, first, 0), np.where(some, last, 1)), axis=1).ravel()
            pick = np.maximum if highest else np.minimum

            def over(values: Numbers) -> Numbers:
                return np.where(some, pick.reduceat(np.append(values, 0.0), edges)[::2], 0.0)

            low, high = over(self.low), over(self.high)
            if not highest:
                idle = self._covered(rows, hours) < hours
                low, high = np.where(idle, 0.0, low), np.where(idle, 0.0, high)
        return low, self._open(high, rows)

    def _covered(self, rows: Rows, hours: int) -> Keys:
        """How much of the time up to the instant something ran."""
        length = np.concatenate(([0], np.cumsum(self.ends - self.starts)))

        def until(keys: Keys) -> Keys:
            index = np.searchsorted(self.starts, keys, side="right")
            over = np.where(index > 0, self.ends[np.maximum(index - 1, 0)] - keys, 0)
            return length[index] - np.maximum(over, 0)

        return until(rows.keys) - until(rows.keys - hours)


def _total(rates: list[float]) -> float:
    """Concurrent rates added up as the decimals that they were charted as; one alone stays as it is."""
    return rates[0] if len(rates) == 1 else float(f"{math.fsum(rates):.12g}")


def _runs(administrations: list[Administration], hold: int) -> list[tuple[int, int | None, float, float]]:
    """(start, end, rate at least, rate at most) of one drug's infusions in one patient."""
    dated = [(a.start, a) for a in administrations if a.start is not None]
    charts = sorted({start for start, _ in dated})
    runs: list[tuple[int, int | None, float, float]] = []
    for start, administration in dated:
        end = administration.end
        if end == start:
            following = next((chart for chart in charts if chart > start), start + hold)
            end = min(following, start + hold)
        runs.append((start, end, administration.rate_low, administration.rate_high))
    return runs


def _drugs(timeline: Timeline, observable: str) -> list[tuple[str, RateColumns, float | None]]:
    """The drugs whose infusions an observable is about, each with the rate up to which it does not count."""
    guideline = timeline.guideline
    top = guideline.observables[observable].infusion_of
    assert top is not None
    found = []
    for name in (top, *sorted(guideline.treatments[top].descendants)):
        key = ("rates", name)
        if key not in timeline.cache:
            timeline.cache[key] = RateColumns.of(timeline, name)
        columns = timeline.cache[key]
        assert isinstance(columns, RateColumns)
        above = guideline.treatments[name].pressor_above
        found.append((name, columns, None if above is None else float(above)))
    return found


def _counted(low: Numbers, high: Numbers, above: float | None) -> tuple[Numbers, Numbers]:
    """A rate that counts only where it exceeds some rate, and is 0 elsewhere."""
    if above is None:
        return low, high
    return np.where(low > above, low, 0.0), np.where(high > above, high, 0.0)


def rate_now(timeline: Timeline, quantity: Latest, rows: Rows) -> Bounds:
    """The highest rate of any one of the drugs at the instant."""
    pairs = [_counted(*columns.now(rows), above) for _, columns, above in _drugs(timeline, quantity.observable)]
    return Bounds.between(np.maximum.reduce([p[0] for p in pairs]), np.maximum.reduce([p[1] for p in pairs]))


def rate_extreme(timeline: Timeline, quantity: InfusionExtreme, rows: Rows) -> Bounds:
    """The highest, or lowest, rate of any one of the drugs in the time up to the instant."""
    hours = span_of(quantity.hours)
    pairs = [
        _counted(*columns.extreme(rows, hours, highest=quantity.highest), above)
        for _, columns, above in _drugs(timeline, quantity.observable)
    ]
    return Bounds.between(np.maximum.reduce([p[0] for p in pairs]), np.maximum.reduce([p[1] for p in pairs]))


def rate_increase(timeline: Timeline, quantity: InfusionIncrease, rows: Rows) -> Bounds:
    """The largest rise of the rate of some one of the drugs."""
    ago = span_of(quantity.hours)
    low, high = [], []
    for _, columns, above in _drugs(timeline, quantity.observable):
        now = _counted(*columns.now(rows), above)
        before = _counted(*columns.before(rows, ago), above)
        low.append(now[0] - before[1])
        high.append(now[1] - before[0])
    digits = timeline.guideline.conventions.significant_digits
    return Bounds.between(np.maximum.reduce(low), np.maximum.reduce(high)).rounded(digits)
