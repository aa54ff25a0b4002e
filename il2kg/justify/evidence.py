"""The evidence behind a criterion: what the record says of each concept that its conditions ask about."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from il2kg.assessment import Evidence
from il2kg.derive.assessment import DerivedValues
from il2kg.derive.findings import Course, courses
from il2kg.derive.timeline import span_of
from il2kg.guideline.conditions import Compare, Condition, OnTreatment, RegimenFact, Statement, TreatedWith, leaves
from il2kg.guideline.model import Guideline
from il2kg.guideline.quantities import Latest, Quantity
from il2kg.guideline.wording import Wording
from il2kg.record import BESIDE, Absence, Administration, Measurement, Record


@dataclass
class EvidenceFinder:
    """Looks up one record at one instant; ``row`` is its row of the derived values."""

    guideline: Guideline
    wording: Wording
    record: Record
    at: int
    derived: DerivedValues
    row: int

    def find(self, *conditions: Condition | None) -> tuple[Evidence, ...]:
        """The evidence of all leaves of some conditions, in order, each once."""
        found = [
            evidence
            for condition in conditions
            if condition is not None
            for leaf in leaves(condition)
            for evidence in self._leaf(leaf)
        ]
        return tuple(dict.fromkeys(found))

    def _leaf(self, leaf: Compare | Statement) -> Iterator[Evidence]:
        match leaf:
            case Compare(Latest(observable)) if self.guideline.observables[observable].infusion_of is None:
                yield from self._latest(observable)
            case Compare(quantity):
                yield self._derived(quantity)
            case RegimenFact():
                return
            case TreatedWith(treatment) | OnTreatment(treatment):
                yield self._treatment(leaf, treatment)
            case _:
                yield self._finding(leaf, leaf.finding)

    # ---- measured

    @cached_property
    def _measurements(self) -> dict[str, list[Measurement]]:
        found: dict[str, list[Measurement]] = {}
        for measurement in self.record.measurements:
            if measurement.time is None or measurement.time <= self.at:
                found.setdefault(measurement.observable, []).append(measurement)
        return found

    def _latest(self, name: str) -> Iterator[Evidence]:
        """The measurements at the latest instant of the window; one without a value if there is none."""
        observable = self.guideline.observables[name]
        window = span_of(observable.window_hours)
        dated = [m for m in self._measurements.get(name, ()) if m.time is not None and m.time > self.at - window]
        newest = max((m.time for m in dated if m.time is not None), default=None)
        chosen = [m for m in self._measurements.get(name, ()) if m.time is None or m.time == newest]
        if not chosen:
            yield Evidence(name, None, observable.unit)
        for measurement in chosen:
            yield Evidence(
                name, written(measurement.low, measurement.high), observable.unit, measurement.time, measurement.item
            )

    def _derived(self, quantity: Quantity) -> Evidence:
        """A computed quantity, with the item that it was last computed from."""
        bounds = self.derived.quantity(quantity)
        low, high = float(bounds.lowest_at_least[self.row]), float(bounds.highest_at_most[self.row])
        name = quantity.observable
        newest = max(
            (m for m in self._measurements.get(name, ()) if m.time is not None), key=lambda m: m.time or 0, default=None
        )
        words, unit = self.wording.quantity(quantity)
        item = None if newest is None else newest.item
        return Evidence(name, written(low, high), unit, self.at, item, words)

    # ---- charted

    @cached_property
    def _courses(self) -> list[Course]:
        return [c for c in courses(self.record, self.guideline.findings) if c.start <= self.at]

    @cached_property
    def _absences(self) -> dict[str, Absence]:
        """The latest statement of absence of each finding."""
        found = sorted((a for a in self.record.absences if a.time <= self.at), key=lambda a: a.time)
        return {absence.finding: absence for absence in found}

    def _finding(self, leaf: Statement, name: str) -> Evidence:
        true, false = self.derived.statement(leaf)
        concept = self.guideline.findings[name]
        episodes = [c for c in self._courses if c.finding == name or c.finding in concept.descendants]
        if true[self.row]:
            running = [c for c in episodes if c.end is None or c.end > self.at] or episodes
            chosen = max(running, key=lambda c: c.start)
            return Evidence(name, True, None, chosen.start, chosen.item)
        absences = [self._absences[n] for n in (name, *concept.ancestors) if n in self._absences]
        doubts = [d for d in self.record.doubtful if d.finding == name or d.finding in concept.descendants]
        if false[self.row]:
            stated = max(absences, key=lambda a: a.time, default=None)
            ended = max((c for c in episodes if c.end is not None), key=lambda c: c.end or 0, default=None)
            if stated is not None and (ended is None or stated.time >= (ended.end or 0)):
                return Evidence(name, False, None, stated.time, stated.item)
            return Evidence(name, False, None, ended.end if ended else None, ended.item if ended else None)
        return Evidence(name, None, None, doubts[0].time if doubts else None, doubts[0].item if doubts else None)

    def _treatment(self, leaf: Statement, name: str) -> Evidence:
        true, false = self.derived.statement(leaf)
        below = self.guideline.treatments[name].descendants
        given: list[Administration] = [
            a
            for a in self.record.administrations
            if (a.treatment == name or a.treatment in below) and (a.start is None or a.start <= self.at)
        ]
        newest = max(given, key=lambda a: a.start or 0, default=None)
        value = True if true[self.row] else False if false[self.row] else None
        return Evidence(name, value, None, newest.start if newest else None, newest.item if newest else None)


def written(low: float, high: float) -> float | str | None:
    """Bounds as a value: a number, a number with its comparator, a range, or None if nothing is known."""
    if low == high:
        return low
    if math.isinf(low) and math.isinf(high):
        return None
    if math.isinf(low):
        return _compared("<", high, BESIDE)
    if math.isinf(high):
        return _compared(">", low, -BESIDE)
    return f"{low:.15g} to {high:.15g}"


def _compared(sign: str, bound: float, outward: Decimal) -> str:
    """An open bound lies beside the number that was written, which is the shorter of the two."""
    closed = Decimal(repr(bound))
    number = (closed + outward).normalize()
    if len(str(number)) < len(str(closed.normalize())):
        return f"{sign}{number:f}"
    return f"{sign}={closed.normalize():f}"
