"""When something was, as FHIR R4 and R5 say it, and how far that can be trusted."""

from dataclasses import dataclass
from typing import Final

from il2kg.read.elements import Element, as_element, as_list
from il2kg.read.times import Moment, read_moment

NO_START: Final = "period without a start"

_POINT = ("effectiveDateTime", "effectiveInstant", "performedDateTime", "occurenceDateTime", "occurrenceDateTime")
_PERIOD = ("effectivePeriod", "performedPeriod", "occurencePeriod", "occurrencePeriod")


@dataclass(frozen=True, slots=True)
class Span:
    """A time, or a period: ``start`` and ``end`` (microseconds since the epoch) as far as they can be read.

    ``problem`` says what cannot be trusted of them; ``end_sound`` whether the end, or its absence, can be.
    """

    start: int | None
    end: int | None
    problem: str | None = None
    period: bool = False
    end_sound: bool = True

    @property
    def times(self) -> list[int]:
        """The times that it names."""
        return [time for time in (self.start, self.end) if time is not None]

    @property
    def reversed(self) -> bool:
        """Whether it ends before it starts."""
        return self.start is not None and self.end is not None and self.end < self.start

    @property
    def moment(self) -> int | None:
        """When a measurement counts from: its time, the end of its period, or the later of two that are reversed."""
        return max(self.times, default=None) if self.period else self.start


UNDATED: Final = Span(None, None, "no time that can be read")


def read_span(content: Element) -> Span:
    """The time or period of a resource, under any of the names that R4 and R5 give it."""
    point = period = None
    for name in _POINT:
        if name in content:
            point = content[name]
    for name in _PERIOD:
        if name in content:
            period = content[name]
    if point is not None and period is not None:
        return Span(None, None, "a time and a period that cannot both be")
    if point is not None:
        moment = _moment(point)
        return Span(moment.time, None, moment.problem)
    if period is None:
        return UNDATED
    if not isinstance(period, dict):
        return Span(None, None, "period of the wrong type")
    return span_between(period.get("start"), period.get("end"))


def span_between(first: object, last: object) -> Span:
    """The period between two FHIR dates or times, either of which may be missing."""
    if first is None and last is None:
        return UNDATED
    start = Moment(None, None) if first is None else _moment(first)
    end = Moment(None, None) if last is None else _moment(last, as_end=True)
    problem = start.problem or end.problem
    if start.time is not None and end.time is not None and end.time < start.time:
        return Span(start.time, end.time, problem or "period ends before it starts", True, end_sound=False)
    if start.time is None and problem is None:
        problem = NO_START
    return Span(start.time, end.time, problem, True, end.problem is None)


def written_span(content: Element) -> Span:
    """When an order, or a statement without a time of its own, counts from: when it was written.

    It ends when all of its dosage instructions say that it does; otherwise it runs on.
    """
    bounds = [
        as_element(as_element(as_element(as_element(each).get("timing")).get("repeat")).get("boundsPeriod"))
        for each in as_list(content.get("dosageInstruction"))
    ]
    ends = [end for each in bounds if isinstance(end := each.get("end"), str)]
    starts = [start for each in bounds if (start := each.get("start")) is not None]
    first = content.get("authoredOn") or content.get("dateAsserted") or next(iter(starts), None)
    if first is None:
        return UNDATED
    return span_between(first, max(ends) if ends and len(ends) == len(bounds) else None)


def _moment(value: object, *, as_end: bool = False) -> Moment:
    if not isinstance(value, str):
        return Moment(None, f"not a date or time: {str(value)[:40]}")
    return read_moment(value, as_end=as_end)
