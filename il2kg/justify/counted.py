"""Evidence of what is counted from the events of a series."""

from il2kg.assessment import Evidence
from il2kg.derive.timeline import Keys, Truth
from il2kg.guideline.conditions import RegimenFact
from il2kg.guideline.quantities import RegimenCount
from il2kg.guideline.series import Count, CountKind
from il2kg.justify.look import Look, names
from il2kg.justify.readable import in_words, limits_of, value_of


def counted(look: Look, quantity: RegimenCount) -> Evidence:
    """Events, hours or days, with the events that they are counted from."""
    asked = look.guideline.observables[quantity.observable]
    assert asked.count is not None
    low, high = look.bounds(quantity)
    value, since = value_of(low, high), _since(look, asked.count)
    doubts = look.events_in_doubt(asked.count.series)
    unplaced = _unplaced(look, asked.count.series)
    if value is None:
        return Evidence(
            quantity.observable,
            None,
            asked.unit,
            resources=names(doubts),
            because=look.because(doubts, unplaced),
        )
    if since is None:
        event = look.derived.series[asked.count.series].series.event
        return Evidence(quantity.observable, None, asked.unit, because=f"no such {event} was given")
    return Evidence(
        quantity.observable,
        value,
        asked.unit,
        look.at,
        names([e for e in look.events(asked.count.series) if e.time >= since]),
        written=in_words(low, high, asked.unit, limits_of(look.guideline).get(quantity, ())),
        window=(since, look.at),
        because=look.because(doubts, unplaced) if low != high else None,
    )


def in_doubt(look: Look, fact: RegimenFact) -> Evidence | None:
    """What leaves a fact of a series unknown, if it is."""
    if look.truth(fact) is not None:
        return None
    series = look.guideline.facts[fact.name].series
    doubts = look.events_in_doubt(series)
    return Evidence(
        look.derived.series[series].series.treatment,
        None,
        resources=names(doubts),
        quantity=look.wording.statement(fact),
        because=look.because(doubts, _unplaced(look, series)),
    )


def _unplaced(look: Look, series: str) -> str:
    return f"a {look.derived.series[series].series.event} that cannot be placed"


def _since(look: Look, count: Count) -> int | None:
    """The event, or the discharge after it, that is counted from; None if there is none, or that is not known."""
    events = look.derived.series[count.series]
    keys: Keys
    exists: Truth
    if count.level is None:
        keys, exists = events.last_key, events.given
    elif count.kind is CountKind.SINCE_END:
        keys, exists = events.counted_from(count).latest, events.previous(count.level).some
    else:
        keys, exists = events.first_key(count.level), events.within(count.level)
        if count.kind is CountKind.EVENTS_IN and count.level != events.series.levels[0].id:
            # Of a wider level the events are told that are no longer counted, for they are why there are so few.
            exists = events.given
    known = bool(exists[look.row]) and not bool(events.doubtful[look.row])
    return look.time_of(keys[look.row]) if known else None
