"""The regimen: doses, cycles and courses at each instant (semantics, section 4, last two paragraphs)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from il2kg.derive.bounds import Bounds
from il2kg.derive.kleene import Truths
from il2kg.derive.timeline import Keys, Numbers, Rows, Stretches, Timeline, Truth, span_of
from il2kg.errors import GuidelineError
from il2kg.guideline.lengths import HOURS_PER_DAY
from il2kg.record import MICROSECONDS_PER_HOUR

_NONE = np.iinfo(np.int64).min
_DOSE_GIVEN: Final = "dose-given"
_DECIMALS: Final = 12
"""Finer than a microsecond in days, and what every SHACL engine can read of a decimal."""


@dataclass(frozen=True)
class Moments:
    """When something was, as keys: not before ``earliest``, not after ``latest``; both are `_NONE` where it was not."""

    earliest: Keys
    latest: Keys


@dataclass(frozen=True)
class DoseColumns:
    """The doses of all patients in order: keys, and for each dose where in its cycle and course it stands.

    A dose is counted where it is placed; the time since it is all that it may be.
    """

    keys: Keys
    cycle_first_key: Keys
    course_first_key: Keys
    in_cycle: Keys
    in_course: Keys
    cycles_in_course: Keys
    last: Moments
    cycle_first: Moments
    previous_cycle: Moments
    previous_course: Moments
    discharges: Keys
    doubts: Stretches
    ahead: Stretches

    @classmethod
    def of(cls, timeline: Timeline) -> "DoseColumns":
        """Number the doses of every patient. Two that are charted at one instant are two."""
        rows = [row for patient in range(len(timeline.records)) for row in _numbered(timeline, patient)]
        columns = np.array(rows, dtype=np.int64).reshape(-1, 14)
        discharges = [(patient, time) for patient, record in enumerate(timeline.records) for time in record.discharges]
        last, cycle_first, previous_cycle, previous_course = (
            Moments(columns[:, at], columns[:, at + 1]) for at in range(6, 14, 2)
        )
        return cls(
            keys=columns[:, 0],
            cycle_first_key=columns[:, 1],
            course_first_key=columns[:, 2],
            in_cycle=columns[:, 3],
            in_course=columns[:, 4],
            cycles_in_course=columns[:, 5],
            last=last,
            cycle_first=cycle_first,
            previous_cycle=previous_cycle,
            previous_course=previous_course,
            discharges=np.sort(timeline.keys((p for p, _ in discharges), (t for _, t in discharges))),
            doubts=_doubts(timeline),
            ahead=_ahead(timeline),
        )

    def at(self, timeline: Timeline, rows: Rows) -> "RegimenAt":
        """Where each instant stands among the doses."""
        conventions = timeline.guideline.conventions
        index = np.searchsorted(self.keys, rows.keys, side="right") - 1
        given = (index >= 0) & (
            self.keys[np.maximum(index, 0)] >= timeline.first[rows.patients] if len(self.keys) else False
        )
        index = np.where(given, index, 0)

        def of(column: Keys) -> Keys:
            return np.where(given, column[index], _NONE) if len(column) else np.full(len(rows), _NONE)

        def moments(columns: Moments) -> Moments:
            return Moments(of(columns.earliest), of(columns.latest))

        last_key, last = of(self.keys), moments(self.last)
        gap = np.where(given, rows.keys - last_key, 0)
        over = given & (gap > span_of(conventions.cycle_gap_hours))
        full = of(self.cycles_in_course) >= conventions.cycles_per_course
        new_course = over & (full | (gap >= span_of(conventions.course_gap_days * HOURS_PER_DAY)))
        previous_course = _either(new_course, last, moments(self.previous_course))
        return RegimenAt(
            rows=rows,
            doubtful=self.doubts.reached(rows.keys) > rows.keys,
            perhaps=self.ahead.reached(rows.keys) > rows.keys,
            given=given,
            in_cycle=given & ~over,
            new_cycle=over & ~new_course,
            new_course=new_course,
            last_key=last_key,
            cycle_first_key=of(self.cycle_first_key),
            course_first_key=of(self.course_first_key),
            doses_in_cycle=np.where(given & ~over, of(self.in_cycle), 0),
            doses_in_course=np.where(given & ~new_course, of(self.in_course), 0),
            last=last,
            cycle_first=moments(self.cycle_first),
            previous_cycle=_either(over, last, moments(self.previous_cycle)),
            previous_course=self._discharged(previous_course, rows),
            early=float(conventions.early_hours),
        )

    def _discharged(self, last: Moments, rows: Rows) -> Moments:
        """The first discharge after a course's last dose, or that dose."""
        if not len(self.discharges):
            return last

        def discharged(dose: Keys) -> Keys:
            index = np.searchsorted(self.discharges, dose, side="right")
            first = self.discharges[np.minimum(index, len(self.discharges) - 1)]
            return np.where((index < len(self.discharges)) & (dose != _NONE) & (first <= rows.keys), first, dose)

        return Moments(discharged(last.earliest), discharged(last.latest))


