"""Collects a patient's record while statements are read: what can be trusted, and the doubt about what cannot.

Semantics, section 1: an item that cannot be trusted is set aside and reported, never guessed at.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Final, TypeVar

from il2kg.read.spans import Span
from il2kg.read.times import Moment, read_moment
from il2kg.record import (
    Absence,
    Administration,
    DoubtfulEvent,
    DoubtfulPresence,
    Episode,
    Event,
    Measurement,
    PassedOver,
    Problem,
    Record,
    SetAside,
)
from il2kg.statements import Doubt, Item

_Said = TypeVar("_Said")

_PLACE: Final = attrgetter("time", "observable", "item", "low", "high", "written")

TELLING: Final = 0
"""The rank of what would name a concept but for a word beside it: a person looks at it first."""
OTHER: Final = 1


class RecordBuilder:
    """The record so far."""

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        self.measurements: list[Measurement] = []
        self.set_aside: list[SetAside] = []
        self.episodes: list[Episode] = []
        self.absences: list[Absence] = []
        self.doubtful: list[DoubtfulPresence] = []
        self.administrations: list[Administration] = []
        self.events: list[Event] = []
        self.doubtful_events: list[DoubtfulEvent] = []
        self.discharges: list[int] = []
        self.problems: dict[Problem, None] = dict.fromkeys(problems)
        self.later: list[Callable[[], None]] = []
        """What can be read only when all else is: it depends on other items."""
        self._charted: dict[str, list[int]] = {}
        self._passed: Counter[tuple[int, str, str, str, str]] = Counter()
        self.at: int | None = None
        """The latest time of the item that is being read."""
        self.times: list[int] = []
        """The latest time of each item that was read."""

    def problem(self, item: Item, problem: Doubt, concept: str = "") -> None:
        """Report something about an item; what is reported twice is reported once."""
        self.problems[Problem(problem[0], item.name, problem[1], concept)] = None

    def doubt(self, item: Item, span: Span, concept: str) -> bool:
        """Report why an item, or its time, cannot be trusted; whether there is such a reason."""
        for problem in (*item.doubts, *span.problems):
            self.problem(item, problem, concept)
        return bool(item.doubts or span.problems)

    def seen(self, moment: Moment | None) -> None:
        """Something was measured, stated, given, done or found at a time."""
        if moment is not None and moment.time is not None and (self.at is None or moment.time > self.at):
            self.at = moment.time

    def next_item(self) -> None:
        """An item has been read as a whole."""
        if self.at is not None:
            self.times.append(self.at)
            self.at = None

    def aside(self, observable: str, moment: Moment | None, item: Item, by: int | None = None) -> None:
        """A measurement that cannot be trusted; one without a time is no later than ``by``."""
        if moment is not None:
            self.set_aside.append(SetAside(observable, moment.earliest, moment.latest, item.name))
        else:
            self.set_aside.append(SetAside(observable, None, by, item.name))

    def charted(self, observable: str, time: int) -> None:
        """A volume was charted at a time, or over a period that ends then."""
        self._charted.setdefault(observable, []).append(time)

    def charted_before(self, observable: str, time: int) -> int | None:
        """When the last volume before an instant was charted, once all items are read."""
        times = self._charted[observable]
        place = bisect_left(times, time)
        return times[place - 1] if place else None

    def pass_over(self, resource: str, system: str, code: str, text: str, *, telling: bool = False) -> None:
        """An item names nothing of the guideline."""
        self._passed[TELLING if telling else OTHER, resource, system, code, text] += 1

    def record(self, patient: str | None) -> Record:
        """The record of a patient, once what depends on other items is read, too.

        It says the same in whatever order its items were read: in a graph they have none.
        """
        for times in self._charted.values():
            times.sort()
        for read in self.later:
            read()
        latest_but_one, latest = (None, None, *sorted(self.times))[-2:]
        passed = [PassedOver(*each, count) for each, count in self._passed.items()]
        return Record(
            patient=patient,
            measurements=tuple(sorted(self.measurements, key=_PLACE)),
            set_aside=_in_order(self.set_aside),
            episodes=_in_order(self.episodes),
            absences=_in_order(self.absences),
            doubtful=_in_order(self.doubtful),
            administrations=_in_order(self.administrations),
            events=_in_order(self.events),
            doubtful_events=_in_order(self.doubtful_events),
            discharges=tuple(sorted(self.discharges)),
            problems=tuple(sorted(self.problems)),
            passed_over=tuple(sorted(passed, key=_weight)),
            latest=latest,
            latest_but_one=latest_but_one,
        )


def issued(text: str | None) -> int | None:
    """The instant at which a result was made available, if it is said with a zone."""
    if text is None:
        return None
    moment = read_moment(text)
    return None if moment.problem else moment.time


def _in_order(items: list[_Said]) -> tuple[_Said, ...]:
    return tuple(sorted(items, key=repr)) if len(items) > 1 else tuple(items)


def _weight(passed: PassedOver) -> tuple[object, ...]:
    """What a person should look at first: what nearly names something, drugs, what there is most of."""
    return passed.rank, not passed.resource.startswith("Medication"), -passed.count, passed
