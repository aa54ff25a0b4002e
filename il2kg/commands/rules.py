"""What commands that need the rules share: the engine, and the option that chooses rule sets."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from il2kg.commands.reporting import exit_unusable
from il2kg.errors import Il2kgError

if TYPE_CHECKING:
    from il2kg.engine import Engine


class _RuleSets(click.ParamType[tuple[str, ...]]):
    name = "rule sets"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        return tuple(name.strip() for name in str(value).split(",") if name.strip())


rules_option = click.option(
    "--rules", type=_RuleSets(), default=(), help="Rule sets, separated by commas; by default all."
)


def usable_engine(zone: str | None = None, maps: tuple[Path, ...] = (), guideline: Path | None = None) -> "Engine":
    """The engine of a guideline, for a zone and maps; ends the program if the guideline, or a map, cannot be used."""
    from il2kg.bulk import load_engine

    try:
        return load_engine(zone, maps, guideline)
    except Il2kgError as error:
        exit_unusable(str(error))


def check_rules(engine: "Engine", rules: tuple[str, ...]) -> None:
    """End the program if a rule set is not known."""
    known = [rule_set.id for rule_set in engine.guideline.rule_sets]
    if unknown := [name for name in rules if name not in known]:
        exit_unusable(f"no such rule set: {', '.join(unknown)}; there are {', '.join(known)}")
