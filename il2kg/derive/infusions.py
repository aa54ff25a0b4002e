"""Infusion rates at each instant: now, before, highest and lowest (semantics, sections 4 and 7.5)."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from il2kg.derive.bounds import Bounds
from il2kg.derive.grounds import Ground
from il2kg.derive.instants import Instants
from il2kg.derive.timeline import Keys, Numbers, Rows, Timeline, Truth, span_of
from il2kg.derive.treatments import given_by_treatment
from il2kg.record import Administration

_DIGITS = 12
_OWN: str | None = None


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch ``[start, end)`` at a rate between two numbers, in the unit of rates or in an arbitrary one."""

    start: int
    end: int
    low: float
    high: float
    unit: str | None
    given: Administration


@dataclass(frozen=True)
class RateColumns:
    """The infusion rate of one drug, of all patients, as steps: ``[starts, ends)``, in order, none overlapping.

    ``stop_keys`` are the instants at which infusions end, with the rates that end there.
    """

    starts: Keys
    ends: Keys
    low: Numbers
    high: Numbers
    stop_keys: Keys
    stop_low: Numbers
    stop_high: Numbers

    @classmethod
    def of(cls, runs: list[_Run]) -> "RateColumns":
        """Add up concurrent infusions of a drug, given in one unit."""
        edges: dict[int, list[tuple[_Run, int]]] = defaultdict(list)
        stops: dict[int, _Sum] = defaultdict(_Sum)
        for run in runs:
            if run.start < run.end:
                edges[run.start].append((run, 1))
                edges[run.end].append((run, -1))
            stops[run.end].add(run, 1)
        steps: list[tuple[int, int, float, float]] = []
        total, begin = _Sum(), 0
        for edge in sorted(edges):
            if total.count:
                steps.append((begin, edge, *total.bounds))
            for run, sign in edges[edge]:
                total.add(run, sign)
            begin = edge
        ordered = sorted(stops)
        stopped = [stops[key].bounds for key in ordered]
        return cls(
            np.array([s[0] for s in steps], dtype=np.int64),
            np.array([s[1] for s in steps], dtype=np.int64),
            np.array([s[2] for s in steps], dtype=np.float64),
            np.array([s[3] for s in steps], dtype=np.float64),
            np.array(ordered, dtype=np.int64),
            np.array([low for low, _ in stopped], dtype=np.float64),
            np.array([high for _, high in stopped], dtype=np.float64),
        )

    def running(self, rows: Rows) -> Truth:
        """Where something runs at the instant."""
        return self._running(rows.keys)[2]

    def now(self, rows: Rows, running_at_all: Truth | None = None) -> tuple[Numbers, Numbers]:
        """The rate at the instant; where nothing of the drug runs, in whatever unit, that of what ends just then."""
        low, high, running = self._running(rows.keys)
        if len(self.stop_keys):
            at = np.minimum(np.searchsorted(self.stop_keys, rows.keys), len(self.stop_keys) - 1)
            ends = ~(running if running_at_all is None else running_at_all) & (self.stop_keys[at] == rows.keys)
            low, high = np.where(ends, self.stop_low[at], low), np.where(ends, self.stop_high[at], high)
        return low, high

    def before(self, rows: Rows, ago: int) -> tuple[Numbers, Numbers]:
        """The rate some time before the instant."""
        low, high, _ = self._running(rows.keys - ago)
        return low, high

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
            # Of the window's first instant on; what ends just after its open start has not run in it.
            first = np.searchsorted(self.ends, rows.keys - hours + 1, side="right")
            some = last > first
            edges = np.stack((np.where(some, first, 0), np.where(some, last, 1)), axis=1).ravel()
            pick = np.maximum if highest else np.minimum

            def over(values: Numbers) -> Numbers:
                return np.where(some, pick.reduceat(np.append(values, 0.0), edges)[::2], 0.0)

            low, high = over(self.low), over(self.high)
            if not highest:
                idle = self._covered(rows, hours) < hours
                low, high = np.where(idle, 0.0, low), np.where(idle, 0.0, high)
        return low, high

    def _covered(self, rows: Rows, hours: int) -> Keys:
        """How much of the time up to the instant something ran."""
        length = np.concatenate(([0], np.cumsum(self.ends - self.starts)))

        def until(keys: Keys) -> Keys:
            index = np.searchsorted(self.starts, keys, side="right")
            over = np.where(index > 0, self.ends[np.maximum(index - 1, 0)] - keys, 0)
            return length[index] - np.maximum(over, 0)

        return until(rows.keys) - until(rows.keys - hours)


