"""Series of events (what is given again and again), the levels into which they fall, and what is told by them.

A fact is something that the events so far show of the one now considered. Its key is its public local name in snapshots
and shapes, made of the series' own words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Level:
    """A stretch of a series, such as a cycle.

    A gap above ``gap_hours`` (or of just so long, if it is ``gap_included``) starts a new one, and so does what follows
    ``holds_at_most`` stretches of the next narrower level. None: neither does.
    """

    id: str
    label: str
    gap_hours: Decimal | None
    gap_included: bool
    holds_at_most: int | None


@dataclass(frozen=True, slots=True)
class EventSeries:
    """The administrations of a treatment; ``event`` is what one is called, ``levels`` go from the narrowest on.

    An event ``early_hours`` short of a whole hour counts as on that hour; one that was set aside leaves open what is
    counted for ``doubtful_hours``. ``holds_last_for`` is the level within which criteria are held (None: until they are
    lifted), ``baseline_before`` the one at whose first event a baseline stands.
    """

    id: str
    label: str
    treatment: str
    event: str
    early_hours: Decimal
    doubtful_hours: Decimal
    levels: tuple[Level, ...]
    holds_last_for: str | None
    baseline_before: str | None

    def level(self, name: str | None) -> Level:
        """The level with an identifier."""
        return next(level for level in self.levels if level.id == name)

    def wider(self, name: str | None) -> Level | None:
        """The level next above one."""
        return next((self.levels[i + 1] for i, level in enumerate(self.levels[:-1]) if level.id == name), None)


class CountKind(StrEnum):
    """What an observable counts: events in a level's present stretch, or the time since something."""

    EVENTS_IN = "events-in"
    SINCE_LAST = "since-last"
    SINCE_START = "since-start"
    SINCE_END = "since-end"


@dataclass(frozen=True, slots=True)
class Count:
    """What an observable counts, of which series and level; ``from_discharge``: from the discharge after it."""

    kind: CountKind
    series: str
    level: str | None
    from_discharge: bool


class FactKind(StrEnum):
    """What the events so far show.

    There was one at all, there was one in the present stretch of a level or there was none, the one now considered
    starts a new stretch after another, there was a stretch before the present one.
    """

    GIVEN = "given"
    WITHIN = "within"
    FIRST_OF = "first-of"
    STARTS = "starts"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that the events of a series show of the one now considered."""

    kind: FactKind
    series: str
    level: str | None


_NEEDED = {
    CountKind.SINCE_LAST: FactKind.GIVEN,
    CountKind.SINCE_START: FactKind.WITHIN,
    CountKind.SINCE_END: FactKind.PREVIOUS,
}


def facts_of(series: Sequence[EventSeries]) -> dict[str, Fact]:
    """All facts that some series can show, by key."""
    by_key: dict[str, Fact] = {}
    for each in series:
        facts = [Fact(FactKind.GIVEN, each.id, None)]
        facts += [Fact(k, each.id, level.id) for level in each.levels for k in FactKind if k is not FactKind.GIVEN]
        by_key |= {fact_key(fact, each): fact for fact in facts}
    return by_key


def fact_key(fact: Fact, series: EventSeries) -> str:
    """The public name of a fact of a series."""
    event = "-".join(series.event.split())
    match fact.kind:
        case FactKind.GIVEN:
            return f"{event}-given"
        case FactKind.WITHIN:
            return f"{event}-in-{fact.level}"
        case FactKind.FIRST_OF:
            return f"first-{event}-of-{fact.level}"
        case FactKind.STARTS:
            return f"starts-new-{fact.level}"
        case FactKind.PREVIOUS:
            return f"previous-{fact.level}"


def fact_phrase(fact: Fact, series: EventSeries, *, denied: bool = False) -> str:
    """A fact of a series in words, or, ``denied``, that it is not so."""
    event = series.event
    if fact.kind is FactKind.GIVEN:
        return f"{'no' if denied else article(event)} {event} was given"
    level = series.level(fact.level).label
    match fact.kind:
        case FactKind.WITHIN:
            return f"{'no' if denied else article(event)} {event} was given in the {level}"
        case FactKind.FIRST_OF:
            return f"the {event} is {'not ' if denied else ''}the first of its {level}"
        case FactKind.STARTS:
            wider = series.wider(fact.level)
            new = f"{level} of the {wider.label}" if wider is not None else level
            return f"the {event} starts {'no' if denied else 'a'} new {new}"
        case _:
            return f"there was {'no' if denied else article(level)} {level} before"


def article(word: str) -> str:
    """The indefinite article that goes before a word."""
    return "an" if word[0].lower() in "aeiou" else "a"


def needed_for_count(count: Count, facts: Mapping[str, Fact]) -> str | None:
    """The key of the fact without which a count means nothing; None where 0 is as good as any number."""
    kind = _NEEDED.get(count.kind)
    return None if kind is None else key_of(Fact(kind, count.series, count.level), facts)


def needed_for_baseline(series: Sequence[EventSeries], facts: Mapping[str, Fact]) -> str | None:
    """The key of the fact without which there is no baseline; None where no series has one."""
    wanted = [Fact(FactKind.WITHIN, s.id, s.baseline_before) for s in series if s.baseline_before is not None]
    return key_of(wanted[0], facts) if wanted else None


def key_of(fact: Fact, facts: Mapping[str, Fact]) -> str:
    """The key of a fact."""
    return next(key for key, other in facts.items() if other == fact)
