"""Infusion rates at each instant: now, before, highest and lowest (semantics, section 4)."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from il2kg.derive.bounds import Bounds
from il2kg.derive.grounds import Ground
from il2kg.derive.instants import Instants
from il2kg.derive.rate_columns import OWN, RateColumns, Run
from il2kg.derive.timeline import Keys, Numbers, Rows, Timeline, Truth, span_of
from il2kg.derive.treatments import given_by_treatment
from il2kg.record import Administration


def _runs(timeline: Timeline, drug: str) -> list[Run]:
    """The infusions of one drug as stretches: those that are placed, and those that may have run."""
    hold = span_of(timeline.guideline.conventions.charted_rate_hours)
    by_patient: dict[int, list[Administration]] = defaultdict(list)
    for name in (drug, None):
        for patient, administration in given_by_treatment(timeline).get(name, ()):
            by_patient[patient].append(administration)
    runs: list[Run] = []
    for patient, given in by_patient.items():
        runs += _patient_runs(timeline, patient, given, hold)
    return runs


def _patient_runs(timeline: Timeline, patient: int, given: list[Administration], hold: int) -> Iterable[Run]:
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
            yield Run(start, end, a.rate_low, a.rate_high, a.rate_unit, a)
            continue
        after = int(np.searchsorted(charts, start, side="right"))
        end = min(charts[after] if after < len(charts) else start + hold, start + hold)
        stray = min((max(first, start + 1) for first, last in strays if first < end and last > start), default=end)
        yield Run(start, stray, a.rate_low, a.rate_high, a.rate_unit, a)
        if stray < end:
            yield Run(stray, end, 0.0, a.rate_high, a.rate_unit, a)
    for a in unplaced:
        start, end = timeline.begin(patient, a.start_earliest), timeline.finish(patient, a.end_latest)
        instant = a.end_latest is not None and a.end_latest == a.start_latest
        yield Run(start, end + hold if instant else end, 0.0, math.inf, OWN, a)


@dataclass(frozen=True)
class _DrugRates:
    """The rates of one drug: in the unit of rates, all of them, and by arbitrary unit where there is any.

    A rate in an arbitrary unit is 0 or more in the unit of rates.
    """

    own: RateColumns
    by_unit: dict[str | None, RateColumns]
    above: float | None
    runs: list[Run]
    starts: Keys

    @classmethod
    def of(cls, timeline: Timeline, drug: str) -> "_DrugRates":
        """Collect the rates of a drug by unit."""
        runs = _runs(timeline, drug)
        own = [r if r.unit is OWN or r.high == 0 else replace(r, low=0.0, high=math.inf, unit=OWN) for r in runs]
        units = {run.unit for run in runs}
        split = {unit: RateColumns.of([r for r in runs if r.unit == unit]) for unit in units} if units - {OWN} else {}
        above = timeline.guideline.treatments[drug].counts_above
        runs.sort(key=lambda run: run.start)
        starts = np.array([run.start for run in runs], dtype=np.int64)
        return cls(RateColumns.of(own), split, None if above is None else float(above), runs, starts)

    def between(self, origin: int, since: int, until: int) -> list[Administration]:
        """What of one patient ran, or may have run, at some time from one key to another, both included."""
        first, last = self.starts.searchsorted((origin, until + 1))
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
        if unit is OWN:
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
    of_drugs = []
    for name in (top, *sorted(guideline.treatments[top].descendants)):
        key = ("rates", name)
        if key not in timeline.cache:
            timeline.cache[key] = _DrugRates.of(timeline, name)
        rates = timeline.cache[key]
        assert isinstance(rates, _DrugRates)
        of_drugs.append(rates)
    return of_drugs


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
    origin = at.origin_of(row)
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