def _numbered(timeline: Timeline, patient: int) -> Iterator[tuple[int, ...]]:
    """The doses of one patient as rows of `DoseColumns`, in the order of its columns."""
    conventions = timeline.guideline.conventions
    cycle_gap = span_of(conventions.cycle_gap_hours)
    course_gap = span_of(conventions.course_gap_days * HOURS_PER_DAY)
    previous: int | None = None
    cycle_key = course_key = in_cycle = in_course = cycles = 0
    none = (_NONE, _NONE)
    last = first = previous_cycle = previous_course = none
    for dose in sorted(timeline.records[patient].doses, key=lambda dose: dose.time):
        key = timeline.begin(patient, dose.time)
        stretch = (timeline.begin(patient, dose.earliest), timeline.finish(patient, dose.latest))
        gap = None if previous is None else key - previous
        if gap is None or gap > cycle_gap:
            new_course = gap is None or cycles >= conventions.cycles_per_course or gap >= course_gap
            previous_cycle = last
            if new_course:
                previous_course, course_key = last, key
                cycles = in_course = 0
            cycle_key, first, last = key, stretch, none
            in_cycle, cycles = 0, cycles + 1
        in_cycle, in_course, previous = in_cycle + 1, in_course + 1, key
        first = (min(first[0], stretch[0]), min(first[1], stretch[1]))
        last = (max(last[0], stretch[0]), max(last[1], stretch[1]))
        numbers = (key, cycle_key, course_key, in_cycle, in_course, cycles)
        yield (*numbers, *last, *first, *previous_cycle, *previous_course)


def _doubts(timeline: Timeline) -> Stretches:
    """The stretches over which what may have been a dose leaves open what is counted from doses."""
    length = span_of(timeline.guideline.conventions.doubtful_dose_days * HOURS_PER_DAY)
    return Stretches.of(
        (
            timeline.begin(patient, doubt.earliest),
            timeline.finish(patient, None if doubt.latest is None else doubt.latest + length),
        )
        for patient, record in enumerate(timeline.records)
        for doubt in record.doubtful_doses
    )


def _ahead(timeline: Timeline) -> Stretches:
    """The stretches in which a dose may have been given already that is counted later."""
    return Stretches.of(
        (timeline.begin(patient, dose.earliest), timeline.begin(patient, dose.time))
        for patient, record in enumerate(timeline.records)
        for dose in record.doses
    )


def _either(which: Truth, one: Moments, other: Moments) -> Moments:
    return Moments(np.where(which, one.earliest, other.earliest), np.where(which, one.latest, other.latest))


@dataclass(frozen=True)
class RegimenAt:
    """The regimen at each of some instants. Keys are meaningless where the fact that they need is false.

    ``doubtful``: what may have been a dose leaves all open; ``perhaps``: one that is counted later was just given.
    """

    rows: Rows
    doubtful: Truth
    perhaps: Truth
    given: Truth
    in_cycle: Truth
    new_cycle: Truth
    new_course: Truth
    last_key: Keys
    cycle_first_key: Keys
    course_first_key: Keys
    doses_in_cycle: Keys
    doses_in_course: Keys
    last: Moments
    cycle_first: Moments
    previous_cycle: Moments
    previous_course: Moments
    early: float

    def fact(self, name: str) -> Truths:
        """Where a fact is true, and where it is false; what may have been a dose leaves all open."""
        match name:
            case "dose-given":
                true = self.given
            case "dose-in-cycle":
                true = self.in_cycle
            case "first-dose-of-cycle":
                true = ~self.in_cycle
            case "starts-new-cycle":
                true = self.new_cycle
            case "starts-new-course":
                true = self.new_course
            case "previous-cycle":
                true = self.previous_cycle.latest != _NONE
            case "previous-course":
                true = self.previous_course.latest != _NONE
            case other:
                raise GuidelineError(f"no such fact of the regimen: {other}")
        false = ~true & ~self.perhaps if name == _DOSE_GIVEN else ~true
        return Truths(true & ~self.doubtful, false & ~self.doubtful)

    def count(self, observable: str) -> Bounds:
        """Doses, hours or days, as the observable's unit says."""
        match observable:
            case "DosesInCycle":
                bounds = Bounds.exactly(self.doses_in_cycle.astype(np.float64))
            case "DosesInCourse":
                bounds = Bounds.exactly(self.doses_in_course.astype(np.float64))
            case "HoursSinceDose":
                least, most = (self._on_time(hours) for hours in self._hours_since(self.last))
                bounds = Bounds.between(
                    np.where(self.perhaps, 0.0, least), np.where(self.perhaps & ~self.given, np.inf, most)
                )
            case "DaysInCycle":
                bounds = self._days_since(self.cycle_first)
            case "DaysSinceCycle":
                bounds = self._days_since(self.previous_cycle)
            case "DaysSinceCourse":
                bounds = self._days_since(self.previous_course)
            case other:
                raise GuidelineError(f"no such count of the regimen: {other}")
        return bounds.where(~self.doubtful)

    def _on_time(self, hours: Numbers) -> Numbers:
        """A little short of a whole hour counts as that hour."""
        whole = np.ceil(hours)
        return np.where(whole - hours <= self.early, whole, hours)

    def _days_since(self, moments: Moments) -> Bounds:
        least, most = self._hours_since(moments)
        return Bounds.between(np.round(least / HOURS_PER_DAY, _DECIMALS), np.round(most / HOURS_PER_DAY, _DECIMALS))

    def _hours_since(self, moments: Moments) -> tuple[Numbers, Numbers]:
        """The least and the most hours since something; 0 where it lies ahead or never was."""

        def since(keys: Keys) -> Numbers:
            past = np.where(keys == _NONE, 0, self.rows.keys - keys)
            return np.round(np.maximum(past, 0) / MICROSECONDS_PER_HOUR, _DECIMALS)

        return since(moments.latest), since(moments.earliest)
