"""The command line: parses arguments, calls the engine, prints, and sets exit codes.

Exit codes: 0 done; 1 (validate, build --check) the answer is no; 2 input that cannot be used.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click

from il2kg.bulk import Form, assess_files, load_engine
from il2kg.engine import ASSESSMENT_IRI, Engine, Request
from il2kg.errors import Il2kgError, RecordError
from il2kg.locations import content_root
from il2kg.read.times import read_moment

_UNUSABLE = 2
_MANY = 20
_WIDTH = 80
_CHARTING = click.Choice(["explicit", "by-exception"])


class _Instant(click.ParamType[int]):
    name = "instant"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        moment = read_moment(str(value))
        if moment.time is None or moment.problem is not None:
            self.fail(f"{value!r}: {moment.problem}; write it like 2026-03-03T16:00:00Z", param, ctx)
        return moment.time


class _RuleSets(click.ParamType[tuple[str, ...]]):
    name = "rule sets"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        return tuple(name.strip() for name in str(value).split(",") if name.strip())


_at = click.option("--at", type=_Instant(), help="The instant to assess; by default the latest time in the record.")
_charting = click.option(
    "--charting",
    type=_CHARTING,
    default="explicit",
    show_default=True,
    help="What silence about a finding means: unknown, or absent.",
)
_rules = click.option("--rules", type=_RuleSets(), default=(), help="Rule sets, separated by commas; by default all.")
_record = click.argument("record", type=click.Path(path_type=Path))


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="il2kg")
def main() -> None:
    """What the guideline for high-dose interleukin-2 says of the next dose.

    It supports decisions and makes none.
    """


@main.command()
@click.argument("records", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="RECORD...")
@_at
@_rules
@_charting
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--all", "everything", is_flag=True, help="Also report the criteria that are not met.")
def assess(
    records: tuple[Path, ...], at: int | None, rules: tuple[str, ...], charting: str, form: Form, everything: bool
) -> None:
    """Assess patients' records: FHIR JSON (Bundle, resource or NDJSON, gzipped too)."""
    _check_rules(_engine(), rules)
    # A record on its own is checked with both evaluators.
    request = Request(at, charting == "by-exception", rules, everything, cross_check=len(records) == 1)
    failed = False
    separator = "=" * _WIDTH + "\n\n" if form == "text" else ""
    written = 0
    with _progress(len(records)) as advance:
        for portion in assess_files(records, request, form):
            for rendered in portion.rendered:
                click.echo((separator if written else "") + rendered, nl=form == "json")
                written += 1
            for failure in portion.failures:
                _report(failure)
                failed = True
            advance(portion.files)
    sys.exit(_UNUSABLE if failed else 0)


@main.command()
@_record
@_at
@_charting
def snapshot(record: Path, at: int | None, charting: str) -> None:
    """Print the derived values of a record as Turtle, for any SHACL engine with shapes/criteria/."""
    for turtle in _snapshots(_engine(), record, Request(at, charting == "by-exception")).values():
        click.echo(turtle)


@main.command()
@_record
@_at
@_charting
@click.option("--format", "form", type=click.Choice(["text", "turtle"]), default="text", show_default=True)
def validate(record: Path, at: int | None, charting: str, form: str) -> None:
    """Validate a record's snapshot with pySHACL. Exit code 0: nothing in force or unknown; 1: something."""
    from il2kg.evaluate.pyshacl_report import report

    engine = _engine()
    conforms = True
    for name, turtle in _snapshots(engine, record, Request(at, charting == "by-exception")).items():
        result = report(engine.shapes, turtle, focus=name)
        conforms &= result.conforms
        click.echo(result.turtle if form == "turtle" else result.text)
    sys.exit(0 if conforms else 1)


@main.command()
@_rules
def criteria(rules: tuple[str, ...]) -> None:
    """List the criteria with their limits and sources."""
    from il2kg.explain.as_table import criteria_table

    engine = _engine()
    _check_rules(engine, rules)
    criteria_table(engine.guideline, rules)


@main.command()
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if something is stale.")
def build(check: bool) -> None:
    """Compile the ontology: shapes/criteria/ and the table of unit conversions."""
    from il2kg.compile.build import compile_all
    from il2kg.guideline.load import load_guideline

    root = content_root()
    try:
        compiled = compile_all(load_guideline(root), root)
    except Il2kgError as error:
        _exit(str(error))
    if check:
        stale = compiled.stale(root)
        for path in stale:
            click.echo(f"il2kg: {path} is stale; run `il2kg build`", err=True)
        sys.exit(1 if stale else 0)
    changed = compiled.write(root)
    for path in changed:
        click.echo(f"wrote {path}")
    click.echo(f"{len(compiled.files)} files are what the ontology says")


# ---- between the commands and the engine


def _report(message: str) -> None:
    """One line on standard error about something that could not be used."""
    click.echo(f"il2kg: {' '.join(message.split())}", err=True)


def _exit(message: str) -> NoReturn:
    _report(message)
    sys.exit(_UNUSABLE)


def _engine() -> Engine:
    try:
        return load_engine()
    except Il2kgError as error:
        _exit(str(error))


def _check_rules(engine: Engine, rules: tuple[str, ...]) -> None:
    known = [rule_set.id for rule_set in engine.guideline.rule_sets]
    if unknown := [name for name in rules if name not in known]:
        _exit(f"no such rule set: {', '.join(unknown)}; there are {', '.join(known)}")


def _snapshots(engine: Engine, path: Path, request: Request) -> dict[str, str]:
    """The snapshots of a file, one a patient, by the IRI of the assessment; ends the program if any cannot be had."""
    subject = str(path)
    found = {}
    try:
        records = engine.read(path)
        for number, named in enumerate(records):
            subject = named.name
            iri = ASSESSMENT_IRI if len(records) == 1 else f"{ASSESSMENT_IRI}:{number}"
            found[iri] = engine.snapshot(named, request, iri)
    except RecordError as error:
        _exit(f"{subject}: {error}")
    return found


@contextmanager
def _progress(length: int) -> Iterator[Callable[[int], None]]:
    """How to say that some more files are done: to a bar on standard error where a person may be watching."""
    if length < _MANY or not sys.stderr.isatty():
        yield lambda files: None
        return
    with click.progressbar(length=length, label="Assessing", file=sys.stderr) as bar:
        yield bar.update
