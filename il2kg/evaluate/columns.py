"""Conditions over columns of instants, in Kleene's three values."""

import numpy as np

from il2kg.derive.assessment import DerivedValues
from il2kg.derive.bounds import Bounds
from il2kg.derive.timeline import Truth
from il2kg.guideline.conditions import AllOf, AnyOf, Compare, Condition, Not
from il2kg.guideline.quantities import Comparator


def evaluate(condition: Condition, derived: DerivedValues) -> tuple[Truth, Truth]:
    """Where a condition is true, and where it is false; it is unknown elsewhere."""
    match condition:
        case AllOf(parts):
            found = [evaluate(part, derived) for part in parts]
            return np.logical_and.reduce([t for t, _ in found]), np.logical_or.reduce([f for _, f in found])
        case AnyOf(parts):
            found = [evaluate(part, derived) for part in parts]
            return np.logical_or.reduce([t for t, _ in found]), np.logical_and.reduce([f for _, f in found])
        case Not(part):
            true, false = evaluate(part, derived)
            return false, true
        case Compare():
            return compare(condition, derived.quantity(condition.quantity))
        case _:
            return derived.statement(condition)


def compare(comparison: Compare, bounds: Bounds) -> tuple[Truth, Truth]:
    """Where a comparison holds, and where it fails.

    In a condition some value must satisfy it, so the value nearest to satisfying decides; in a resume condition every
    value must, so the value farthest from it decides.
    """
    limit = float(comparison.limit)
    upward = comparison.comparator in (Comparator.ABOVE, Comparator.AT_LEAST)
    if upward != comparison.every:
        at_least, at_most = bounds.highest_at_least, bounds.highest_at_most
    else:
        at_least, at_most = bounds.lowest_at_least, bounds.lowest_at_most
    match comparison.comparator:
        case Comparator.ABOVE:
            return at_least > limit, at_most <= limit
        case Comparator.AT_LEAST:
            return at_least >= limit, at_most < limit
        case Comparator.BELOW:
            return at_most < limit, at_least >= limit
        case Comparator.AT_MOST:
            return at_most <= limit, at_least > limit
