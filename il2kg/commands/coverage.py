"""The command that says which codings of records were recognised."""

import sys
from pathlib import Path

import click

from il2kg.commands.formats import input_format_option
from il2kg.commands.guideline import guideline_option, usable_folder
from il2kg.commands.maps import maps_option
from il2kg.commands.moments import zone_option
from il2kg.commands.reporting import UNUSABLE, exit_unusable, report
from il2kg.errors import Il2kgError, RecordError
from il2kg.read.sources.forms import Form


@click.command()
@click.argument("records", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="RECORD...")
@maps_option
@zone_option
@input_format_option
@guideline_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sssom"]),
    default="text",
    show_default=True,
    help="sssom: a map to fill in, of the codes that were not recognised.",
)
def coverage(
    records: tuple[Path, ...],
    maps: tuple[Path, ...],
    zone: str | None,
    input_format: Form | None,
    guideline: Path | None,
    form: str,
) -> None:
    """Say which codings of records were recognised, and as what: files or folders as `assess` takes them."""
    from il2kg.explain.coverage import coverage_json, coverage_sssom, print_coverage
    from il2kg.loading import load_guideline
    from il2kg.read.code_maps import load_code_map
    from il2kg.read.coverage import Coverage
    from il2kg.read.patient_graph import Tables
    from il2kg.read.patient_reader import PatientReader
    from il2kg.read.sources.source import Formats, patients
    from il2kg.read.times import read_zone

    try:
        asked = load_guideline(usable_folder(guideline))
        code_map = load_code_map(maps, asked)
        own_zone = None if zone is None else read_zone(zone)
        formats = Formats(Tables.of(asked), input_format)
        reader = PatientReader.of(asked, zone=own_zone, code_map=code_map)
    except Il2kgError as error:
        exit_unusable(str(error))
    counted, failed = Coverage(asked), False
    for path in records:
        try:
            for patient in patients(path, formats):
                reader.record(patient, counted.met)
                if patient.unusable is not None:
                    report(f"{patient.name or path}: {patient.unusable}")
                    failed = True
        except RecordError as error:
            report(f"{path}: {error}")
            failed = True
    rows = counted.rows()
    if form == "json":
        click.echo(coverage_json(rows))
    elif form == "sssom":
        click.echo(coverage_sssom(rows, asked), nl=False)
    else:
        print_coverage(rows, asked.labels)
    sys.exit(UNUSABLE if failed else 0)
