"""When something was, as the versions of FHIR say it, and how far that can be trusted (semantics, sections 1 and 2)."""

from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from il2kg.read.elements import POINTS, REMEMBERED, SHOWN, Element, Shape, as_element, as_list, shape
from il2kg.read.times import Moment, read_moment

NO_TIME: Final = "no time that can be read"
NO_START: Final = "period without a start"
REVERSED: Final = "period ends before it starts"

_USUAL: Final = ("effectiveDateTime",)

Doubt = tuple[str, str]
"""A kind of problem, and its details."""


class Span(NamedTuple):
    """A time, or a period, as far as it can be read.

    ``start`` and ``end`` are None where they are not given or cannot be read. ``problems`` say what cannot be trusted
    of it; ``end_readable`` is False where an end is given that cannot be read. ``moment`` is when a measurement counts
    from: its time, the end of its period, or the later of two that are reversed.
    """

    start: Moment | None
    end: Moment | None
    period: bool = False
    problems: tuple[Doubt, ...] = ()
    end_readable: bool = True
    moment: Moment | None = None

    @property
    def reversed(self) -> bool:
        """Whether it ends before it starts, wherever its times lie."""
        return self.start is not None and self.end is not None and _before(self.end, self.start)

    @property
    def earliest(self) -> int | None:
        """The earliest instant at which it may have begun; None: any."""
        if self.start is None:
            return None
        return self.end.earliest if self.end is not None and self.reversed else self.start.earliest

    @property
    def latest_start(self) -> int | None:
        """The latest instant at which it may have begun; None: any."""
        start = self.start or self.end
        return None if start is None else start.latest

    @property
    def latest_end(self) -> int | None:
        """The latest instant at which it may have ended; None where that cannot be told."""
        return None if self.end is None or self.reversed else self.end.latest


UNDATED: Final = Span(None, None, problems=((NO_TIME, ""),))
_TWO_TIMES: Final = Span(None, None, problems=(("a time and a period that cannot both be", ""),))


def read_span(content: Element, zone: ZoneInfo | None, form: Shape | None = None) -> Span:
    """The time or period of a resource (of a known ``form``), under any of the names that versions of FHIR give it."""
    names = (form or shape(tuple(content))).times
    if names == _USUAL and isinstance(time := content[names[0]], str):
        return _point(time, zone)
    if len(names) != 1 or content[names[0]] is None:
        names = tuple(name for name in names if content[name] is not None)
        if len(names) != 1:
            return _TWO_TIMES if names else UNDATED
    time = content[names[0]]
    if names[0] in POINTS:
        return span_at(time, zone)
    if not isinstance(time, dict):
        return Span(None, None, problems=(("period of the wrong type", ""),))
    return span_between(time.get("start"), time.get("end"), zone)


def span_at(time: object, zone: ZoneInfo | None) -> Span:
    """The span of something that has one time."""
    if isinstance(time, str):
        return _point(time, zone)
    return Span(None, None, problems=(_no_time(time),))


@lru_cache(maxsize=REMEMBERED)
def _point(text: str, zone: ZoneInfo | None) -> Span:
    moment = read_moment(text, zone=zone)
    readable = _readable(moment)
    return Span(readable, None, False, _problems(moment), moment=readable)


def span_between(first: object, last: object, zone: ZoneInfo | None) -> Span:
    """The period between two FHIR dates or times, either of which may be missing."""
    if isinstance(first, str | None) and isinstance(last, str | None):
        return _period(first, last, zone)
    start, end = (each if isinstance(each, str | None) else "" for each in (first, last))
    known = _period(start or None, end or None, zone)
    wrong = tuple(_no_time(each) for each in (first, last) if not isinstance(each, str | None))
    kept = tuple(problem for problem in known.problems if problem[0] not in (NO_TIME, NO_START))
    return known._replace(period=True, problems=(*wrong, *kept), end_readable=isinstance(last, str | None))


@lru_cache(maxsize=REMEMBERED)
def instant(text: str, zone: ZoneInfo | None) -> int | None:
    """The instant that a date or time stands for, if nothing is wrong with it."""
    moment = read_moment(text, zone=zone)
    return moment.time if moment.problem is None else None


@lru_cache(maxsize=REMEMBERED)
def _period(first: str | None, last: str | None, zone: ZoneInfo | None) -> Span:
    if first is None and last is None:
        return UNDATED
    start = None if first is None else read_moment(first, zone=zone)
    end = None if last is None else read_moment(last, as_end=True, zone=zone)
    problems = tuple(dict.fromkeys((*_problems(start), *_problems(end))))
    if start is None:
        problems = (*problems, (NO_START, ""))
    span = Span(_readable(start), _readable(end), True, problems, end is None or end.time is not None)
    if span.reversed:
        return span._replace(problems=(*problems, (REVERSED, "")), moment=span.start)
    return span._replace(moment=span.end or span.start)


def ordered_span(content: Element, zone: ZoneInfo | None) -> Span:
    """When an order, or a statement without a time of its own, holds.

    From when it says that it is to begin, else from when it was written; until all of its instructions have ended.
    """
    whole = content.get("effectiveDosePeriod")
    instructions = as_list(content.get("dosageInstruction") or content.get("dosage"))
    periods = [as_element(whole)] if whole is not None else [_bounds(each) for each in instructions]
    starts = [start for period in periods if (start := period.get("start")) is not None]
    ends = [end for period in periods if isinstance(end := period.get("end"), str)]
    written = next((content[name] for name in _WRITTEN if content.get(name) is not None), None)
    first = min(starts, key=str) if starts and len(starts) == len(periods) else written
    if first is None:
        first = min(starts, key=str, default=None)
    last = max(ends, key=lambda end: read_moment(end, as_end=True, zone=zone).time or 0) if ends else None
    return span_between(first, last if len(ends) == len(periods) else None, zone)


_WRITTEN: Final = ("authoredOn", "dateAsserted", "dateWritten")


def _bounds(instruction: object) -> Element:
    return as_element(as_element(as_element(as_element(instruction).get("timing")).get("repeat")).get("boundsPeriod"))


def _before(end: Moment, start: Moment) -> bool:
    """Whether a time is before another wherever the two lie; two of one zone that is not known compare as written."""
    if end.time is None or start.time is None:
        return False
    if end.problem == start.problem:
        return end.time < start.time
    return end.latest is not None and start.earliest is not None and end.latest < start.earliest


def _readable(moment: Moment | None) -> Moment | None:
    return None if moment is None or moment.time is None else moment


def _problems(moment: Moment | None) -> tuple[Doubt, ...]:
    return () if moment is None or moment.problem is None else ((moment.problem, moment.detail),)


def _no_time(value: object) -> Doubt:
    return "not a date or time", str(value)[:SHOWN]
