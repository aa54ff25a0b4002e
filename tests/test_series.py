"""Series of events: any number of levels, of series, and none (semantics, section 4, its last paragraph)."""

import math
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from il2kg.bulk import load_engine
from il2kg.derive.series import SeriesColumns
from il2kg.derive.series_at import SeriesAt
from il2kg.derive.timeline import Rows, Timeline, batches
from il2kg.guideline.model import Guideline, Observable
from il2kg.guideline.series import Count, CountKind, EventSeries, Level
from il2kg.record import MICROSECONDS_PER_HOUR, DoubtfulEvent, Event, Record

GUIDELINE = load_engine().guideline
HOUR = MICROSECONDS_PER_HOUR
T = 100_000 * HOUR


def series(*levels: Level, name: str = "infusions", event: str = "infusion") -> EventSeries:
    return EventSeries(name, name, "Aldesleukin", event, Decimal("0.5"), Decimal(48), levels, None, None)


def level(name: str, hours: int | None, most: int | None = None, *, included: bool = False) -> Level:
    return Level(name, name, None if hours is None else Decimal(hours), included, most)


def event(hour: int, spread: int = 0, of: str = "infusions") -> Event:
    return Event(T + hour * HOUR, T + (hour - spread) * HOUR, T + (hour + spread) * HOUR, "item", of)


def count(name: str, unit: str, asked: Count) -> Observable:
    return replace(GUIDELINE.observables["HoursSinceDose"], id=name, unit=unit, count=asked)


def guideline(*found: EventSeries, counts: tuple[Observable, ...] = ()) -> Guideline:
    return replace(GUIDELINE, series=found, observables={each.id: each for each in counts}, criteria=())


def timeline(own: Guideline, *records: Record) -> Timeline:
    (found,) = batches(own, records, [T] * len(records))
    return found


def at(own: Guideline, which: EventSeries, hour: int, *records: Record) -> SeriesAt:
    """The series at an hour, in each record."""
    found = timeline(own, *records)
    patients = np.arange(len(records), dtype=np.intp)
    rows = Rows(found.shift + T + hour * HOUR, patients)
    return SeriesColumns.of(found, which).at(found, rows)


# ---- numbering, held to a numbering one by one


@dataclass
class Walk:
    """A patient's events one by one: of each level, all stretches so far, as lists of events and of narrower ones."""

    levels: tuple[Level, ...]
    stretches: list[list[list[Event]]] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    last: Event | None = None

    def __post_init__(self) -> None:
        self.stretches = [[] for _ in self.levels]
        self.parts = [0 for _ in self.levels]

    def begins(self, time: int) -> list[bool]:
        """Which levels an event at a time would begin anew."""
        if self.last is None:
            return [True for _ in self.levels]
        hours = Decimal(time - self.last.time) / HOUR
        apart = [
            each.gap_hours is not None and (hours > each.gap_hours or (each.gap_included and hours == each.gap_hours))
            for each in self.levels
        ]
        found: list[bool] = []
        narrower = True
        for number, each in enumerate(self.levels):
            full = each.holds_at_most is not None and self.parts[number] >= each.holds_at_most
            narrower = any(apart[number:]) or (narrower and full)
            found.append(narrower)
        return found

    def add(self, given: Event) -> None:
        begun = self.begins(given.time)
        for number, new in enumerate(begun):
            if new:
                self.stretches[number].append([])
                self.parts[number] = 0
            self.stretches[number][-1].append(given)
            self.parts[number] += 1 if number == 0 or begun[number - 1] else 0
        self.last = given


_gaps = st.one_of(st.none(), st.integers(1, 30))
_levels = st.lists(st.tuples(_gaps, st.one_of(st.none(), st.integers(1, 4)), st.booleans()), max_size=4).map(
    lambda found: tuple(level(f"level-{n}", g, m, included=i) for n, (g, m, i) in enumerate(found))
)
_events = st.lists(st.builds(event, st.integers(-120, 0), st.sampled_from([0, 0, 0, 14])), max_size=14)


@given(_levels, st.lists(_events, min_size=1, max_size=3), st.integers(-120, 20))
def test_events_are_numbered_as_one_by_one(levels: tuple[Level, ...], patients: list[list[Event]], hour: int) -> None:
    which = series(*levels)
    records = [Record(f"p{n}", events=tuple(events)) for n, events in enumerate(patients)]
    found = at(guideline(which), which, hour, *records)
    now = T + hour * HOUR
    for row, events in enumerate(patients):
        walk = Walk(levels)
        for each in sorted((e for e in events if e.time <= now), key=lambda e: e.time):
            walk.add(each)
        shift = int(found.rows.keys[row]) - now
        assert found.given[row] == (walk.last is not None)
        if walk.last is None:
            assert not any(found.within(each.id)[row] or found.starts(each.id)[row] for each in levels)
            continue
        begun = walk.begins(now)
        for number, each in enumerate(levels):
            stretches = walk.stretches[number]
            wider = begun[number + 1] if number + 1 < len(levels) else False
            previous = stretches if begun[number] else stretches[:-1]
            assert found.within(each.id)[row] == (not begun[number])
            assert found.starts(each.id)[row] == (begun[number] and not wider)
            assert found.levels[each.id].events[row] == (0 if begun[number] else len(stretches[-1]))
            assert found.first_key(each.id)[row] == stretches[-1][0].time + shift
            assert found.previous(each.id).some[row] == bool(previous)
            if previous:
                assert found.previous(each.id).earliest[row] == max(e.earliest for e in previous[-1]) + shift
                assert found.previous(each.id).latest[row] == max(e.latest for e in previous[-1]) + shift
            first = found.levels[each.id].first
            assert first.earliest[row] == min(e.earliest for e in stretches[-1]) + shift
            assert first.latest[row] == min(e.latest for e in stretches[-1]) + shift


