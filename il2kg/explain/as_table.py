"""The criteria as a table."""

from il2kg.explain.table import print_table
from il2kg.guideline.model import Guideline
from il2kg.guideline.wording import Wording

_COLUMNS = ("criterion", "effect", "in force when", "until", "source")


def criteria_table(guideline: Guideline, rule_sets: tuple[str, ...]) -> None:
    """Print the criteria of some rule sets (all if none is named) with limits and sources."""
    wording = Wording(guideline)
    rows = [
        (
            criterion.id,
            criterion.effect.id,
            wording.condition(criterion.condition),
            wording.condition(criterion.resume) if criterion.resume is not None else "",
            criterion.source,
        )
        for criterion in guideline.criteria
        if not rule_sets or criterion.rule_set in rule_sets
    ]
    print_table("Criteria", _COLUMNS, rows)
