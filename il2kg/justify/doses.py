"""Evidence of what is counted from the doses given."""

from il2kg.assessment import Evidence
from il2kg.derive.timeline import Keys
from il2kg.guideline.conditions import RegimenFact
from il2kg.guideline.quantities import RegimenCount
from il2kg.justify.look import Look, names
from il2kg.justify.readable import in_words, limits_of, value_of

_UNPLACED = "a dose that cannot be placed"


def counted(look: Look, quantity: RegimenCount) -> Evidence:
    """Doses, hours or days, with the doses that they are counted from."""
    unit = look.guideline.observables[quantity.observable].unit
    low, high = look.bounds(quantity)
    value, since = value_of(low, high), _since(look, quantity)
    doubts = look.doses_in_doubt
    if value is None:
        return Evidence(
            quantity.observable,
            None,
            unit,
            resources=names(doubts),
            because=look.because(doubts, _UNPLACED),
        )
    if since is None:
        return Evidence(quantity.observable, None, unit, because="no such dose was given")
    return Evidence(
        quantity.observable,
        value,
        unit,
        look.at,
        names([d for d in look.doses if d.time >= since]),
        written=in_words(low, high, unit, limits_of(look.guideline).get(quantity, ())),
        window=(since, look.at),
        because=look.because(doubts, _UNPLACED) if low != high else None,
    )


def in_doubt(look: Look, fact: RegimenFact) -> Evidence | None:
    """What leaves a fact of the regimen unknown, if it is."""
    if look.truth(fact) is not None:
        return None
    doubts = look.doses_in_doubt
    return Evidence(
        look.guideline.series[0].treatment,
        None,
        resources=names(doubts),
        quantity=look.wording.statement(fact),
        because=look.because(doubts, _UNPLACED),
    )


def _since(look: Look, quantity: RegimenCount) -> int | None:
    """The dose, or the discharge after it, that is counted from; None if there is none."""
    regimen = look.derived.regimen
    starts: dict[str, tuple[Keys, str]] = {
        "DosesInCycle": (regimen.cycle_first_key, "dose-in-cycle"),
        "DosesInCourse": (regimen.course_first_key, "dose-given"),
        "HoursSinceDose": (regimen.last_key, "dose-given"),
        "DaysInCycle": (regimen.cycle_first_key, "dose-in-cycle"),
        "DaysSinceCycle": (regimen.previous_cycle.latest, "previous-cycle"),
        "DaysSinceCourse": (regimen.previous_course.latest, "previous-course"),
    }
    keys, fact = starts[quantity.observable]
    return look.time_of(keys[look.row]) if look.truth(RegimenFact(fact)) else None
