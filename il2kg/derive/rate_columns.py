"""The infusion rate of one drug as columns: stretches of time, added up (semantics, section 4)."""

import math
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from il2kg.derive.timeline import Keys, Numbers, Rows, Truth
from il2kg.record import Administration

_DIGITS = 12
OWN: str | None = None
"""The unit of rates, as it stands in runs."""


@dataclass(frozen=True, slots=True)
class Run:
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
    def of(cls, runs: list[Run]) -> "RateColumns":
        """Add up concurrent infusions of a drug, given in one unit."""
        edges: dict[int, list[tuple[Run, int]]] = defaultdict(list)
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

    def add(self, run: Run, sign: int) -> None:
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
