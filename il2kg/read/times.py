"""FHIR dates and times as instants.

Source: FHIR R4/R5 datatypes ``date``, ``dateTime``, ``instant``; semantics, section 2. A clock time without a zone is
read in the zone that the caller gives; where there is none it stands for every instant that it is somewhere on Earth.
A date starts at its first instant and, as the end of something, ends at its last.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from il2kg.read.limits import REMEMBERED, SHOWN

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_EASTERNMOST, _WESTERNMOST = timedelta(hours=14), timedelta(hours=-12)
"""The clocks that are furthest ahead of and behind UTC."""

_FORM: Final = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:T(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.(?P<fraction>\d+))?)?"
    r"(?P<zone>Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00)?)?)?)?",
    re.ASCII,
)
_MICROSECOND_DIGITS: Final = 6
_LAST_SECOND, _LEAP_SECOND = 59, 60


class Moment(msgspec.Struct, frozen=True, gc=False):
    """An instant (microseconds since the epoch), and what is wrong with it, if anything.

    ``time`` is where it is placed; it lies somewhere from ``earliest`` to ``latest``, which differ for a clock time
    that stands for several instants. All are None where it cannot be read.
    """

    time: int | None
    earliest: int | None
    latest: int | None
    problem: str | None = None
    detail: str = ""


_LEAST, _GREATEST = ((moment.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND for moment in (datetime.min, datetime.max))
NO_ZONE: Final = "time without a zone"
TWO_READINGS: Final = "clock time that the change of clocks makes ambiguous"
UNREADABLE: Final = "not a date or time"


def microseconds(moment: datetime) -> int:
    """Whole microseconds since the epoch of a zoned time."""
    return (moment - _EPOCH) // _MICROSECOND


@lru_cache(maxsize=REMEMBERED)
def zulu(time: int) -> str:
    """An instant as ISO 8601 in UTC, ending in ``Z``."""
    return (_EPOCH + timedelta(microseconds=time)).isoformat().replace("+00:00", "Z")


@cache
def read_zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name, e.g. ``America/Chicago``.

    Raises:
        ValueError: there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no IANA time zone, such as Europe/Vienna") from error


@lru_cache(maxsize=REMEMBERED)
def read_moment(text: str, *, as_end: bool = False, zone: ZoneInfo | None = None) -> Moment:
    """Read a FHIR date or time.

    Args:
        text: as written, e.g. ``2026-03-02T08:00:00+01:00``, ``2026-03-02`` or ``2026``.
        as_end: read a date as its last instant, in place of its first.
        zone: in which to read clock times and dates without one.
    """
    form = _FORM.fullmatch(text)
    if form is None:
        return _unreadable(text)
    try:
        if form["hour"] is None:
            return _exact(_date(form, as_end, zone or UTC))
        return _time(form, zone)
    except (ValueError, OverflowError):
        return _unreadable(text)


def _date(form: re.Match[str], as_end: bool, zone: tzinfo) -> int:
    year, month, day = int(form["year"]), int(form["month"] or 1), int(form["day"] or 1)
    first = datetime(year, month, day, tzinfo=zone)
    if not as_end:
        return microseconds(first)
    try:
        if form["day"]:
            after = first + timedelta(days=1)
        elif form["month"]:
            after = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
        else:
            after = datetime(year + 1, 1, 1, tzinfo=zone)
    except (ValueError, OverflowError):
        return _GREATEST  # what some records write for an end that is open
    return microseconds(after) - 1


def _time(form: re.Match[str], zone: ZoneInfo | None) -> Moment:
    second = int(form["second"] or 0)
    leap = second == _LEAP_SECOND
    fraction = (form["fraction"] or "")[:_MICROSECOND_DIGITS].ljust(_MICROSECOND_DIGITS, "0")
    year, month, day, hour, minute = (int(form[name]) for name in ("year", "month", "day", "hour", "minute"))
    clock = datetime(year, month, day, hour, minute, _LAST_SECOND if leap else second, int(fraction))
    if leap:  # the second after 23:59:59 that some days have: UTC as computers know it goes on with the next minute
        clock = clock.replace(microsecond=0) + timedelta(seconds=1)
    written = form["zone"]
    if written is not None:
        return _exact(microseconds(clock.replace(tzinfo=_offset(written))))
    if zone is None:
        placed = clock.replace(tzinfo=UTC)
        earliest, latest = microseconds(placed - _EASTERNMOST), microseconds(placed - _WESTERNMOST)
        return Moment(microseconds(placed), earliest, latest, NO_ZONE, form[0])
    first, second_reading = sorted(microseconds(clock.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    if first == second_reading:
        return _exact(first)
    return Moment(first, first, second_reading, TWO_READINGS, f"{form[0]} in {zone.key}")


def _offset(written: str) -> tzinfo:
    if written == "Z":
        return UTC
    sign = -1 if written[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(written[1:3]), minutes=int(written[4:])))


def _exact(time: int) -> Moment:
    if not _LEAST <= time <= _GREATEST:
        raise OverflowError
    return Moment(time, time, time)


def _unreadable(text: str) -> Moment:
    return Moment(None, None, None, UNREADABLE, repr(text[:SHOWN]))
