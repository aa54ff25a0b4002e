"""Conditions in words, for people and for messages of shapes. How each form reads is said beside the form."""

from il2kg.guideline.conditions import Condition
from il2kg.guideline.model import Guideline
from il2kg.guideline.series import EventSeries, Fact, FactKind


class Wording:
    """Puts the conditions of one guideline into words."""

    def __init__(self, guideline: Guideline) -> None:
        self._guideline = guideline
        self._phrases: dict[Condition, str] = {}

    def condition(self, condition: Condition) -> str:
        """A condition as a phrase."""
        if condition not in self._phrases:
            self._phrases[condition] = self.phrase(condition)
        return self._phrases[condition]

    def phrase(self, condition: Condition, *, nested: bool = False) -> str:
        """A condition as a phrase; in brackets where it is ``nested`` and has several parts."""
        return condition.words(self, nested=nested)

    def label(self, concept: str) -> str:
        """What people call a concept."""
        return self._guideline.labels[concept]

    def unit(self, observable: str) -> str:
        """The unit (UCUM) of an observable."""
        return self._guideline.observables[observable].unit

    def fact(self, key: str, *, denied: bool = False) -> str:
        """A fact of an event series as a phrase, or that it is not so."""
        fact = self._guideline.facts[key]
        series = next(each for each in self._guideline.series if each.id == fact.series)
        level = None if fact.level is None else series.level(fact.level).label
        if fact.kind is FactKind.FIRST_OF:
            return f"the {series.event} is {'not ' if denied else ''}the first of its {level}"
        return f"{'not ' if denied else ''}{_phrase(fact, series, level)}"

    def event_between(self) -> str:
        """What people call that after which something comes back."""
        series = [each for each in self._guideline.series if each.holds_last_for is not None][:1]
        events = [each.event for each in series or self._guideline.series]
        return f"a {' or '.join(events)} given" if events else "a time"

    def baseline(self) -> str:
        """What people call the baseline that changes are counted from."""
        series = next(each for each in self._guideline.series if each.baseline_before is not None)
        return f"the {series.level(series.baseline_before or '').label}'s baseline"


def _phrase(fact: Fact, series: EventSeries, level: str | None) -> str:
    match fact.kind:
        case FactKind.WITHIN:
            return f"a {series.event} was given in the {level}"
        case FactKind.STARTS:
            places = [each.label for each in series.levels]
            wider = places[places.index(level or "") + 1 :]
            return f"the {series.event} starts a new {level}" + (f" of the {wider[0]}" if wider else "")
        case FactKind.PREVIOUS:
            return f"there was a {level} before"
        case _:
            return f"a {series.event} was given"
