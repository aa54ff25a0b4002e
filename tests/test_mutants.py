"""The cases tell each criterion from its slips: another comparator, limit, time or memory; a part left out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from il2kg.assessment.evaluation import evaluation
from il2kg.bulk import load_engine
from il2kg.derive.timeline import batches
from il2kg.engine import Engine
from il2kg.forms.again import Again
from il2kg.forms.collected import Collected
from il2kg.forms.compare import Comparator, Compare
from il2kg.forms.decreasing import InfusionDecrease
from il2kg.forms.ever import Ever
from il2kg.forms.ever_lasting import EverLasting
from il2kg.forms.extreme import InfusionExtreme
from il2kg.forms.increasing import InfusionIncrease
from il2kg.forms.lasting import Lasting
from il2kg.forms.next_event import SeriesFact
from il2kg.forms.on_treatment import OnTreatment
from il2kg.forms.open_within import OpenWithin
from il2kg.forms.present import Present
from il2kg.forms.treated_with import TreatedWith
from il2kg.guideline.conditions import AllOf, AnyOf, Condition, Not
from il2kg.guideline.decisions import Effect
from il2kg.guideline.model import Criterion, Guideline
from il2kg.record import Record
from tests.case_notation import Scope
from tests.case_tables import REQUEST, TABLES, cases_of, records_of

_OTHER = {
    Comparator.ABOVE: Comparator.AT_LEAST,
    Comparator.AT_LEAST: Comparator.ABOVE,
    Comparator.BELOW: Comparator.AT_MOST,
    Comparator.AT_MOST: Comparator.BELOW,
}
_BESIDE = Decimal("1.02")
_MINUTES = Decimal(2) / 60

# Of hours, early counts as on time, so that no record tells a limit from one beside it.
STEPPED = {"HoursSinceDose"}
# Its condition is what its resume condition denies: a shorter time lifts nothing that the condition does not start.
SELF_LIFTING = {"regimen-corticosteroid", "neutrophils-hold"}

_TURNED = {InfusionIncrease: InfusionDecrease, InfusionDecrease: InfusionIncrease}


@dataclass(frozen=True)
class Mutant:
    name: str
    criterion: Criterion


@dataclass(frozen=True, eq=False)
class Tables:
    """A guideline, and the folder of its cases."""

    engine: Engine
    folder: Path

    @property
    def guideline(self) -> Guideline:
        return self.engine.guideline


OWN = Tables(load_engine(), TABLES)


def _mutated(tables: Tables, condition: Condition) -> Iterator[tuple[str, Condition]]:
    """Conditions that differ from this one in one place."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            # What the doses must be for a comparison to make sense, the comparison asks as well.
            for i, part in enumerate(parts):
                if isinstance(part, SeriesFact) and any(isinstance(other, Compare) for other in parts):
                    continue
                rest = parts[:i] + parts[i + 1 :]
                yield f"without {part}", type(condition)(rest) if len(rest) > 1 else rest[0]
                for name, other in _mutated(tables, part):
                    yield name, type(condition)((*parts[:i], other, *parts[i + 1 :]))
        case Not(part):
            yield f"not not {part}", part
            yield from ((name, Not(other)) for name, other in _mutated(tables, part))
        case Again(part):
            yield f"once {part}", part
            yield from ((name, replace(condition, condition=other)) for name, other in _mutated(tables, part))
        case Compare():
            yield from _compared_otherwise(tables, condition)
        case _:
            yield from _stated_otherwise(condition)


