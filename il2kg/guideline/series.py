"""Series of events that the guideline counts, such as the doses of a drug, and the levels in which they lie."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Level:
    """A stretch of a series: events that lie close together.

    A gap of more than ``gap_hours`` (or of that, where ``gap_included``) starts a new one; it holds at most
    ``holds_at_most`` of the next narrower level.
    """

    id: str
    label: str
    gap_hours: Decimal | None
    gap_included: bool
    holds_at_most: int | None


@dataclass(frozen=True, slots=True)
class EventSeries:
    """Events of one treatment; ``event`` is the word for one of them, ``levels`` go from the narrowest to the widest.

    An event ``early_hours`` short of a whole hour counts as on that hour; one in doubt leaves the counts open for
    ``doubtful_hours``.
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


class CountKind(StrEnum):
    """What is counted of a series."""

    EVENTS_IN = "events-in"
    SINCE_LAST = "since-last"
    SINCE_START = "since-start"
    SINCE_END = "since-end"


@dataclass(frozen=True, slots=True)
class Count:
    """A number that is counted from the events of a series."""

    kind: CountKind
    series: str
    level: str | None
    from_discharge: bool


class FactKind(StrEnum):
    """What the events of a series show."""

    GIVEN = "given"
    WITHIN = "within"
    FIRST_OF = "first-of"
    STARTS = "starts"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that the events so far show of the next one."""

    kind: FactKind
    series: str
    level: str | None
