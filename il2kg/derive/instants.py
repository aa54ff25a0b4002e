"""The instants that values are derived for, and all that deriving one may depend on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np

from il2kg.derive.doses import RegimenAt
from il2kg.derive.grounds import Amount, Ground, Stated
from il2kg.derive.kleene import Truths
from il2kg.derive.timeline import Keys, Rows, Timeline, Truth
from il2kg.guideline.model import Guideline
from il2kg.record import Dose, DoubtfulDose, Record

_UNPLACED: Final = "a dose that cannot be placed"


@dataclass(frozen=True)
class HoldState:
    """For each instant, whether a criterion's hold is on, and the key at which it began."""

    held: Truth
    began: Keys


@dataclass(frozen=True)
class Instants:
    """Some instants of the records of a timeline, under a charting policy.

    ``holds`` tells, by criterion, of the holds that quantities are counted from; ``recurrences``, by the key of the
    statement, where something has come back. Both are of these instants, and come from the history.
    """

    timeline: Timeline
    rows: Rows
    by_exception: bool
    regimen: RegimenAt
    holds: Mapping[str, HoldState] = field(default_factory=lambda: MappingProxyType({}))
    recurrences: Mapping[str, Truths] = field(default_factory=lambda: MappingProxyType({}))

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def guideline(self) -> Guideline:
        """The guideline by which values are derived."""
        return self.timeline.guideline

    @property
    def keys(self) -> Keys:
        """The instants as keys."""
        return self.rows.keys

    @property
    def origin(self) -> Keys:
        """For each instant, a key before all that is charted of its patient."""
        return self.timeline.origin[self.rows.patients]

    def record(self, row: int) -> Record:
        """The record of a row's patient."""
        return self.timeline.records[int(self.rows.patients[row])]

    def key(self, row: int) -> int:
        """The instant of a row as a key."""
        return int(self.rows.keys[row])

    def time(self, row: int, key: int | None = None) -> int:
        """The instant of a row, or a key of its patient's, in microseconds since the epoch."""
        return (self.key(row) if key is None else int(key)) - int(self.timeline.shift[self.rows.patients[row]])

    def none(self) -> Truth:
        """False everywhere."""
        return np.zeros(len(self), dtype=np.bool_)

    # ---- the series of events

    @property
    def event(self) -> str:
        """What people call an event of the series."""
        return "dose"

    @property
    def hold(self) -> str:
        """What people call the stretch of time for which holds last."""
        return "the cycle"

    def fact(self, name: str) -> Stated:
        """A fact of a series, and the events that it comes from."""
        truths = self.regimen.fact(name)

        def ground(row: int) -> Ground:
            doubts = self.events_in_doubt(row) if truths.at(row) is None else ()
            says = "yes" if truths.at(row) else "no"
            return Ground(self.events(row), doubts, says=says, missing=_UNPLACED)

        return Stated(truths, ground)

    def count(self, observable: str) -> Amount:
        """A number counted from the events of a series, and these."""
        bounds = self.regimen.count(observable)
        starts = {
            "DosesInCycle": (self.regimen.cycle_first_key, "dose-in-cycle"),
            "DosesInCourse": (self.regimen.course_first_key, "dose-given"),
            "HoursSinceDose": (self.regimen.last_key, "dose-given"),
            "DaysInCycle": (self.regimen.cycle_first_key, "dose-in-cycle"),
            "DaysSinceCycle": (self.regimen.previous_cycle.latest, "previous-cycle"),
            "DaysSinceCourse": (self.regimen.previous_course.latest, "previous-course"),
        }
        keys, fact = starts[observable]
        needed = self.regimen.fact(fact)

        def ground(row: int) -> Ground:
            doubts = self.events_in_doubt(row)
            if not needed.at(row):
                return Ground(doubts=doubts, missing=f"no such {self.event} was given", void=True)
            since = self.time(row, int(keys[row]))
            items = tuple(event for event in self.events(row) if event.time >= since)
            return Ground(items, doubts, window=(since, self.time(row)), missing=_UNPLACED)

        return Amount(bounds, ground)

    def events(self, row: int) -> tuple[Dose, ...]:
        """The events by the instant, in order."""
        now = self.time(row)
        return tuple(sorted((d for d in self.record(row).doses if d.time <= now), key=lambda d: d.time))

    def events_of_hold(self, row: int) -> tuple[Dose, ...]:
        """The events by the instant in the stretch of time for which holds last."""
        if not self.regimen.in_cycle[row]:
            return ()
        first = self.time(row, int(self.regimen.cycle_first_key[row]))
        return tuple(event for event in self.events(row) if event.time >= first)

    def events_in_doubt(self, row: int) -> tuple[Dose | DoubtfulDose, ...]:
        """The events of uncertain time, and what may have been one, by the instant."""
        record, now = self.record(row), self.time(row)
        uncertain = [d for d in record.doses if d.earliest != d.latest and d.earliest <= now]
        return (*uncertain, *(d for d in record.doubtful_doses if d.earliest is None or d.earliest <= now))

    def after_last_event(self) -> Keys:
        """The keys just after the last event, or of the beginning of the record where there was none."""
        return np.where(self.regimen.given, self.regimen.last_key + 1, self.timeline.first[self.rows.patients])

    def baseline_before(self) -> tuple[Truth, Keys]:
        """Where there is a baseline to count from, and the keys at or before which it was measured."""
        within = self.regimen.in_cycle & ~self.regimen.doubtful
        return within, np.where(self.regimen.in_cycle, self.regimen.cycle_first_key, self.rows.keys)
