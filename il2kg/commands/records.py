"""Commands on patients' records: assess, snapshot."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from il2kg.choices import Written
from il2kg.commands.formats import input_format_option
from il2kg.commands.guideline import guideline_option
from il2kg.commands.maps import maps_option
from il2kg.commands.moments import instant_options, instants, zone_option
from il2kg.commands.reporting import UNUSABLE, exit_unusable, report
from il2kg.commands.rules import check_rules, rules_option, usable_engine
from il2kg.errors import RecordError
from il2kg.read.sources.forms import Form

if TYPE_CHECKING:
    from il2kg.engine import Engine
    from il2kg.request import Request

_MANY = 20
_WIDTH = 80

_charting = click.option(
    "--charting",
    type=click.Choice(["explicit", "by-exception"]),
    default="explicit",
    show_default=True,
    help="What silence about a finding means: unknown, or absent.",
)
record_argument = click.argument("record", type=click.Path(path_type=Path))


def asked(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say what is asked of a record; the command is called with them as ``request``."""

    @wraps(command)
    def called(
        *,
        at: str | None,
        given: str | None,
        zone: str | None,
        maps: tuple[Path, ...],
        charting: str,
        input_format: Form | None,
        guideline: Path | None,
        **more: Any,
    ) -> None:
        from il2kg.request import Request

        by_exception = charting == "by-exception"
        request = Request(
            *instants(at, given, zone), by_exception, zone=zone, maps=maps, form=input_format, guideline=guideline
        )
        command(request=request, **more)

    for option in (guideline_option, input_format_option, maps_option, _charting, instant_options, zone_option):
        called = option(called)
    return called


@click.command()
@click.argument("records", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="RECORD...")
@asked
@rules_option
@click.option("--format", "form", type=click.Choice(get_args(Written)), default="text", show_default=True)
@click.option("--all", "everything", is_flag=True, help="Also report the criteria that are not met.")
def assess(
    records: tuple[Path, ...], request: "Request", rules: tuple[str, ...], form: Written, everything: bool
) -> None:
    """Assess patients' records: files or folders of FHIR JSON, FHIR RDF or the patient graph, gzipped too."""
    from il2kg.bulk import assess_files

    check_rules(usable_engine(request.zone, request.maps, request.guideline), rules)
    # A record on its own is checked with both evaluators.
    request = replace(request, rule_sets=rules, every_criterion=everything, cross_check=len(records) == 1)
    failed = False
    separator = "=" * _WIDTH + "\n\n" if form == "text" else ""
    written = 0
    with _progress(len(records)) as advance:
        for portion in assess_files(records, request, form):
            for rendered in portion.rendered:
                click.echo((separator if written else "") + rendered, nl=form in ("json", "jsonld"))
                written += 1
            for failure in portion.failures:
                report(failure)
                failed = True
            advance(portion.files)
    sys.exit(UNUSABLE if failed else 0)


@click.command()
@record_argument
@asked
def snapshot(record: Path, request: "Request") -> None:
    """Print the derived values of a record as Turtle, for any SHACL engine with shapes/criteria/."""
    for turtle in snapshots(usable_engine(request.zone, request.maps, request.guideline), record, request).values():
        click.echo(turtle)


def snapshots(engine: "Engine", path: Path, request: "Request") -> dict[str, str]:
    """The snapshots of a file, one a patient, by the IRI of the assessment; ends the program if any cannot be had."""
    from il2kg.assessment.evaluation import ASSESSMENT_IRI

    subject = str(path)
    by_iri = {}
    try:
        records = list(engine.read(path, request.form))
        for number, named in enumerate(records):
            subject = named.name
            iri = ASSESSMENT_IRI if len(records) == 1 else f"{ASSESSMENT_IRI}:{number}"
            by_iri[iri] = engine.snapshot(named, request, iri)
    except RecordError as error:
        exit_unusable(f"{subject}: {error}")
    return by_iri


@contextmanager
def _progress(length: int) -> Iterator[Callable[[int], None]]:
    """How to say that some more files are done: to a bar on standard error where a person may be watching."""
    if length < _MANY or not sys.stderr.isatty():
        yield lambda files: None
        return
    with click.progressbar(length=length, label="Assessing", file=sys.stderr) as bar:
        yield bar.update
