"""What the criteria of a guideline ask of a record, and how that reads: worked out once for all records."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from il2kg.guideline.conditions import Compare, Condition, Measured, Statement, leaves
from il2kg.guideline.model import Guideline
from il2kg.guideline.quantities import Quantity
from il2kg.guideline.wording import Wording

Source = Quantity | Statement
"""What evidence is found of: a quantity that is compared, or a statement."""


class Asked(NamedTuple):
    """What a criterion asks for: in words, and the sources of its condition, and of that with its resume condition."""

    condition: str
    resume: str | None
    sources: tuple[Source, ...]
    sources_of_hold: tuple[Source, ...]


def sources_of(*conditions: Condition | None) -> tuple[Source, ...]:
    """What some conditions ask for, in order, each once."""
    found = [leaf for condition in conditions if condition is not None for leaf in leaves(condition)]
    # The comparison that a `Measured` goes with says what was measured.
    asked = (leaf.quantity if isinstance(leaf, Compare) else leaf for leaf in found if not isinstance(leaf, Measured))
    return tuple(dict.fromkeys(asked))


@lru_cache(maxsize=2)
def asked_by(guideline: Guideline, wording: Wording) -> Mapping[str, Asked]:
    """What each criterion asks for, by its id."""
    return {
        criterion.id: Asked(
            wording.condition(criterion.condition),
            None if criterion.resume is None else wording.condition(criterion.resume),
            sources_of(criterion.condition),
            sources_of(criterion.condition, criterion.resume),
        )
        for criterion in guideline.criteria
    }
