"""The option by which commands on records take maps of local codes."""

from pathlib import Path

import click

from il2kg.choices import MAP_VARIABLE

maps_option = click.option(
    "--map",
    "maps",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help=f"A map of local codes: SSSOM table or FHIR ConceptMap; may be repeated. {MAP_VARIABLE} names more.",
)
