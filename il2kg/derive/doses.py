"""The regimen: doses, cycles and courses at each instant (semantics, section 4, last two paragraphs)."""

from dataclasses import dataclass

import numpy as np

from il2kg.derive.bounds import Bounds
from il2kg.derive.timeline import HOURS_PER_DAY, Keys, Numbers, Rows, Timeline, Truth, span_of
from il2kg.errors import GuidelineError
from il2kg.guideline.conditions import RegimenFact
from il2kg.guideline.quantities import RegimenCount
from il2kg.record import MICROSECONDS_PER_HOUR

_NONE = np.iinfo(np.int64).min


@dataclass(frozen=True)
class DoseColumns:
    """The doses of all patients in order: keys, and for each dose where in its cycle and course it stands."""

    keys: Keys
    cycle_first: Keys
    course_first: Keys
    in_cycle: Keys
    in_course: Keys
    cycles_in_course: Keys
    previous_cycle_last: Keys
    previous_course_last: Keys
    discharges: Keys
    undated: Truth

    @classmethod
    def of(cls, timeline: Timeline) -> "DoseColumns":
        """Number the doses of every patient. Two that are charted at one instant are two."""
        conventions = timeline.guideline.conventions
        cycle_gap = span_of(conventions.cycle_gap_hours)
        course_gap = span_of(conventions.course_gap_days * HOURS_PER_DAY)
        rows: list[tuple[int, ...]] = []
        for patient, record in enumerate(timeline.records):
            previous: int | None = None
            cycle_first = course_first = in_cycle = in_course = cycles = 0
            last_of_cycle = last_of_course = _NONE
            shift = int(timeline.shift[patient])
            for time in sorted(dose.time for dose in record.doses if dose.time is not None):
                key = time + shift
                gap: int | None = None if previous is None else key - previous
                if gap is None or gap > cycle_gap:
                    new_course = gap is None or cycles >= conventions.cycles_per_course or gap >= course_gap
                    last_of_cycle = _NONE if previous is None else previous
                    if new_course:
                        last_of_course, course_first = last_of_cycle, key
                        cycles = in_course = 0
                    cycle_first, in_cycle, cycles = key, 0, cycles + 1
                in_cycle, in_course, previous = in_cycle + 1, in_course + 1, key
                rows.append(
                    (key, cycle_first, course_first, in_cycle, in_course, cycles, last_of_cycle, last_of_course)
                )
        columns = np.array(rows, dtype=np.int64).reshape(-1, 8)
        discharges = [(patient, time) for patient, record in enumerate(timeline.records) for time in record.discharges]
        return cls(
            keys=columns[:, 0],
            cycle_first=columns[:, 1],
            course_first=columns[:, 2],
            in_cycle=columns[:, 3],
            in_course=columns[:, 4],
            cycles_in_course=columns[:, 5],
            previous_cycle_last=columns[:, 6],
            previous_course_last=columns[:, 7],
            discharges=np.sort(timeline.keys((p for p, _ in discharges), (t for _, t in discharges))),
            undated=np.array([any(d.time is None for d in r.doses) for r in timeline.records], dtype=np.bool_),
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

        last = of(self.keys)
        gap = np.where(given, rows.keys - last, 0)
        over = given & (gap > span_of(conventions.cycle_gap_hours))
        full = of(self.cycles_in_course) >= conventions.cycles_per_course
        new_course = over & (full | (gap >= span_of(conventions.course_gap_days * HOURS_PER_DAY)))
        previous_course = np.where(new_course, last, of(self.previous_course_last))
        return RegimenAt(
            rows=rows,
            undated=self.undated[rows.patients],
            given=given,
            in_cycle=given & ~over,
            new_cycle=over & ~new_course,
            new_course=new_course,
            last=last,
            cycle_first=of(self.cycle_first),
            course_first=of(self.course_first),
            doses_in_cycle=np.where(given & ~over, of(self.in_cycle), 0),
            doses_in_course=np.where(given & ~new_course, of(self.in_course), 0),
            previous_cycle=np.where(over, last, of(self.previous_cycle_last)),
            previous_course=self._discharged(previous_course, rows),
            early=float(conventions.early_hours),
        )

    def _discharged(self, last: Keys, rows: Rows) -> Keys:
        """The latest discharge after a course's last dose, or that dose."""
        if not len(self.discharges):
            return last
        index = np.searchsorted(self.discharges, rows.keys, side="right") - 1
        latest = self.discharges[np.maximum(index, 0)]
        after = (index >= 0) & (last != _NONE) & (latest > last)
        return np.where(after, latest, last)


@dataclass(frozen=True)
class RegimenAt:
    """The regimen at each of some instants. Keys are meaningless where the fact that they need is false."""

    rows: Rows
    undated: Truth
    given: Truth
    in_cycle: Truth
    new_cycle: Truth
    new_course: Truth
    last: Keys
    cycle_first: Keys
    course_first: Keys
    doses_in_cycle: Keys
    doses_in_course: Keys
    previous_cycle: Keys
    previous_course: Keys
    early: float

    def fact(self, fact: RegimenFact) -> tuple[Truth, Truth]:
        """Where a fact is true, and where it is false; a dose that has no readable time leaves all open."""
        match fact.name:
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
                true = self.previous_cycle != _NONE
            case "previous-course":
                true = self.previous_course != _NONE
            case other:
                raise GuidelineError(f"no such fact of the regimen: {other}")
        return true & ~self.undated, ~true & ~self.undated

    def count(self, quantity: RegimenCount) -> Bounds:
        """Doses, hours or days, as the observable's unit says."""
        match quantity.observable:
            case "DosesInCycle":
                values = self.doses_in_cycle.astype(np.float64)
            case "DosesInCourse":
                values = self.doses_in_course.astype(np.float64)
            case "HoursSinceDose":
                hours = self._hours_since(self.last)
                whole = np.ceil(hours)
                values = np.where(whole - hours <= self.early, whole, hours)
            case "DaysInCycle":
                values = self._hours_since(self.cycle_first) / HOURS_PER_DAY
            case "DaysSinceCycle":
                values = self._hours_since(self.previous_cycle) / HOURS_PER_DAY
            case "DaysSinceCourse":
                values = self._hours_since(self.previous_course) / HOURS_PER_DAY
            case other:
                raise GuidelineError(f"no such count of the regimen: {other}")
        return Bounds.exactly(values).where(~self.undated)

    def _hours_since(self, keys: Keys) -> Numbers:
        return np.where(keys == _NONE, 0, self.rows.keys - keys) / MICROSECONDS_PER_HOUR
