"""FHIR dates and times as instants.

Source: FHIR R4/R5 datatypes ``dateTime``, ``instant``; semantics, section 2 (no zone: UTC, as a problem; a date starts
at its first instant in UTC and, as the end of something, ends at its last).
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LATEST = datetime.max.replace(tzinfo=UTC)
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_FORM = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?", re.ASCII)


class Moment(NamedTuple):
    """An instant (microseconds since the epoch), and what is wrong with it, if anything."""

    time: int | None
    problem: str | None


def microseconds(moment: datetime) -> int:
    """Whole microseconds since the epoch of a zoned time."""
    return (moment - _EPOCH) // _MICROSECOND


def zulu(time: int) -> str:
    """An instant as ISO 8601 in UTC, ending in ``Z``."""
    return (_EPOCH + timedelta(microseconds=time)).isoformat().replace("+00:00", "Z")


@lru_cache(maxsize=65536)
def read_moment(text: str, *, as_end: bool = False) -> Moment:
    """Read a FHIR date or time. A date read ``as_end`` is its last instant, otherwise its first."""
    form = _FORM.fullmatch(text)
    if form is None:
        return Moment(None, f"not a date or time: {text[:40]!r}")
    year, month, day, zone = form.groups()
    try:
        if "T" in text:
            moment = datetime.fromisoformat(text)
            if zone is None:
                return Moment(microseconds(moment.replace(tzinfo=UTC)), "time without a zone")
            if not _EARLIEST <= moment <= _LATEST:
                return Moment(None, f"not a time in UTC: {text[:40]!r}")
            return Moment(microseconds(moment), None)
        first = datetime(int(year), int(month or 1), int(day or 1), tzinfo=UTC)
        if not as_end:
            return Moment(microseconds(first), None)
        if day:
            last = first + timedelta(days=1)
        elif month:
            last = (first + timedelta(days=31)).replace(day=1)
        else:
            last = first.replace(year=first.year + 1)
        return Moment(microseconds(last) - 1, None)
    except (ValueError, OverflowError):
        return Moment(None, f"not a date or time: {text[:40]!r}")
