"""The evidence behind a criterion: what was derived of each thing that its conditions ask about, and from which items.

Nothing is looked up here: values say what they rest on.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Final

from il2kg.assessment.readable import charted_in_words, in_words, limits_of, value_of
from il2kg.assessment.result import Evidence
from il2kg.derive.findings import NOT_CHARTED
from il2kg.derive.grounds import Ground, names
from il2kg.forms.compare import Quantity
from il2kg.forms.statement import Statement
from il2kg.guideline.conditions import Asked, Condition, leaves
from il2kg.guideline.model import Guideline
from il2kg.guideline.wording import Wording
from il2kg.record import Measurement, Problem
from il2kg.rules.values import Values

_ASIDE: Final = "set aside"
_PROBLEMS: Final = 2


def sources_of(*conditions: Condition | None) -> tuple[Asked, ...]:
    """What some conditions ask for, in order, each once; before what has come back, what that asks for."""
    asked: list[Asked] = []
    for leaf in leaves(*conditions):
        if leaf.earlier is not None:
            asked += sources_of(leaf.earlier)
        if leaf.source is not None:
            asked.append(leaf.source)
    return tuple(dict.fromkeys(asked))


@dataclass(frozen=True)
class EvidenceOf:
    """The evidence in one row of derived values; each thing that several criteria ask for is told once.

    ``not_charted`` has what is told most often of all, and is the same of every record.
    """

    guideline: Guideline
    wording: Wording
    values: Values
    row: int
    not_charted: dict[Statement, tuple[Evidence, ...]] = field(default_factory=dict, repr=False)
    _told: dict[Asked, tuple[Evidence, ...]] = field(default_factory=dict, repr=False)

    def all(self, sources: Iterable[Asked]) -> tuple[Evidence, ...]:
        """The evidence of what some conditions ask for, in order, each once."""
        told = [evidence for source in sources for evidence in self._of(source)]
        if len({evidence.concept for evidence in told}) == len(told):
            return tuple(told)
        return tuple(dict.fromkeys(told))

    def _of(self, source: Asked) -> tuple[Evidence, ...]:
        told = self._told.get(source)
        if told is None:
            told = self._told[source] = self._tell(source)
        return told

    def _tell(self, source: Asked) -> tuple[Evidence, ...]:
        match source:
            case Statement():
                stated = self.values.stated(source)
                ground = stated.ground(self.row)
                if ground is not NOT_CHARTED:
                    return self._statement(source, stated.truths.at(self.row), ground)
                told = self.not_charted.get(source)
                if told is None:
                    told = self.not_charted[source] = self._statement(source, None, ground)
                return told
            case Quantity():
                return tuple(self._quantity(source))
            case _:
                raise TypeError(f"{source!r} is neither a statement nor a quantity")

    def beginning(self, sources: Iterable[Asked]) -> tuple[Evidence, ...]:
        """What is known of some conditions, as evidence of how a hold began that is on no longer by itself."""
        told = (each for each in self.all(sources) if each.value is not None)
        return tuple(replace(each, began=True) for each in told)

    # ---- statements

    def _statement(self, statement: Statement, truth: bool | None, ground: Ground) -> tuple[Evidence, ...]:
        if statement.granted and truth is not None and not ground.items:
            return ()
        concept = statement.asks_about(self.guideline)[-1]
        words = self.wording.condition(statement) if statement.says is None else statement.says or None
        if truth is None:
            because = self._because(ground, ground.missing)
            return (Evidence(concept, None, resources=ground.names, quantity=words, because=because),)
        return (
            Evidence(
                concept,
                truth,
                time=ground.time,
                resources=names(ground.items),
                quantity=words,
                written=ground.says,
                because=ground.note,
                granted=statement.granted,
            ),
        )

    # ---- quantities

    def _quantity(self, quantity: Quantity) -> Iterator[Evidence]:
        amount = self.values.amount(quantity)
        bounds, ground = amount.bounds, amount.ground(self.row)
        low, high = float(bounds.lowest_at_least[self.row]), float(bounds.highest_at_most[self.row])
        if ground.each_its_own:
            yield from self._results(quantity, ground, low, high)
        else:
            yield self._computed(quantity, ground, low, high)

    def _results(self, quantity: Quantity, ground: Ground, low: float, high: float) -> Iterator[Evidence]:
        """Values of which each is one: those of the latest instant, and what may be later."""
        name, unit = quantity.observable, quantity.unit(self.wording)
        for measurement in ground.results:
            yield self._result(measurement, unit, quantity)
        if ground.doubts:
            because = self._because(ground, _ASIDE)
            yield Evidence(name, None, unit, resources=names(ground.doubts), because=because)
        elif not ground.results:
            value = value_of(low, high)
            if value is None:
                yield Evidence(name, None, unit, window=ground.window, because=ground.missing)
            else:
                yield Evidence(name, value, unit, written=in_words(low, high, unit, ()), because=ground.note)

    def _result(self, measurement: Measurement, unit: str, quantity: Quantity) -> Evidence:
        low, high = measurement.low, measurement.high
        return Evidence(
            measurement.observable,
            value_of(low, high),
            unit,
            measurement.time,
            (measurement.item,),
            charted=measurement.written,
            written=charted_in_words(measurement.written, low, high, unit, self._limits(quantity)),
        )

    def _computed(self, quantity: Quantity, ground: Ground, low: float, high: float) -> Evidence:
        """A value that was computed, with the time and the items that it was computed from."""
        name, unit = quantity.observable, quantity.unit(self.wording)
        words = quantity.evidence_words(self.wording)
        said = words if words != self.guideline.labels[name] else None
        running = self.guideline.observables[name].infusion_of is not None
        value = None if ground.void or (running and low <= 0 and high == float("inf")) else value_of(low, high)
        if value is None:
            because = ground.missing if ground.void else self._because(ground, _ASIDE, ground.missing)
            resources = () if ground.void else ground.names
            quantity_words = said if quantity.of_events else words
            return Evidence(name, None, unit, None, resources, quantity_words, window=ground.window, because=because)
        note = self._because(ground, _ASIDE) if ground.doubts and low != high else ground.note
        return Evidence(
            name,
            value,
            unit,
            self.values.at.time(self.row) if ground.window is None else ground.window[1],
            names([*ground.items, *(ground.doubts if note else ())]),
            quantity=said,
            written=in_words(low, high, unit, self._limits(quantity)),
            window=ground.window,
            because=note,
        )

    def _limits(self, quantity: Quantity) -> Collection[Decimal]:
        return limits_of(self.guideline).get(quantity.limits_under, ())

    # ---- doubt

    def _because(self, ground: Ground, doubted: str, missing: str = "") -> str:
        """Why some items cannot be trusted, in the words of the first problems; else what is said of the doubt."""
        if not ground.doubts:
            return missing or doubted
        problems = [p.problem for entry in ground.doubts for p in self._problems.get(entry.item, ())]
        return "; ".join(list(dict.fromkeys(problems))[:_PROBLEMS]) or doubted

    @cached_property
    def _problems(self) -> Mapping[str, list[Problem]]:
        by_item: dict[str, list[Problem]] = defaultdict(list)
        for problem in self.values.at.record(self.row).problems:
            by_item[problem.item].append(problem)
        return by_item
