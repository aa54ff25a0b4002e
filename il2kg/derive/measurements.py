"""Measured quantities at each instant: latest values, baselines and what they rest on (semantics, sections 1 and 4)."""

from collections.abc import Sequence
from decimal import Decimal

from il2kg.derive.grounds import Ground
from il2kg.derive.instants import Instants
from il2kg.derive.results import Results, charted_results, result_columns
from il2kg.derive.timeline import span_of
from il2kg.guideline.lengths import HOURS_PER_DAY, plain_number, plain_time
from il2kg.record import MICROSECONDS_PER_HOUR, Measurement, SetAside


def window_of(at: Instants, observable: str) -> int:
    """How long a value of an observable speaks for the patient."""
    return span_of(at.guideline.observables[observable].window_hours or 0)


def silent_value(at: Instants, observable: str, *, silence: bool) -> float | None:
    """The value that silence stands for, if it stands for one."""
    value = at.guideline.observables[observable].by_exception
    return float(value) if value is not None and silence and at.by_exception else None


def latest(at: Instants, observable: str) -> Results:
    """The latest results of an observable in its window."""
    return result_columns(at.timeline, observable).latest(at.keys, window_of(at, observable))


def baseline(at: Instants, observable: str) -> Results:
    """The latest results at or before the instant from which changes are counted."""
    _, until = at.baseline_before()
    reach = span_of(at.guideline.conventions.baseline_days * HOURS_PER_DAY)
    return result_columns(at.timeline, observable).latest(until, reach, closed=True)


def set_aside(at: Instants, row: int, observable: str, after: int, until: int | None = None) -> list[SetAside]:
    """The values set aside that may lie after one key, and not after another (by default the instant)."""
    first, last = at.time(row, after), at.time(row, until)
    return [
        aside
        for aside in _of_patient(at, row, observable)
        if (aside.earliest is None or aside.earliest <= last) and (aside.latest is None or aside.latest > first)
    ]


def _of_patient(at: Instants, row: int, observable: str) -> list[SetAside]:
    patient = at.rows.patients[row]
    charted = charted_results(at.timeline, observable).set_aside
    # Set aside only for want of what charting by exception takes for granted.
    return [a for p, a in charted if p == patient and not (at.by_exception and a.by_exception is not None)]


def rivals(doubts: Sequence[SetAside], chosen: Sequence[Measurement]) -> list[SetAside]:
    """The values set aside that may be as late as, or later than, the first of those that are used."""
    return [a for a in doubts if not chosen or a.latest is None or a.latest >= chosen[0].time]


def change_since_baseline(at: Instants, observable: str, before: Results, now: Results, row: int) -> Ground:
    """What a change from the baseline rests on."""
    series, level = at.baseline_level
    words = series.series.level(level).label
    if not series.within(level)[row]:
        return Ground(missing=f"no {series.series.event} was given in the {words}")
    base, latest_values = before.measurements(row), now.measurements(row)
    first, since = int(before.until[row]), int(now.oldest[row]) - 1
    doubts = [
        *rivals(set_aside(at, row, observable, int(before.oldest[row]) - 1, first), base),
        *rivals(set_aside(at, row, observable, since), latest_values),
    ]
    if base:
        missing = f"not measured in {length(at.key(row) - since)}"
    else:
        days = plain_number(at.guideline.conventions.baseline_days)
        missing = f"no baseline in the {days} days before the {words}'s first {series.series.event}"
    return Ground(
        items=(*base, *latest_values),
        doubts=tuple(dict.fromkeys(doubts)),
        window=stretch(base, latest_values),
        missing=missing,
    )


def stretch(first: Sequence[Measurement], last: Sequence[Measurement]) -> tuple[int, int] | None:
    """The time between the first and the last of some measurements, where there are both."""
    return (first[0].time, last[0].time) if first and last else None


def length(span: int) -> str:
    """A length of time in words."""
    return plain_time(Decimal(span) / MICROSECONDS_PER_HOUR)
