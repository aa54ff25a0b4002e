"""Evidence of what was measured or infused: values, what is computed from them, and the items that they come from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby, takewhile
from typing import assert_never

from il2kg.assessment import Evidence
from il2kg.derive.timeline import span_of
from il2kg.guideline.quantities import (
    HOURS_PER_DAY,
    Collected,
    Drop,
    FallSinceHold,
    Gain,
    InARow,
    InfusionDecrease,
    InfusionExtreme,
    InfusionIncrease,
    Latest,
    Quantity,
    RegimenCount,
    Rise,
)
from il2kg.guideline.wording import plain_number, plain_time
from il2kg.justify.counted import counted
from il2kg.justify.look import Look, names
from il2kg.justify.readable import charted_in_words, in_words, limits_of, value_of
from il2kg.record import MICROSECONDS_PER_HOUR, Administration, Measurement, SetAside

_SILENT = "nothing charted, by exception"
_ASIDE = "set aside"


@dataclass(frozen=True)
class _Ground:
    """What a computed quantity comes from: the items, the time looked at, and why it is unknown where it is."""

    items: Sequence[Measurement | Administration]
    window: tuple[int, int] | None
    doubts: Sequence[SetAside | Administration]
    missing: str


def of_quantity(look: Look, quantity: Quantity) -> Iterator[Evidence]:
    """The evidence of a quantity that is compared."""
    if isinstance(quantity, RegimenCount):
        yield counted(look, quantity)
    elif isinstance(quantity, Latest) and look.guideline.observables[quantity.observable].infusion_of is None:
        yield from _latest(look, quantity)
    else:
        yield _computed(look, quantity)


def _latest(look: Look, quantity: Latest) -> Iterator[Evidence]:
    """The measurements at the latest instant of the window, and what was set aside and may be later."""
    name = quantity.observable
    unit, since = look.guideline.observables[name].unit, look.at - _window(look, name)
    limits = limits_of(look.guideline).get(Latest(name), ())
    dated = [m for m in look.measurements(name) if m.time > since]
    newest = dated[-1].time if dated else None
    doubts = [a for a in look.set_aside(name, since) if newest is None or a.latest is None or a.latest >= newest]
    if all(a.earliest == a.latest == newest for a in doubts):
        for measurement in (m for m in dated if m.time == newest):
            low, high = measurement.low, measurement.high
            yield Evidence(
                name,
                value_of(low, high),
                unit,
                measurement.time,
                (measurement.item,),
                charted=measurement.written,
                written=charted_in_words(measurement.written, low, high, unit, limits),
            )
    if doubts:
        yield Evidence(name, None, unit, resources=names(doubts), because=look.because(doubts, _ASIDE))
    elif not dated:
        yield _silent(look, quantity, unit, since)


def _silent(look: Look, quantity: Latest, unit: str, since: int) -> Evidence:
    """What it means that an observable was not measured: nothing, or a value by exception."""
    low, high = look.bounds(quantity)
    value = value_of(low, high)
    if value is not None:
        text = in_words(low, high, unit, ())
        return Evidence(quantity.observable, value, unit, written=text, because=_SILENT)
    missing = f"not measured in {_length(look.at - since)}"
    return Evidence(quantity.observable, None, unit, window=(since, look.at), because=missing)


def _computed(look: Look, quantity: Quantity) -> Evidence:
    """A computed quantity, with the time and the items that it was computed from."""
    plain = replace(quantity, earlier=Decimal(0)) if isinstance(quantity, Collected) else quantity
    words, unit = look.wording.quantity(plain)
    ground = _ground(look, quantity)
    low, high = look.bounds(quantity)
    running = look.guideline.observables[quantity.observable].infusion_of is not None
    value = None if running and low <= 0 and high == float("inf") else value_of(low, high)
    if value is None:
        return Evidence(
            quantity.observable,
            None,
            unit,
            resources=names(ground.doubts),
            quantity=words,
            window=ground.window,
            because=look.because(ground.doubts, _ASIDE) if ground.doubts else ground.missing,
        )
    because = None
    if ground.doubts and low != high:
        because = look.because(ground.doubts, _ASIDE)
    elif isinstance(quantity, InARow) and low != high:
        because = ground.missing
    elif isinstance(quantity, Collected) and not ground.items:
        because = _SILENT
    return Evidence(
        quantity.observable,
        value,
        unit,
        ground.window[1] if ground.window is not None else look.at,
        names([*ground.items, *(ground.doubts if because else ())]),
        quantity=words if words != look.guideline.labels[quantity.observable] else None,
        written=in_words(low, high, unit, limits_of(look.guideline).get(_plain(quantity), ())),
        window=ground.window,
        because=because,
    )


def _plain(quantity: Quantity) -> Quantity:
    """The quantity whose limits are those of this one."""
    return Latest(quantity.observable) if isinstance(quantity, Latest | InARow) else quantity


def _ground(look: Look, quantity: Quantity) -> _Ground:
    match quantity:
        case Collected():
            return _collected(look, quantity)
        case Gain(observable) | Drop(observable):
            return _since_baseline(look, observable)
        case Rise(observable):
            return _rise(look, observable)
        case FallSinceHold():
            return _fall(look, quantity)
        case InARow():
            return _in_a_row(look, quantity)
        case InfusionExtreme(observable, hours) | InfusionIncrease(observable, hours):
            return _infused(look, observable, span_of(hours))
        case InfusionDecrease(observable, hours):
            return _infused(look, observable, span_of(hours))
        case Latest(observable):
            return _infused(look, observable, None)
        case RegimenCount():
            raise AssertionError("events are counted elsewhere")
        case _:
            assert_never(quantity)


def _collected(look: Look, quantity: Collected) -> _Ground:
    end = look.at - span_of(quantity.earlier)
    start = end - span_of(quantity.hours)
    items = [
        m
        for m in look.measurements(quantity.observable)
        if m.start is not None and m.time > start and m.start < end and m.start < m.time
    ]
    covered, reached = 0, start
    for low, high in sorted((max(m.start or start, start), min(m.time, end)) for m in items):
        covered += max(high - max(low, reached), 0)
        reached = max(reached, high)
    missing = f"charted for {_hours(covered)} of {plain_time(quantity.hours)}" if items else "none charted"
    return _Ground(items, (start, end), look.set_aside(quantity.observable, start), missing)


def _since_baseline(look: Look, observable: str) -> _Ground:
    level = look.guideline.baseline_before
    assert level is not None, "a change from a baseline is refused where no series has one"
    series = look.guideline.series_of(level)
    events, event, name = look.derived.series[series.id], series.event, series.level(level).label
    if not events.within(level)[look.row]:
        return _Ground((), None, (), f"no {event} was given in the {name}")
    first = look.time_of(events.first_key(level)[look.row])
    days = look.guideline.conventions.baseline_days
    reach = first - span_of(days * HOURS_PER_DAY)
    base = _at_latest([m for m in look.measurements(observable) if reach <= m.time <= first])
    since = look.at - _window(look, observable)
    now = _at_latest([m for m in look.measurements(observable) if m.time > since])
    doubts = [
        *(a for a in look.set_aside(observable, reach - 1, first) if _rivals(a, base)),
        *(a for a in look.set_aside(observable, since) if _rivals(a, now)),
    ]
    if not base:
        missing = f"no baseline in the {plain_number(days)} days before the {name}'s first {event}"
    else:
        missing = f"not measured in {_length(look.at - since)}"
    return _Ground([*base, *now], _stretch(base, now), list(dict.fromkeys(doubts)), missing)


def _rise(look: Look, observable: str) -> _Ground:
    results = _results(look, observable)
    since = look.at - _window(look, observable)
    reach = span_of(look.guideline.conventions.change_hours)
    now = results[-1] if results and results[-1][0].time > since else []
    before = results[-2] if now and len(results) > 1 and now[0].time - results[-2][0].time <= reach else []
    doubts = [a for a in look.set_aside(observable, since - reach) if _rivals(a, before)]
    return _Ground([*before, *now], _stretch(before, now), doubts, "fewer than two values")


def _fall(look: Look, quantity: FallSinceHold) -> _Ground:
    hold = look.derived.holds.get(quantity.criterion)
    if hold is None or not hold.held[look.row]:
        return _Ground((), None, (), "no hold is on")
    began, since = look.time_of(hold.began[look.row]), look.at - _window(look, quantity.observable)
    found = look.measurements(quantity.observable)
    in_force = _at_latest([m for m in found if began - _window(look, quantity.observable) < m.time <= began])
    items = [*in_force, *(m for m in found if m.time > began)]
    doubts = look.set_aside(quantity.observable, min(began, since))
    return _Ground(items, (began, look.at), doubts, "not measured since the hold began")


def _in_a_row(look: Look, quantity: InARow) -> _Ground:
    since = look.at - span_of(look.guideline.conventions.repeat_hours)
    results = list(takewhile(lambda r: r[0].time > since, reversed(_results(look, quantity.observable))))
    items = [m for result in reversed(results[: quantity.times]) for m in result]
    doubts = [a for a in look.set_aside(quantity.observable, since) if _rivals(a, items)]
    count = f"{len(results)} of {quantity.times} results in {_length(look.at - since)}"
    return _Ground(items, (items[0].time, items[-1].time) if items else None, doubts, count)


def _infused(look: Look, observable: str, span: int | None) -> _Ground:
    """The infusions behind a rate: those that run now or, over a span, did at some time of it."""
    treatment = look.guideline.observables[observable].infusion_of
    assert treatment is not None
    hold = span_of(look.guideline.conventions.charted_rate_hours)
    since = look.at - (span or 0)

    def runs(given: Administration) -> bool:
        if given.end_latest is None:
            return True
        charted_once = given.start_earliest == given.end_latest
        return given.end_latest + (hold if charted_once else 0) >= since

    found = sorted(filter(runs, look.administrations(treatment)), key=lambda a: a.start_latest or look.at)
    doubts = [a for a in found if a.treatment is None or not a.placed or a.rate_low != a.rate_high or a.rate_unit]
    window = None if span is None else (since, look.at)
    return _Ground([a for a in found if a not in doubts], window, doubts, "the rate is not known")


def _results(look: Look, observable: str) -> list[list[Measurement]]:
    """The measurements of each instant, in order."""
    return [list(group) for _, group in groupby(look.measurements(observable), key=lambda m: m.time)]


def _at_latest(found: Sequence[Measurement]) -> list[Measurement]:
    return [m for m in found if m.time == found[-1].time]


def _rivals(aside: SetAside, chosen: Sequence[Measurement]) -> bool:
    """Whether what was set aside may be as late as, or later than, the first of the values that are used."""
    return not chosen or aside.latest is None or aside.latest >= chosen[0].time


def _stretch(first: Sequence[Measurement], last: Sequence[Measurement]) -> tuple[int, int] | None:
    return (first[0].time, last[0].time) if first and last else None


def _window(look: Look, observable: str) -> int:
    return span_of(look.guideline.observables[observable].window_hours or 0)


def _length(span: int) -> str:
    return plain_time(Decimal(span) / MICROSECONDS_PER_HOUR)


def _hours(span: int) -> str:
    return plain_number(round(Decimal(span) / MICROSECONDS_PER_HOUR, 1))
