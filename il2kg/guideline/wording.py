"""Conditions in words, for people and for messages of shapes."""

from decimal import Decimal

from il2kg.guideline.conditions import (
    Again,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Ever,
    EverLasting,
    Lasting,
    Measured,
    Not,
    OnTreatment,
    OpenWithin,
    Present,
    RegimenFact,
    Statement,
    TreatedWith,
)
from il2kg.guideline.model import Guideline
from il2kg.guideline.plain_units import plain_unit
from il2kg.guideline.quantities import (
    HOURS_PER_DAY,
    Collected,
    Comparator,
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

_COMPARATORS = {
    Comparator.ABOVE: "above",
    Comparator.AT_LEAST: "at least",
    Comparator.BELOW: "below",
    Comparator.AT_MOST: "at most",
}
_SAID_IN_HOURS = 3  # days; people say 72 h
_ORDINALS = {3: "third"}


def plain_number(number: Decimal) -> str:
    """A number as people write it: no exponent, no superfluous zeros."""
    return f"{number.normalize():f}"


def plain_time(hours: Decimal) -> str:
    """A length of time in hours, or in days where it is several whole days."""
    days = hours / HOURS_PER_DAY
    return f"{plain_number(days)} days" if days == int(days) and days > _SAID_IN_HOURS else f"{plain_number(hours)} h"


def amount(number: Decimal, unit: str) -> str:
    """A number with its unit."""
    text = plain_unit(unit)
    return f"{plain_number(number)}{'' if text in ('', '%') or text.startswith('/') else ' '}{text}"


def _ordinal(number: int) -> str:
    return _ORDINALS.get(number, f"{number}th")


class Wording:
    """Puts the conditions of one guideline into words."""

    def __init__(self, guideline: Guideline) -> None:
        self._guideline = guideline
        self._phrases: dict[Condition, str] = {}

    def condition(self, condition: Condition) -> str:
        """A condition as a phrase."""
        if condition not in self._phrases:
            self._phrases[condition] = self._phrase(condition, nested=False)
        return self._phrases[condition]

    def _phrase(self, condition: Condition, *, nested: bool) -> str:
        match condition:
            case AllOf((Measured(measured), Compare(Latest(compared)) as comparison)) if measured == compared:
                return f"measured {self._comparison(comparison)}"
            case AllOf((Compare(InfusionDecrease(falling, hours)), Not(Compare(InfusionIncrease(rising))))) if (
                falling == rising
            ):
                return f"{self._label(falling)} of some drug lower, of none higher, than {plain_time(hours)} before"
            case AllOf(parts):
                return self._joined(self._spoken(parts), " and ", nested=nested)
            case AnyOf(parts):
                return self._joined(list(parts), " or ", nested=nested)
            case Not(Present(finding, shown)):
                return f"no {self._charted(finding, shown)}" if shown else f"{self._label(finding)} absent"
            case Not(Compare(InfusionIncrease(observable, hours), _, limit)) if limit == 0:
                return f"{self._label(observable)} not higher than {plain_time(hours)} before"
            case Not(RegimenFact(name)):
                return self._guideline.fact_phrase(name, denied=True)
            case Not(TreatedWith() | OnTreatment() | OpenWithin() as part):
                return f"no {self.statement(part)}"
            case Not(part):
                return f"not {self._phrase(part, nested=True)}"
            case Compare():
                return self._comparison(condition)
            case _:
                return self.statement(condition)

    def _spoken(self, parts: tuple[Condition, ...]) -> list[Condition]:
        """The parts of a conjunction that need words: what a comparison takes for granted needs none."""
        facts = self._guideline.facts
        return [p for p in parts if not (isinstance(p, RegimenFact) and facts[p.name].taken_for_granted)]

    def _joined(self, parts: list[Condition], word: str, *, nested: bool) -> str:
        text = word.join(self._phrase(part, nested=len(parts) > 1) for part in parts)
        return f"({text})" if nested and len(parts) > 1 else text

    def _comparison(self, comparison: Compare) -> str:
        match comparison.quantity:
            case Rise(observable) if comparison.limit == 0:
                return f"{self._label(observable)} rising"
            case InfusionIncrease(observable, hours) if comparison.limit == 0:
                return f"{self._label(observable)} higher than {plain_time(hours)} before"
            case InfusionDecrease(observable, hours) if comparison.limit == 0:
                return f"{self._label(observable)} lower than {plain_time(hours)} before"
            case Drop(observable) if comparison.limit == 0:
                return f"{self._label(observable)} at or below the cycle's baseline"
        subject, unit = self.quantity(comparison.quantity)
        return f"{subject} {_COMPARATORS[comparison.comparator]} {amount(comparison.limit, unit)}"

    def quantity(self, quantity: Quantity) -> tuple[str, str]:
        """A quantity in words, and its unit."""
        unit = self._guideline.observables[quantity.observable].unit
        label = self._label(quantity.observable)
        match quantity:
            case Latest() | RegimenCount():
                return label, unit
            case Collected(_, hours, earlier, per_hour):
                window = f"over {plain_time(hours)}"
                window += f" up to {plain_time(earlier)} earlier" if earlier else ""
                return f"{label.removesuffix(' over a period')} {window}", f"{unit}/h" if per_hour else unit
            case Gain():
                return f"gain of {label} over the cycle's baseline", "%"
            case Drop():
                return f"fall of {label} from the cycle's baseline", unit
            case Rise():
                return f"rise of {label}", unit
            case FallSinceHold():
                return f"fall of {label} since the hold began", unit
            case InfusionExtreme(_, hours, highest):
                return f"{'highest' if highest else 'lowest'} {label} in {plain_time(hours)}", unit
            case InfusionIncrease(_, hours):
                return f"rise of {label} in {plain_time(hours)}", unit
            case InfusionDecrease(_, hours):
                return f"fall of {label} in {plain_time(hours)}", unit
            case InARow(_, times):
                return f"{label}, each of the latest {times} results,", unit

    def statement(self, statement: Statement) -> str:
        """A statement as a phrase."""
        match statement:
            case Present(finding, shown):
                return self._charted(finding, shown)
            case Ever(finding, shown):
                return f"{self._charted(finding, shown)} at any time"
            case Lasting(finding, hours, shown):
                return f"{self._charted(finding, shown)} for {plain_time(hours)} or longer"
            case EverLasting(finding, hours, shown):
                return f"{self._charted(finding, shown)} at any time for longer than {plain_time(hours)}"
            case OpenWithin(finding, hours, shown):
                return f"{self._charted(finding, shown)} within {plain_time(hours)}"
            case Measured(observable):
                return f"{self._label(observable)} measured"
            case Again(condition):
                return self._recurrence(condition)
            case TreatedWith(treatment, hours):
                return f"{self._label(treatment)} within {plain_time(hours)}"
            case OnTreatment(treatment, hours):
                return f"{self._label(treatment)} for {plain_time(hours)} or longer"
            case RegimenFact(name):
                return self._guideline.fact_phrase(name)

    def _recurrence(self, condition: Condition, again: int = 1) -> str:
        """A condition that has come back, or, where that has come back itself, for which time it comes."""
        if isinstance(condition, Again):
            return self._recurrence(condition.condition, again + 1)
        without = f"after {self._guideline.event_of_holds} without it"
        if again == 1:
            return f"{self._phrase(condition, nested=True)} again, {without}"
        return f"{self._phrase(condition, nested=True)} for the {_ordinal(again + 1)} time, each {without}"

    def _charted(self, finding: str, shown: bool) -> str:
        """A finding; ``shown``: only as far as it was charted."""
        return f"charted {self._label(finding)}" if shown else self._label(finding)

    def _label(self, name: str) -> str:
        return self._guideline.labels[name]
