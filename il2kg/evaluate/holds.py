"""What stays in force: holds within a cycle, ends of a course and of a cycle (semantics, section 5)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from il2kg.derive.assessment import DerivedValues, HoldState
from il2kg.derive.doses import DoseColumns
from il2kg.derive.episodes import episode_columns
from il2kg.derive.timeline import Keys, Rows, Timeline, Truth, lasting_hours, span_of
from il2kg.evaluate.columns import evaluate
from il2kg.guideline.conditions import Again, inner_leaves, leaves
from il2kg.guideline.decisions import Escalation
from il2kg.guideline.model import Criterion, Guideline
from il2kg.guideline.quantities import FallSinceHold

_NEVER: Final = -1


@dataclass(frozen=True)
class Memory:
    """What a criterion, or a rule set that ended a cycle, carries over to the assessed instants.

    ``before``: in force at the instant before the assessed one. ``since``: the key at which it came into force, where
    it is in force at the assessed instant.
    """

    before: Truth
    since: Keys


@dataclass(frozen=True)
class History:
    """The instants of each patient's current course up to the assessed one, which is each patient's last row."""

    derived: DerivedValues
    last: np.ndarray
    cycle_start: np.ndarray
    course_start: np.ndarray

    @classmethod
    def of(cls, timeline: Timeline, doses: DoseColumns, *, by_exception: bool) -> "History":
        """Collect the instants at which a record changes, or a statement becomes true by itself."""
        assessed = timeline.assessed()
        regimen = doses.at(timeline, assessed)
        in_course = regimen.given & ~regimen.new_course
        begin = np.where(in_course, regimen.course_first_key, assessed.keys)
        rows = _instants(timeline, begin)
        last = np.searchsorted(rows.keys, assessed.keys)
        cycle = np.where(regimen.in_cycle, np.searchsorted(rows.keys, regimen.cycle_first_key), last)
        course = np.where(in_course, np.searchsorted(rows.keys, begin), last)
        derived = DerivedValues.of(timeline, doses, rows, by_exception=by_exception)
        history = cls(derived, last, cycle[rows.patients], course[rows.patients])
        for again in _recurrences(timeline.guideline):
            derived.recurrences[again] = history._recurred(again)
        return history

    def criterion(self, criterion: Criterion) -> Memory:
        """What a criterion carries over: its hold in the cycle, or, if it ends cycle or course, since it was met."""
        met, _ = evaluate(criterion.condition, self.derived)
        if criterion.effect.stays_for is not None:
            return self._carried(met, np.zeros_like(met), self._start_of(criterion.effect.stays_for))
        if criterion.resume is None:
            # Nothing is carried over, but what is met has been so for a while.
            return replace(self._carried(met, ~met, self.course_start), before=np.zeros(len(self.last), np.bool_))
        return self._hold(criterion, met)

    def escalated(self, escalation: Escalation, stays_for: str, criteria: tuple[Criterion, ...]) -> Memory:
        """Where a rule set's escalation was reached, which stays for a level."""
        counted = np.zeros(len(self.derived.rows), dtype=np.int64)
        reached = np.zeros(len(self.derived.rows), dtype=np.bool_)
        for criterion in criteria:
            met, _ = evaluate(criterion.condition, self.derived)
            if criterion.effect.id in escalation.also:
                reached |= met
            elif criterion.effect.id == escalation.effect:
                counted += met
        reached |= counted > escalation.more_than
        return self._carried(reached, np.zeros_like(reached), self._start_of(stays_for))

    def _start_of(self, level: str) -> np.ndarray:
        (series,) = self.derived.timeline.guideline.series
        return self.cycle_start if level == series.levels[0].id else self.course_start

    def holds_at_last(self) -> dict[str, HoldState]:
        """The holds that quantities are counted from, at the assessed instants."""
        return {name: HoldState(h.held[self.last], h.began[self.last]) for name, h in self.derived.holds.items()}

    def recurrences_at_last(self) -> dict[Again, tuple[Truth, Truth]]:
        """What has come back at the assessed instants."""
        found = self.derived.recurrences.items()
        return {again: (true[self.last], false[self.last]) for again, (true, false) in found}

    def _recurred(self, again: Again) -> tuple[Truth, Truth]:
        """Where a condition is true that had been true in the cycle, and was false at a dose since; and where not.

        Not known where it is true, and was not known to be true at each such dose (semantics, section 4).
        """
        true, false = evaluate(again.condition, self.derived)
        rows, regimen = self.derived.rows, self.derived.regimen
        index = np.arange(len(true))
        start = np.where(regimen.in_cycle, np.searchsorted(rows.keys, regimen.cycle_first_key), index)

        def last(mask: Truth) -> np.ndarray:
            return np.maximum.accumulate(np.where(mask, index, _NEVER)) if len(index) else index

        had_been = np.concatenate(([_NEVER], last(true)[:-1])) >= start if len(index) else true
        at_dose = (regimen.last_key == rows.keys) & regimen.in_cycle & had_been
        gone = last(at_dose & false) >= start
        open_question = (last(at_dose & ~true) >= start) | regimen.doubtful
        return true & gone & ~regimen.doubtful, false | (true & ~gone & ~open_question)

    def _hold(self, criterion: Criterion, met: Truth) -> Memory:
        """A hold whose resume condition may itself depend on when the hold began.

        Each round settles at least the next lift in time, so the rounds end.
        """
        assert criterion.resume is not None
        depends = any(isinstance(getattr(leaf, "quantity", None), FallSinceHold) for leaf in leaves(criterion.resume))
        lifted = np.zeros_like(met)
        while True:
            if depends:
                held, began = self._in_force(met, lifted, self.cycle_start)
                self.derived.holds[criterion.id] = HoldState(held, self.derived.rows.keys[began])
            may_resume, _ = evaluate(criterion.resume, self.derived)
            now = may_resume & ~met
            if not depends or np.array_equal(now, lifted):
                return self._carried(met, now, self.cycle_start)
            lifted = now

    def _in_force(self, met: Truth, lifted: Truth, start: np.ndarray) -> tuple[Truth, np.ndarray]:
        """At each instant, before a lift at that instant takes effect: whether in force, and the row since when."""
        index = np.arange(len(met))
        inside = index >= start
        last_met = np.maximum.accumulate(np.where(met & inside, index, _NEVER))
        last_lift = np.maximum.accumulate(np.where(lifted & inside, index, _NEVER))
        lift_before = np.concatenate(([_NEVER], last_lift[:-1])) if len(index) else last_lift
        held = (last_met >= start) & (last_met > lift_before) & inside
        met_rows = np.flatnonzero(met)
        # The first instant at which it was met after the last lift, or after the start.
        floor = np.maximum(lift_before + 1, start)
        position = np.searchsorted(met_rows, floor)
        began = met_rows[np.minimum(position, len(met_rows) - 1)] if len(met_rows) else index
        return held, np.where(held, began, index)

    def _carried(self, met: Truth, lifted: Truth, start: np.ndarray) -> Memory:
        held, began = self._in_force(met, lifted, start)
        last = self.last
        previous = np.maximum(last - 1, 0)
        same = (last > start[last]) & (self.derived.rows.patients[previous] == self.derived.rows.patients[last])
        before = same & held[previous] & ~lifted[previous]
        keys = self.derived.rows.keys
        return Memory(before, keys[began[last]])