@dataclass
class _Sum:
    """Concurrent rates, added up as the decimals that they were charted as: what is taken away leaves nothing."""

    count: int = 0
    unbounded: int = 0
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)

    def add(self, run: _Run, sign: int) -> None:
        """Add a run, or take it away."""
        self.count += sign
        self.low += sign * Decimal(repr(run.low))
        if math.isinf(run.high):
            self.unbounded += sign
        else:
            self.high += sign * Decimal(repr(run.high))

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the most that the rates come to together."""
        return float(f"{self.low:.{_DIGITS}g}"), math.inf if self.unbounded else float(f"{self.high:.{_DIGITS}g}")


def _runs(timeline: Timeline, drug: str) -> list[_Run]:
    """The infusions of one drug as stretches: those that are placed, and those that may have run."""
    hold = span_of(timeline.guideline.conventions.charted_rate_hours)
    by_patient: dict[int, list[Administration]] = defaultdict(list)
    for name in (drug, None):
        for patient, administration in given_by_treatment(timeline).get(name, ()):
            by_patient[patient].append(administration)
    found: list[_Run] = []
    for patient, given in by_patient.items():
        found += _patient_runs(timeline, patient, given, hold)
    return found


def _patient_runs(timeline: Timeline, patient: int, given: list[Administration], hold: int) -> Iterable[_Run]:
    """The infusions of one drug in one patient.

    A rate charted at an instant holds until the drug's next chart, for a limited time; where a chart of uncertain time
    may come between, the rate from then on is anything up to the charted one.
    """
    placed = [a for a in given if a.treatment is not None and a.placed]
    unplaced = [a for a in given if a.treatment is None or not a.placed]
    charts = sorted({timeline.begin(patient, a.start_latest) for a in placed})
    strays = sorted(
        (timeline.begin(patient, a.start_earliest), timeline.finish(patient, a.start_latest))
        for a in unplaced
        if a.treatment is not None
    )
    for a in placed:
        start, end = timeline.begin(patient, a.start_latest), timeline.finish(patient, a.end_latest)
        if end > start:
            yield _Run(start, end, a.rate_low, a.rate_high, a.rate_unit, a)
            continue
        after = int(np.searchsorted(charts, start, side="right"))
        end = min(charts[after] if after < len(charts) else start + hold, start + hold)
        stray = min((max(first, start + 1) for first, last in strays if first < end and last > start), default=end)
        yield _Run(start, stray, a.rate_low, a.rate_high, a.rate_unit, a)
        if stray < end:
            yield _Run(stray, end, 0.0, a.rate_high, a.rate_unit, a)
    for a in unplaced:
        start, end = timeline.begin(patient, a.start_earliest), timeline.finish(patient, a.end_latest)
        instant = a.end_latest is not None and a.end_latest == a.start_latest
        yield _Run(start, end + hold if instant else end, 0.0, math.inf, _OWN, a)


@dataclass(frozen=True)
class _DrugRates:
    """The rates of one drug: in the unit of rates, all of them, and by arbitrary unit where there is any.

    A rate in an arbitrary unit is 0 or more in the unit of rates.
    """

    own: RateColumns
    by_unit: dict[str | None, RateColumns]
    above: float | None
    runs: list[_Run]
    starts: Keys

    @classmethod
    def of(cls, timeline: Timeline, drug: str) -> "_DrugRates":
        """Collect the rates of a drug by unit."""
        runs = _runs(timeline, drug)
        own = [r if r.unit is _OWN or r.high == 0 else replace(r, low=0.0, high=math.inf, unit=_OWN) for r in runs]
        units = {run.unit for run in runs}
        split = {unit: RateColumns.of([r for r in runs if r.unit == unit]) for unit in units} if units - {_OWN} else {}
        above = timeline.guideline.treatments[drug].counts_above
        runs.sort(key=lambda run: run.start)
        starts = np.array([run.start for run in runs], dtype=np.int64)
        return cls(RateColumns.of(own), split, None if above is None else float(above), runs, starts)

    def between(self, origin: int, since: int, until: int) -> list[Administration]:
        """What of one patient ran, or may have run, at some time from one key to another, both included."""
        first, last = np.searchsorted(self.starts, (origin, until + 1))
        return [run.given for run in self.runs[first:last] if run.end >= since]

    def now(self, rows: Rows) -> tuple[Numbers, Numbers]:
        """The rate at the instant, as far as it counts."""
        return self._counted(*self.own.now(rows))

    def extreme(self, rows: Rows, hours: int, *, highest: bool) -> tuple[Numbers, Numbers]:
        """The highest or lowest rate, as far as it counts."""
        return self._counted(*self.own.extreme(rows, hours, highest=highest))

    def change(self, rows: Rows, ago: int) -> tuple[Numbers, Numbers]:
        """The rate at the instant less that of some time before: at least, at most. Compares within one unit only."""
        if not self.by_unit:
            now, before = self.now(rows), self._counted(*self.own.before(rows, ago))
            return now[0] - before[1], now[1] - before[0]
        running = np.logical_or.reduce([columns.running(rows) for columns in self.by_unit.values()])
        pairs = [
            (self._in_unit(unit, columns.now(rows, running)), self._in_unit(unit, columns.before(rows, ago)))
            for unit, columns in self.by_unit.items()
        ]
        now = tuple(np.add.reduce([pair[0][side] for pair in pairs]) for side in (0, 1))
        before = tuple(np.add.reduce([pair[1][side] for pair in pairs]) for side in (0, 1))
        several = np.add.reduce([(n[1] > 0) | (b[1] > 0) for n, b in pairs]) > 1
        low, high = now[0] - before[1], now[1] - before[0]
        if self.above is not None:
            # The same rate counts as much as it did, whatever the unit.
            same = np.logical_and.reduce([self._same(columns, rows, ago, running) for columns in self.by_unit.values()])
            low, high = np.where(same, 0.0, low), np.where(same, 0.0, high)
        # Of several units sums mean nothing, but something is more than nothing.
        low = np.where(several, np.where((before[1] == 0) & (now[0] > 0), now[0], -np.inf), low)
        high = np.where(several, np.where((now[1] == 0) & (before[0] > 0), -before[0], np.inf), high)
        return low, high

    def _in_unit(self, unit: str | None, rate: tuple[Numbers, Numbers]) -> tuple[Numbers, Numbers]:
        """A rate in some unit, as far as it counts: in an arbitrary one nobody can say whether it exceeds another."""
        if unit is _OWN:
            return self._counted(*rate)
        return rate if self.above is None else (np.zeros_like(rate[0]), rate[1])

    @staticmethod
    def _same(columns: RateColumns, rows: Rows, ago: int, running: Truth) -> Truth:
        now, before = columns.now(rows, running), columns.before(rows, ago)
        same: Truth = (now[0] == now[1]) & (before[0] == before[1]) & (now[0] == before[0])
        return same

    def _counted(self, low: Numbers, high: Numbers) -> tuple[Numbers, Numbers]:
        """A rate that counts only where it exceeds some rate, and is 0 elsewhere."""
        if self.above is None:
            return low, high
        return np.where(low > self.above, low, 0.0), np.where(high > self.above, high, 0.0)


def _drugs(timeline: Timeline, observable: str) -> list[_DrugRates]:
    """The rates of the drugs whose infusions an observable is about."""
    guideline = timeline.guideline
    top = guideline.observables[observable].infusion_of
    assert top is not None
    found = []
    for name in (top, *sorted(guideline.treatments[top].descendants)):
        key = ("rates", name)
        if key not in timeline.cache:
            timeline.cache[key] = _DrugRates.of(timeline, name)
        rates = timeline.cache[key]
        assert isinstance(rates, _DrugRates)
        found.append(rates)
    return found


def rate_now(at: Instants, observable: str) -> Bounds:
    """The highest rate of any one of the drugs at the instant."""
    return _highest(drug.now(at.rows) for drug in _drugs(at.timeline, observable))


def extreme_rate(at: Instants, observable: str, span: int, *, highest: bool) -> Bounds:
    """The highest or lowest rate of any one of the drugs in the time up to the instant."""
    return _highest(drug.extreme(at.rows, span, highest=highest) for drug in _drugs(at.timeline, observable))


def rate_rise(at: Instants, observable: str, span: int) -> Bounds:
    """The largest rise of the rate of any one of the drugs over the time up to the instant."""
    rises = _highest(drug.change(at.rows, span) for drug in _drugs(at.timeline, observable))
    return rises.rounded(at.guideline.conventions.significant_digits)


def rate_fall(at: Instants, observable: str, span: int) -> Bounds:
    """The largest fall of the rate of any one of the drugs over the time up to the instant."""
    changes = (drug.change(at.rows, span) for drug in _drugs(at.timeline, observable))
    return _highest((-high, -low) for low, high in changes).rounded(at.guideline.conventions.significant_digits)


def infused(at: Instants, observable: str, span: int | None, row: int) -> Ground:
    """The infusions behind a rate: those that run now or, over a span, did at some time of it."""
    until, since = at.key(row), at.key(row) - (span or 0)
    origin = int(at.origin[row])
    ran = [given for drug in _drugs(at.timeline, observable) for given in drug.between(origin, since, until)]
    once = list({id(given): given for given in ran}.values())
    once.sort(key=lambda given: (at.time(row) if given.start_latest is None else given.start_latest, given.item))
    doubts = tuple(given for given in once if _is_open(given))
    window = None if span is None else (at.time(row, since), at.time(row))
    return Ground(
        items=tuple(given for given in once if not _is_open(given)),
        doubts=doubts,
        window=window,
        missing="the rate is not known",
    )


def _is_open(given: Administration) -> bool:
    """Whether what was given, when, or at which rate leaves a rate open."""
    unknown_rate = given.rate_low != given.rate_high or given.rate_unit is not None
    return given.treatment is None or not given.placed or unknown_rate


def _highest(pairs: Iterable[tuple[Numbers, Numbers]]) -> Bounds:
    listed = list(pairs)
    return Bounds.between(
        np.maximum.reduce([low for low, _ in listed]), np.maximum.reduce([high for _, high in listed])
    )
