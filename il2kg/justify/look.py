"""One record at one instant, as evidence looks at it: what it holds by then, and why something cannot be trusted."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

from il2kg.derive.assessment import DerivedValues
from il2kg.derive.episodes import Course, absences_of, courses
from il2kg.guideline.conditions import Statement
from il2kg.guideline.model import Guideline
from il2kg.guideline.quantities import Quantity
from il2kg.guideline.wording import Wording
from il2kg.record import (
    Absence,
    Administration,
    DoubtfulEvent,
    DoubtfulPresence,
    Event,
    Measurement,
    Problem,
    Record,
    SetAside,
)


class _Item(Protocol):
    @property
    def item(self) -> str: ...


_Of = TypeVar("_Of")


@dataclass
class Look:
    """A record at an instant (microseconds since the epoch); ``row`` is its row of the derived values."""

    guideline: Guideline
    wording: Wording
    record: Record
    at: int
    derived: DerivedValues
    row: int

    # ---- derived

    def truth(self, statement: Statement) -> bool | None:
        """What is derived of a statement."""
        true, false = self.derived.statement(statement)
        return True if true[self.row] else False if false[self.row] else None

    def bounds(self, quantity: Quantity) -> tuple[float, float]:
        """What is derived of a quantity: at least, and at most."""
        bounds = self.derived.quantity(quantity)
        return float(bounds.lowest_at_least[self.row]), float(bounds.highest_at_most[self.row])

    def time_of(self, key: int) -> int:
        """The time at a key of the axis on which values are derived."""
        return int(key) - int(self.derived.timeline.shift[self.row])

    # ---- measured

    def measurements(self, observable: str) -> Sequence[Measurement]:
        """The values that count by now, in the order of their times."""
        return self._measurements.get(observable, ())

    def set_aside(self, observable: str, since: int, until: int | None = None) -> list[SetAside]:
        """The values set aside that may lie after ``since``, and not after ``until`` (now)."""
        last = self.at if until is None else until
        return [
            aside
            for aside in self._set_aside.get(observable, ())
            if (aside.earliest is None or aside.earliest <= last) and (aside.latest is None or aside.latest > since)
        ]

    @cached_property
    def _measurements(self) -> dict[str, list[Measurement]]:
        found = list(self.record.measurements)
        if self.derived.by_exception:
            found += [a.by_exception for a in self.record.set_aside if a.by_exception is not None]
        found = [m for m in found if m.time <= self.at]
        return _grouped(sorted(found, key=lambda m: m.time), lambda m: m.observable)

    @cached_property
    def _set_aside(self) -> dict[str, list[SetAside]]:
        found = [a for a in self.record.set_aside if a.by_exception is None or not self.derived.by_exception]
        return _grouped(found, lambda a: a.observable)

    # ---- charted

    @cached_property
    def episodes(self) -> list[Course]:
        """The episodes that have begun by now, in the order of their starts."""
        found = courses(self.record, self.guideline.findings)
        return sorted((c for c in found if c.start <= self.at), key=lambda c: c.start)

    @cached_property
    def absences(self) -> dict[str, Absence]:
        """The latest statement of the absence of each finding by now."""
        found = absences_of(self.record, self.guideline.findings)
        return {a.finding: a for a in sorted(found, key=lambda a: a.time) if a.time <= self.at}

    @cached_property
    def doubtful(self) -> list[DoubtfulPresence]:
        """The presences in doubt that may have begun by now."""
        return [d for d in self.record.doubtful if d.earliest is None or d.earliest <= self.at]

    # ---- given

    def administrations(self, treatment: str) -> list[Administration]:
        """What was or may have been given of a treatment, or one below it, by now; unnamed ones included."""
        names = {None, treatment, *self.guideline.treatments[treatment].descendants}
        return [
            a
            for a in self.record.administrations
            if a.treatment in names and (a.start_earliest is None or a.start_earliest <= self.at)
        ]

    def events(self, series: str) -> list[Event]:
        """The events of a series by now, in order."""
        own = (e for e in self.record.events if e.series == series and e.time <= self.at)
        return sorted(own, key=lambda e: e.time)

    def events_in_doubt(self, series: str) -> list[Event | DoubtfulEvent]:
        """The events of a series whose time is uncertain, and what may have been one, by now."""
        own = (e for e in self.record.events if e.series == series)
        may_be = (d for d in self.record.doubtful_events if d.series is None or d.series == series)
        return [
            *(e for e in own if e.earliest != e.latest and e.earliest <= self.at),
            *(d for d in may_be if d.earliest is None or d.earliest <= self.at),
        ]

    # ---- in doubt

    def because(self, items: Iterable[_Item], otherwise: str) -> str:
        """Why some items cannot be trusted, in the words of the first two problems; ``otherwise`` if none is known."""
        problems = [p.problem for item in items for p in self._problems.get(item.item, ())]
        return "; ".join(list(dict.fromkeys(problems))[:2]) or otherwise

    @cached_property
    def _problems(self) -> dict[str, list[Problem]]:
        return _grouped(self.record.problems, lambda p: p.item)


def names(items: Iterable[_Item]) -> tuple[str, ...]:
    """The names of items, the last first, each once."""
    return tuple(dict.fromkeys(item.item for item in reversed(list(items))))


def _grouped(items: Iterable[_Of], key: Callable[[_Of], str]) -> dict[str, list[_Of]]:
    found: dict[str, list[_Of]] = defaultdict(list)
    for item in items:
        found[key(item)].append(item)
    return found
