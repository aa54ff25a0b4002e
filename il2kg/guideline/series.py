"""Series of events that a guideline counts: what their events are, how they fall into levels, what is counted of them."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Level:
    """A stretch of a series: when an event starts a new one.

    It does after ``gap_hours`` since the event before it (``gap_included``: also after just so many), or where the one
    that is going on has ``holds_at_most`` of the next narrower level.
    """

    id: str
    label: str
    gap_hours: Decimal | None
    gap_included: bool
    holds_at_most: int | None


@dataclass(frozen=True, slots=True)
class EventSeries:
    """Events of one kind: the administrations of ``treatment``, each called an ``event``.

    ``levels`` go from the narrowest to the widest. ``holds_last_for`` and ``baseline_before`` name one of them.
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

    def level(self, name: str) -> Level:
        """One of its levels."""
        return next(level for level in self.levels if level.id == name)


class CountKind(StrEnum):
    """What is counted of a series."""

    EVENTS_IN = "events-in"
    SINCE_LAST = "since-last"
    SINCE_START = "since-start"
    SINCE_END = "since-end"


@dataclass(frozen=True, slots=True)
class Count:
    """What an observable counts: events of a level, or the time since an event, or since a level's start or end."""

    kind: CountKind
    series: str
    level: str | None
    from_discharge: bool


class FactKind(StrEnum):
    """What the events so far show of the one that is considered."""

    GIVEN = "given"
    WITHIN = "within"
    FIRST_OF = "first-of"
    STARTS = "starts"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact of a series; ``level`` is None where it is about none."""

    kind: FactKind
    series: str
    level: str | None
