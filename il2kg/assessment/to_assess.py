"""What to measure or chart next: whatever is unknown and could change the overall decision."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from il2kg.assessment.result import ToAssess
from il2kg.derive.timeline import Truth
from il2kg.guideline.conditions import Condition, Leaf, leaves
from il2kg.guideline.model import Criterion, Guideline
from il2kg.rules.decision import Range, RuleSetDecision
from il2kg.rules.values import Values


@dataclass(frozen=True)
class Unknowns:
    """For each criterion, the concepts that leave it unknown, each with the rows in which it does."""

    guideline: Guideline
    of_criterion: Mapping[str, tuple[tuple[str, Truth], ...]]

    @classmethod
    def of(cls, guideline: Guideline, values: Values) -> "Unknowns":
        """Those of all criteria."""
        return cls(guideline, {c.id: tuple(_unknown(c.condition, guideline, values)) for c in guideline.criteria})

    def concepts(self, criterion: str, row: int) -> frozenset[str]:
        """The concepts that leave a criterion unknown in a row."""
        return frozenset(concept for concept, rows in self.of_criterion[criterion] if rows[row])


def _unknown(
    condition: Condition, guideline: Guideline, values: Values, within: Truth | None = None
) -> Iterator[tuple[str, Truth]]:
    """The concepts of the unknown leaves of the unknown parts of a condition, with the rows in which they are that."""
    truths = values.truths(condition)
    unknown = ~(truths.true | truths.false)
    if within is not None:
        unknown &= within
    if not unknown.any():
        return
    for part in condition.parts:
        yield from _unknown(part, guideline, values, unknown)
    if not isinstance(condition, Leaf):
        return
    if condition.earlier is None:
        yield condition.asks_about(guideline)[0], unknown
        return
    yield from _unknown(condition.earlier, guideline, values, unknown)
    # True now, and what it was at some earlier event is not known.
    now = values.truths(condition.earlier)
    known = unknown & (now.true | now.false)
    yield from ((leaf.asks_about(guideline)[0], known) for leaf in leaves(condition.earlier))


def to_assess(
    guideline: Guideline, overall: Range, decisions: Iterable[RuleSetDecision], unknowns: Unknowns, row: int
) -> tuple[ToAssess, ...]:
    """The unknown concepts of the criteria that could change the overall decision.

    The criterion that needs the fewest concepts on top of those already listed comes first (the more severe first among
    equals), so that the shortest way to a settled decision stands at the top.
    """
    needs = {
        criterion.id: unknowns.concepts(criterion.id, row)
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
