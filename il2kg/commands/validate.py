"""The command that holds a record to shapes: its items to those of sound ones, its derived values to the criteria."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

import click

from il2kg.choices import SEVERITIES, EngineName, Severity
from il2kg.commands.records import asked, record_argument, snapshots
from il2kg.commands.reporting import UNUSABLE, exit_unusable, report
from il2kg.commands.rules import usable_engine
from il2kg.errors import RecordError

if TYPE_CHECKING:
    from il2kg.engine import Engine
    from il2kg.request import Request
    from il2kg.validation.record_report import Report
    from il2kg.validation.shape_index import ShapeIndex
    from il2kg.vocabulary import Namespace

Shapes = Literal["record", "criteria", "all"]
Form = Literal["text", "turtle", "jsonld", "json"]


@click.command()
@record_argument
@asked
@click.option(
    "--shapes",
    type=click.Choice(get_args(Shapes)),
    default="record",
    show_default=True,
    help="What is held to shapes: the record's items, its derived values to the criteria, or both.",
)
@click.option(
    "--engine",
    "by",
    type=click.Choice(get_args(EngineName)),
    help="The SHACL engine; by default shacl for a record, and pyshacl for the criteria.",
)
@click.option(
    "--severity",
    "least",
    type=click.Choice(SEVERITIES),
    default="violation",
    show_default=True,
    help="The mildest result that keeps a record from conforming.",
)
@click.option("--format", "form", type=click.Choice(get_args(Form)), default="text", show_default=True)
def validate(
    record: Path, request: "Request", shapes: Shapes, by: EngineName | None, least: Severity, form: Form
) -> None:
    """Say what is wrong with a record, item by item. Exit code 0: it conforms; 1: it does not."""
    engine = usable_engine(request.zone, request.maps, request.guideline)
    conforms, usable = True, True
    if shapes != "criteria":
        conforms, usable = _items(engine, record, request, by or "shacl", least, form)
    if shapes != "record":
        conforms &= _criteria(engine, record, request, by or "pyshacl", form)
    sys.exit(UNUSABLE if not usable else 0 if conforms else 1)


def _items(
    engine: "Engine", path: Path, request: "Request", by: EngineName, least: Severity, form: Form
) -> tuple[bool, bool]:
    """Whether the record's items are sound, and whether all of it could be read."""
    from il2kg.write.validation import shape_index, validated

    try:
        outcome = validated(engine, path, by=by, least=least, form=request.form)
    except RecordError as error:
        exit_unusable(f"{path}: {error}")
    click.echo(_rendered(outcome, shape_index(engine), form, engine.guideline.names), nl=False)
    for message in outcome.unusable:
        report(message)
    return outcome.conforms, not outcome.unusable


def _criteria(engine: "Engine", path: Path, request: "Request", by: EngineName, form: Form) -> bool:
    """Whether no criterion is in force or unknown."""
    from il2kg.validation.pyshacl_report import report as validation_report
    from il2kg.validation.shape_index import ShapeIndex

    conforms = True
    for name, turtle in snapshots(engine, path, request).items():
        if by == "pyshacl" and form in ("text", "turtle"):
            result = validation_report(engine.shapes, turtle, focus=name)
            conforms &= result.conforms
            click.echo(result.turtle if form == "turtle" else result.text)
            continue
        outcome = _of_snapshot(engine.shapes, turtle, name, by)
        conforms &= outcome.conforms
        click.echo(_rendered(outcome, ShapeIndex.of(engine.shapes), form, engine.guideline.names), nl=False)
    return conforms


def _of_snapshot(shapes: str, turtle: str, name: str, by: EngineName) -> "Report":
    import pyoxigraph as ox

    from il2kg.validation.record_report import Report, Subject, results_of
    from il2kg.validation.shape_engines import run
    from il2kg.validation.shape_index import ShapeIndex

    triples = ox.serialize(ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES)
    assert triples is not None
    breaches = run(by, shapes, triples.decode())
    results = results_of(breaches, ShapeIndex.of(shapes), name, {name: Subject(name, name)}, {})
    return Report(name, tuple(results), "info")


def _rendered(outcome: "Report", index: "ShapeIndex", form: Form, names: "Namespace") -> str:
    from il2kg.explain.validation import as_json, as_rdf, as_text
    from il2kg.rdf.formats import RdfFormat

    match form:
        case "text":
            return as_text(outcome, names)
        case "json":
            return as_json(outcome)
        case "turtle":
            return as_rdf(outcome, index, RdfFormat.TURTLE, names)
        case "jsonld":
            return as_rdf(outcome, index, RdfFormat.JSON_LD, names).rstrip("\n") + "\n"
