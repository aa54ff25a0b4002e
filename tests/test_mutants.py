"""The cases tell each criterion from its slips: another comparator, a limit or a time beside it, a part left out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

import pytest

from il2kg.bulk import load_engine
from il2kg.engine import Engine, NamedRecord, Request
from il2kg.guideline.conditions import AllOf, AnyOf, Compare, Condition, Not, RegimenFact
from il2kg.guideline.model import Criterion
from il2kg.guideline.quantities import Comparator
from il2kg.guideline.wording import Wording
from tests.test_cases import CASES

_OTHER = {
    Comparator.ABOVE: Comparator.AT_LEAST,
    Comparator.AT_LEAST: Comparator.ABOVE,
    Comparator.BELOW: Comparator.AT_MOST,
    Comparator.AT_MOST: Comparator.BELOW,
}
_BESIDE = Decimal("1.02")
_MINUTES = Decimal(2) / 60

# No record tells a limit from one beside it where values are whole numbers or, of hours, early counts as on time.
STEPPED = {"StoolGuaiac", "EcogPerformanceStatus", "DosesInCycle", "DosesInCourse", "HoursSinceDose"}
# Its condition is what its resume condition denies: a shorter time lifts nothing that the condition does not start.
SELF_LIFTING = {"regimen-corticosteroid"}


@dataclass(frozen=True)
class Mutant:
    name: str
    criterion: Criterion


def _mutated(condition: Condition) -> Iterator[tuple[str, Condition]]:
    """Conditions that differ from this one in one place."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            # What the doses must be for a comparison to make sense, the comparison asks as well.
            for i, part in enumerate(parts):
                if isinstance(part, RegimenFact) and any(isinstance(other, Compare) for other in parts):
                    continue
                rest = parts[:i] + parts[i + 1 :]
                yield f"without {part}", type(condition)(rest) if len(rest) > 1 else rest[0]
                for name, other in _mutated(part):
                    yield name, type(condition)((*parts[:i], other, *parts[i + 1 :]))
        case Not(part):
            yield f"not not {part}", part
            for name, other in _mutated(part):
                yield name, Not(other)
        case Compare(quantity, comparator, limit):
            yield f"{condition} {_OTHER[comparator]}", replace(condition, comparator=_OTHER[comparator])
            if limit and quantity.observable not in STEPPED:
                for beside in (limit * _BESIDE, limit / _BESIDE):
                    yield f"{condition} {beside}", replace(condition, limit=beside)
        case _ if hasattr(condition, "hours"):
            for beside in (condition.hours + _MINUTES, condition.hours - _MINUTES):
                yield f"{condition} {beside}", replace(condition, hours=beside)


def _mutants(criterion: Criterion) -> Iterator[Mutant]:
    for name, condition in _mutated(criterion.condition):
        yield Mutant(name, replace(criterion, condition=condition))
    if criterion.resume is not None and criterion.id not in SELF_LIFTING:
        for name, condition in _mutated(criterion.resume):
            yield Mutant(f"resume: {name}", replace(criterion, resume=condition))


@cache
def _cases(criterion: str) -> list[tuple[bool, list[NamedRecord]]]:
    """The records of a criterion's cases, by charting policy."""
    paths = sorted((CASES / criterion).glob("*.json"))
    return [
        (by_exception, [r for p in paths if ("by-exception" in p.name) is by_exception for r in load_engine().read(p)])
        for by_exception in (False, True)
    ]


def _statuses(criterion: Criterion) -> list[str | None]:
    """What a criterion, alone in the guideline, comes to on its cases."""
    engine = load_engine()
    guideline = replace(engine.guideline, criteria=(criterion,))
    alone = Engine(guideline, "", engine.reader, Wording(guideline))
    found: list[str | None] = []
    for by_exception, records in _cases(criterion.id):
        request = Request(by_exception=by_exception, every_criterion=True, cross_check=False)
        found += [
            next((str(c.status) for c in assessment.criteria if c.id == criterion.id), None)
            for assessment in alone.assess(records, request)
        ]
    return found


@pytest.mark.parametrize("criterion", load_engine().guideline.criteria, ids=lambda c: c.id)
def test_no_slip_goes_unseen(criterion: Criterion) -> None:
    expected = _statuses(criterion)
    assert [mutant.name for mutant in _mutants(criterion) if _statuses(mutant.criterion) == expected] == []
