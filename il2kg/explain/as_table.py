"""The criteria as a table."""

from il2kg.guideline.model import Guideline
from il2kg.guideline.wording import Wording

_PLAIN_WIDTH = 160


def criteria_table(guideline: Guideline, rule_sets: tuple[str, ...]) -> None:
    """Print the criteria of some rule sets (all if none is named) with limits and sources."""
    from rich.console import Console
    from rich.table import Table

    wording = Wording(guideline)
    table = Table(show_lines=True)
    table.add_column("criterion", no_wrap=True)
    for heading in ("effect", "in force when", "until", "source"):
        table.add_column(heading)
    for criterion in guideline.criteria:
        if not rule_sets or criterion.rule_set in rule_sets:
            table.add_row(
                criterion.id,
                criterion.effect.value,
                wording.condition(criterion.condition),
                wording.condition(criterion.resume) if criterion.resume is not None else "",
                criterion.source,
            )
    console = Console()
    if not console.is_terminal:
        console = Console(width=_PLAIN_WIDTH)
    console.print(table)