# ---- several series, levels of one's own


DAY, WEEK = level("round", 20), level("block", None, 3)
COUNTS = (
    count("InRound", "{infusion}", Count(CountKind.EVENTS_IN, "infusions", "round", from_discharge=False)),
    count("InBlock", "{infusion}", Count(CountKind.EVENTS_IN, "infusions", "block", from_discharge=False)),
    count("SinceInfusion", "d", Count(CountKind.SINCE_LAST, "infusions", None, from_discharge=False)),
    count("BlockHours", "h", Count(CountKind.SINCE_START, "infusions", "block", from_discharge=False)),
    count("SinceBlock", "h", Count(CountKind.SINCE_END, "infusions", "block", from_discharge=False)),
    count("SinceBlockLeft", "h", Count(CountKind.SINCE_END, "infusions", "block", from_discharge=True)),
    count("SinceSession", "h", Count(CountKind.SINCE_LAST, "sessions", None, from_discharge=False)),
)
INFUSIONS = series(DAY, WEEK)
SESSIONS = series(level("term", 1000), name="sessions", event="session")
BOTH = guideline(INFUSIONS, SESSIONS, counts=COUNTS)
# Five rounds: the third ends a block, so the block that is going on has two.
ROUNDS = Record(
    "p",
    events=tuple(event(hour) for hour in (-210, -209, -160, -110, -60, -10, -9)),
    discharges=(T - 100 * HOUR, T - 90 * HOUR),
)


def counted(name: str, record: Record, which: EventSeries = INFUSIONS, hour: int = 0) -> tuple[float, float]:
    bounds = at(BOTH, which, hour, record).count(name)
    return float(bounds.lowest_at_least[0]), float(bounds.highest_at_most[0])


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("InRound", 2),
        ("InBlock", 3),
        ("SinceInfusion", 9 / 24),
        ("BlockHours", 60),
        ("SinceBlock", 110),
        ("SinceBlockLeft", 100),
    ],
)
def test_what_is_counted_is_that_of_the_level(name: str, number: float) -> None:
    assert counted(name, ROUNDS) == (number, number)


def truth(key: str, record: Record, which: EventSeries = INFUSIONS) -> bool | None:
    found = at(BOTH, which, 0, record).fact(key)
    return True if found.true[0] else False if found.false[0] else None


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("infusion-given", True),
        ("infusion-in-round", True),
        ("infusion-in-block", True),
        ("first-infusion-of-round", False),
        ("starts-new-round", False),
        ("starts-new-block", False),
        ("previous-round", True),
        ("previous-block", True),
    ],
)
def test_facts_are_named_in_the_words_of_the_series(key: str, expected: bool) -> None:
    assert truth(key, ROUNDS) is expected


def test_a_full_level_starts_anew_with_the_next_narrower_one() -> None:
    full = Record("p", events=tuple(event(hour) for hour in (-160, -110, -60)))
    assert truth("starts-new-block", full) is True
    assert truth("starts-new-round", full) is False
    two = Record("p", events=tuple(event(hour) for hour in (-110, -60)))
    assert truth("starts-new-block", two) is False
    assert truth("starts-new-round", two) is True


def test_each_series_counts_its_own_events() -> None:
    record = replace_events(ROUNDS, event(-5, of="sessions"))
    assert counted("InRound", record) == (2, 2)
    assert counted("SinceSession", record, SESSIONS) == (5, 5)
    assert truth("session-given", ROUNDS, SESSIONS) is False


def test_what_may_have_been_an_event_leaves_its_series_open() -> None:
    own = Record("p", events=(event(-5),), doubtful_events=(DoubtfulEvent(T, T, "x", "infusions"),))
    assert counted("InRound", own) == (-math.inf, math.inf)
    assert truth("session-given", own, SESSIONS) is False
    anything = Record("p", events=(event(-5),), doubtful_events=(DoubtfulEvent(T, T, "x", None),))
    assert truth("infusion-given", anything) is None
    assert truth("session-given", anything, SESSIONS) is None
    # So long as the series says, and no longer.
    before = DoubtfulEvent(T - 48 * HOUR, T - 48 * HOUR, "x", None)
    assert truth("infusion-given", Record("p", events=(event(-5),), doubtful_events=(before,))) is True


def replace_events(record: Record, *more: Event) -> Record:
    return Record(record.patient, events=(*record.events, *more), discharges=record.discharges)
