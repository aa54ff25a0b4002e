"""When something was, and how far that can be trusted (semantics, sections 1 and 2)."""

from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from il2kg.read.limits import REMEMBERED
from il2kg.read.times import Moment, read_moment
from il2kg.statements import Doubt, When

NO_TIME: Final = "no time that can be read"
NO_START: Final = "period without a start"
REVERSED: Final = "period ends before it starts"


class Span(msgspec.Struct, frozen=True, gc=False):
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


@lru_cache(maxsize=REMEMBERED)
def span_of(when: When, zone: ZoneInfo | None) -> Span:
    """When something was, as far as it can be read, with clock times without a zone in the one that is given."""
    if not when.flaws:
        return _period(when.start, when.end, zone) if when.period else _point(when.start, zone)
    known = _period(when.start or None, when.end or None, zone) if when.period else UNDATED
    kept = tuple(problem for problem in known.problems if problem[0] not in (NO_TIME, NO_START))
    return replace(known, period=when.period, problems=(*when.flaws, *kept), end_readable=when.end != "")


def _point(text: str | None, zone: ZoneInfo | None) -> Span:
    if text is None:
        return UNDATED
    moment = read_moment(text, zone=zone)
    readable = _readable(moment)
    return Span(readable, None, False, _problems(moment), moment=readable)


def span_between(first: str | None, last: str | None, zone: ZoneInfo | None) -> Span:
    """The period between two dates or times, either of which may be missing."""
    return span_of(When(first, last, period=True), zone)


@lru_cache(maxsize=REMEMBERED)
def instant(text: str, zone: ZoneInfo | None) -> int | None:
    """The instant that a date or time stands for, if nothing is wrong with it."""
    moment = read_moment(text, zone=zone)
    return moment.time if moment.problem is None else None


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
        return replace(span, problems=(*problems, (REVERSED, "")), moment=span.start)
    return replace(span, moment=span.end or span.start)


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
