"""Commands on the ontology: criteria, build, export."""

import sys
from typing import get_args

import click

from il2kg.choices import Exported
from il2kg.commands.reporting import exit_unusable
from il2kg.commands.rules import check_rules, rules_option, usable_engine
from il2kg.errors import Il2kgError
from il2kg.locations import content_root


@click.command()
@rules_option
def criteria(rules: tuple[str, ...]) -> None:
    """List the criteria with their limits and sources."""
    from il2kg.explain.as_table import criteria_table

    engine = usable_engine()
    check_rules(engine, rules)
    criteria_table(engine.guideline, rules)


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if something is stale.")
def build(check: bool) -> None:
    """Compile the ontology: shapes, unit conversions, criteria in words."""
    from il2kg.compile.build import compile_all
    from il2kg.guideline.load import load_guideline

    root = content_root()
    try:
        compiled = compile_all(load_guideline(root), root)
    except Il2kgError as error:
        exit_unusable(str(error))
    if check:
        stale = compiled.stale(root)
        for path in stale:
            click.echo(f"il2kg: {path} is stale; run `il2kg build`", err=True)
        sys.exit(1 if stale else 0)
    changed = compiled.write(root)
    for path in changed:
        click.echo(f"wrote {path}")
    click.echo(f"{len(compiled.files)} files are what the ontology says")


@click.command()
@click.option("--format", "form", type=click.Choice(get_args(Exported)), default="ttl", show_default=True)
@click.option("--reasoned", is_flag=True, help="Add what HermiT infers: subclass axioms and types.")
def export(form: Exported, reasoned: bool) -> None:
    """Write the whole graph to standard output, for other people's triple stores and Protégé."""
    from il2kg.knowledge.graph import load_graph
    from il2kg.knowledge.reasoner import inferred
    from il2kg.knowledge.serialisation import serialised

    try:
        graph = load_graph()
        if reasoned:
            graph.extend(inferred(graph))
    except Il2kgError as error:
        exit_unusable(str(error))
    sys.stdout.buffer.write(serialised(graph, form))