def _compared_otherwise(tables: Tables, comparison: Compare) -> Iterator[tuple[str, Condition]]:
    """By the comparator, the limit, the direction of change, or the hours."""
    quantity, limit = comparison.quantity, comparison.limit
    other = _OTHER[comparison.comparator]
    yield f"{comparison} {other}", replace(comparison, comparator=other)
    # No record tells a limit from one beside it where values are whole numbers.
    whole = tables.guideline.observables[quantity.observable].unit.startswith("{")
    if limit and not whole and quantity.observable not in STEPPED:
        for beside in (limit * _BESIDE, limit / _BESIDE):
            yield f"{comparison} {beside}", replace(comparison, limit=beside)
    if isinstance(quantity, InfusionIncrease | InfusionDecrease):
        turned = _TURNED[type(quantity)](quantity.observable, quantity.hours)
        yield f"{comparison} turned round", replace(comparison, quantity=turned)
    if isinstance(quantity, Collected | InfusionExtreme | InfusionIncrease | InfusionDecrease):
        for hours in _hours_beside(quantity.hours):
            yield f"{comparison} over {hours}", replace(comparison, quantity=replace(quantity, hours=hours))


def _stated_otherwise(statement: Condition) -> Iterator[tuple[str, Condition]]:
    """By what silence means, or by the hours."""
    if isinstance(statement, Present | Ever | Lasting | EverLasting | OpenWithin) and statement.shown_only:
        yield f"{statement} not as shown", replace(statement, shown_only=False)
    if isinstance(statement, Lasting | EverLasting | OpenWithin | TreatedWith | OnTreatment):
        for hours in _hours_beside(statement.hours):
            yield f"{statement} {hours}", replace(statement, hours=hours)


def _hours_beside(hours: Decimal) -> tuple[Decimal, Decimal]:
    return hours + _MINUTES, hours - _MINUTES


def _shorter_lived(guideline: Guideline, effect: Effect) -> Effect:
    """An effect that stays for the next narrower level, or is in force only while its criterion is met."""
    levels = [level.id for series in guideline.series for level in series.levels]
    narrower = levels[: levels.index(effect.stays_for)] if effect.stays_for is not None else levels
    return replace(effect, for_good=False, stays_for=narrower[-1] if narrower else None)


def mutants(tables: Tables, criterion: Criterion) -> Iterator[Mutant]:
    """The slips of a criterion."""
    for name, condition in _mutated(tables, criterion.condition):
        yield Mutant(name, replace(criterion, condition=condition))
    if criterion.effect.remembers:
        yield Mutant("forgotten", replace(criterion, effect=_shorter_lived(tables.guideline, criterion.effect)))
    if criterion.resume is None:
        return
    yield Mutant("never resumed", replace(criterion, resume=None))
    if criterion.id not in SELF_LIFTING:
        for name, condition in _mutated(tables, criterion.resume):
            yield Mutant(f"resume: {name}", replace(criterion, resume=condition))


@cache
def _records(tables: Tables, criterion: str) -> list[tuple[bool, list[Record]]]:
    """The records of a criterion's cases, by charting policy."""
    (original,) = (c for c in tables.guideline.criteria if c.id == criterion)
    cases = cases_of(Scope(original, tables.guideline), tables.folder)
    records = [named.record for named in records_of(tables.engine, cases)]
    return [
        (policy, [record for case, record in zip(cases, records, strict=True) if case.by_exception is policy])
        for policy in (False, True)
    ]


def statuses(tables: Tables, criterion: Criterion) -> list[list[list[bool]]]:
    """What a criterion, alone in the guideline, comes to on its cases: where it is true, false and held."""
    guideline = replace(tables.guideline, criteria=(criterion,))
    found = []
    for by_exception, records in _records(tables, criterion.id):
        request = replace(REQUEST, by_exception=by_exception, cross_check=False)
        at = [REQUEST.at or 0] * len(records)
        for timeline in batches(guideline, records, at):
            columns = evaluation(timeline, request).statuses.columns[criterion.id]
            found.append([column.tolist() for column in columns])
    return found


def unseen(tables: Tables, criterion: Criterion) -> list[str]:
    """The slips that no case of a criterion tells from it."""
    expected = statuses(tables, criterion)
    return [each.name for each in mutants(tables, criterion) if statuses(tables, each.criterion) == expected]


@pytest.mark.parametrize("criterion", OWN.guideline.criteria, ids=lambda c: c.id)
def test_no_slip_goes_unseen(criterion: Criterion) -> None:
    assert unseen(OWN, criterion) == []
