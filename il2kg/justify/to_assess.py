"""What to measure or chart next: whatever is unknown and could change the overall decision."""

from collections.abc import Iterable, Iterator, Sequence

from il2kg.assessment import ToAssess
from il2kg.decide import Range, RuleSetDecision
from il2kg.derive.assessment import DerivedValues
from il2kg.evaluate.columns import compare
from il2kg.guideline.conditions import (
    Again,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Measured,
    Not,
    OnTreatment,
    RegimenFact,
    Statement,
    TreatedWith,
    leaves,
)
from il2kg.guideline.model import Criterion, Guideline


def to_assess(
    guideline: Guideline,
    overall: Range,
    decisions: Iterable[RuleSetDecision],
    derived: DerivedValues,
    row: int,
) -> tuple[ToAssess, ...]:
    """The unknown concepts of the criteria that could change the overall decision.

    The criterion that needs the fewest concepts on top of those already listed comes first (the more severe first among
    equals), so that the shortest way to a settled decision stands at the top.
    """
    needs = {
        criterion.id: frozenset(unknown_concepts(criterion.condition, guideline, derived, row))
        for decision in decisions
        if decision.applies
        for criterion in guideline.criteria_of(decision.rule_set.id)
        if criterion.id in decision.open and _could_change(criterion, decision, overall)
    }
    criteria = {criterion.id: criterion for criterion in guideline.criteria if criterion.id in needs}
    listed: dict[str, ToAssess] = {}
    settled: set[str] = set()
    while needs:
        chosen = min(needs, key=lambda name: (len(needs[name] - settled), -criteria[name].effect.decision.rank))
        system = criteria[chosen].organ_system
        # A finding settles those below it, so it stands before them.
        for concept in sorted(needs.pop(chosen), key=guideline.place):
            if concept not in listed:
                listed[concept] = ToAssess(concept, guideline.labels[concept], system)
                settled |= {concept, *_below(concept, guideline)}
    return tuple(listed.values())


def _below(name: str, guideline: Guideline) -> frozenset[str]:
    """The findings that the absence of a listed one settles."""
    return guideline.findings[name].descendants if name in guideline.findings else frozenset()


def _could_change(criterion: Criterion, decision: RuleSetDecision, overall: Range) -> bool:
    """Whether a criterion, by itself or as one of those that an escalation counts, asks for more than is decided."""
    if decision.bearing.at_most.rank <= overall.at_least.rank:
        return False
    if criterion.effect.decision.rank > overall.at_least.rank:
        return True
    escalation = decision.rule_set.escalation
    return (
        escalation is not None
        and criterion.effect.id == escalation.effect
        and decision.bearing.at_most.rank >= escalation.decision.rank > overall.at_least.rank
    )


def unknown_concepts(condition: Condition, guideline: Guideline, derived: DerivedValues, row: int) -> Iterator[str]:
    """The concepts of the unknown leaves of the unknown parts of a condition."""
    if _known(condition, derived, row):
        return
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from unknown_concepts(part, guideline, derived, row)
        case Not(part):
            yield from unknown_concepts(part, guideline, derived, row)
        case Again(inner) if not _known(inner, derived, row):
            yield from unknown_concepts(inner, guideline, derived, row)
        case Again(inner):
            # True now, and what it was at some earlier event is not known.
            for leaf in leaves(inner):
                yield _concept(leaf, guideline)
        case _:
            yield _concept(condition, guideline)


def _concept(leaf: Compare | Statement, guideline: Guideline) -> str:
    """What to measure or chart for a leaf."""
    match leaf:
        case Compare(quantity):
            count = guideline.observables[quantity.observable].count
            return quantity.observable if count is None else guideline.treatment_of(count.series)
        case RegimenFact(name):
            return guideline.treatment_of(guideline.facts[name].series)
        case TreatedWith(treatment) | OnTreatment(treatment):
            return treatment
        case Measured(observable):
            return observable
        case Again(inner):
            return _concept(next(leaves(inner)), guideline)
        case _:
            return leaf.finding


def _known(condition: Condition, derived: DerivedValues, row: int) -> bool:
    match condition:
        case AllOf(parts):
            return _all_known(parts, derived, row) or any(_is(part, derived, row) is False for part in parts)
        case AnyOf(parts):
            return _all_known(parts, derived, row) or any(_is(part, derived, row) is True for part in parts)
        case _:
            return _is(condition, derived, row) is not None


def _all_known(parts: Sequence[Condition], derived: DerivedValues, row: int) -> bool:
    return all(_known(part, derived, row) for part in parts)


def _is(condition: Condition, derived: DerivedValues, row: int) -> bool | None:
    """The truth of a condition in one row."""
    match condition:
        case AllOf(parts):
            found = [_is(part, derived, row) for part in parts]
            return False if False in found else None if None in found else True
        case AnyOf(parts):
            found = [_is(part, derived, row) for part in parts]
            return True if True in found else None if None in found else False
        case Not(part):
            inner = _is(part, derived, row)
            return None if inner is None else not inner
        case Compare():
            true, false = compare(condition, derived.quantity(condition.quantity))
        case _:
            true, false = derived.statement(condition)
    return True if true[row] else False if false[row] else None
