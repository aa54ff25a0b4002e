"""The command that writes records in another format."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from il2kg.choices import Converted
from il2kg.commands.formats import input_format_option
from il2kg.commands.guideline import guideline_option
from il2kg.commands.maps import maps_option
from il2kg.commands.reporting import UNUSABLE, exit_unusable, report
from il2kg.commands.rules import usable_engine
from il2kg.errors import RecordError
from il2kg.read.sources.forms import Form
from il2kg.write.output import write_whole

if TYPE_CHECKING:
    from il2kg.statements import Patient


@click.command()
@click.argument("record", type=click.Path(path_type=Path))
@click.option("--to", "form", type=click.Choice(get_args(Converted)), required=True, help="The format to write.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write; by default standard output.")
@maps_option
@input_format_option
@guideline_option
def convert(
    record: Path,
    form: Converted,
    output: Path | None,
    maps: tuple[Path, ...],
    input_format: Form | None,
    guideline: Path | None,
) -> None:
    """Write a record as RDF (the patient graph) or as FHIR JSON, from which the same record is read."""
    from il2kg.write.documents import document

    engine = usable_engine(maps=maps, guideline=guideline)
    failures: list[str] = []
    patients = _noting(engine.patients(record, input_format), failures)
    chunks = document(patients, form, engine.reader.records.concepts, engine.tables)
    try:
        if output is None:
            sys.stdout.buffer.writelines(chunks)
        else:
            write_whole(output, chunks)
    except RecordError as error:
        exit_unusable(f"{record}: {error}")
    except OSError as error:
        if output is None:
            raise
        exit_unusable(f"{output}: {error.strerror}")
    for failure in failures:
        report(failure)
    sys.exit(UNUSABLE if failures else 0)


def _noting(patients: "Iterable[Patient]", failures: list[str]) -> "Iterator[Patient]":
    """The patients; of whose source a part cannot be used is noted."""
    for patient in patients:
        if patient.unusable is not None:
            failures.append(f"{patient.name}: {patient.unusable}")
        yield patient