def _recurrences(guideline: Guideline) -> Iterator[Again]:
    """The conditions whose coming back some criterion asks about."""
    for criterion in guideline.criteria:
        for condition in (criterion.condition, criterion.resume):
            for leaf in inner_leaves(condition) if condition is not None else ():
                if isinstance(leaf, Again):
                    yield leaf


def _instants(timeline: Timeline, begin: Keys) -> Rows:
    """The instants from ``begin`` to the assessed one, for each patient; the assessed one always."""
    patients: list[int] = []
    times: list[int] = []
    for patient, record in enumerate(timeline.records):
        own = record.changes()
        times += own
        patients += [patient] * len(own)
    keys = timeline.keys(patients, times)
    owners = np.array(patients, dtype=np.intp)
    extra = _self_made(timeline)
    keys = np.concatenate((keys, *extra))
    owners = np.concatenate((owners, *(np.searchsorted(timeline.first, e, side="right") - 1 for e in extra)))
    kept = (keys >= begin[owners]) & (keys < timeline.at[owners])
    return _rows(timeline, np.concatenate((keys[kept], timeline.at)))


def _self_made(timeline: Timeline) -> list[Keys]:
    """The instants at which a finding has lasted long enough, while it is present."""
    found = []
    for statement in lasting_hours(timeline.guideline):
        columns = episode_columns(timeline, statement.finding)
        moment = columns.group_first + span_of(statement.hours)
        found.append(moment[moment < columns.group_end])
    return found


def _rows(timeline: Timeline, keys: Keys) -> Rows:
    unique = np.unique(keys)
    return Rows(unique, np.searchsorted(timeline.first, unique, side="right") - 1)
