"""Commands on the ontology: criteria, build, export."""

import sys
from pathlib import Path
from typing import get_args

import click

from il2kg.choices import Exported
from il2kg.commands.guideline import guideline_option, usable_folder
from il2kg.commands.reporting import exit_unusable
from il2kg.commands.rules import check_rules, rules_option, usable_engine
from il2kg.errors import Il2kgError


@click.command()
@rules_option
@guideline_option
def criteria(rules: tuple[str, ...], guideline: Path | None) -> None:
    """List the criteria with their limits and sources."""
    from il2kg.explain.as_table import criteria_table

    engine = usable_engine(guideline=guideline)
    check_rules(engine, rules)
    criteria_table(engine.guideline, rules)


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if something is stale.")
@guideline_option
def build(check: bool, guideline: Path | None) -> None:
    """Compile the ontology: shapes, unit conversions, criteria in words."""
    from il2kg.compile.build import compile_all
    from il2kg.loading import load_guideline

    folder = usable_folder(guideline)
    try:
        compiled = compile_all(load_guideline(folder))
    except Il2kgError as error:
        exit_unusable(str(error))
    if check:
        stale = compiled.stale()
        for path in stale:
            click.echo(f"il2kg: {path} is stale; run `il2kg build`", err=True)
        sys.exit(1 if stale else 0)
    changed = compiled.write()
    for path in changed:
        click.echo(f"wrote {path}")
    click.echo(f"{len(compiled.files)} files are what the ontology says")


@click.command()
@click.option("--format", "form", type=click.Choice(get_args(Exported)), default="ttl", show_default=True)
@click.option("--reasoned", is_flag=True, help="Add what HermiT infers: subclass axioms and types.")
@guideline_option
def export(form: Exported, reasoned: bool, guideline: Path | None) -> None:
    """Write the whole graph to standard output, for other people's triple stores and Protégé."""
    from il2kg.knowledge.reasoner import inferred
    from il2kg.knowledge.serialisation import serialised
    from il2kg.knowledge.store import load_graph

    try:
        graph = load_graph(usable_folder(guideline))
        if reasoned:
            graph.store.extend(inferred(graph.store))
    except Il2kgError as error:
        exit_unusable(str(error))
    sys.stdout.buffer.write(serialised(graph, form))
