"""The command line: parses arguments, calls the engine, prints, and sets exit codes.

Exit codes: 0 done; 1 (validate, build --check) the answer is no; 2 input that cannot be used.
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click

from il2kg.assessment import Assessment
from il2kg.engine import ASSESSMENT_IRI, Engine, NamedRecord, Request, instant_of
from il2kg.errors import EvaluatorDisagreement, Il2kgError, RecordError
from il2kg.locations import content_root
from il2kg.read.times import read_moment

_UNUSABLE = 2
_AT_ONCE = 256
_CHARTING = click.Choice(["explicit", "by-exception"])


class _Instant(click.ParamType):
    name = "instant"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        moment = read_moment(str(value))
        if moment.time is None or moment.problem is not None:
            self.fail(f"{value!r}: {moment.problem}; write it like 2026-03-03T16:00:00Z", param, ctx)
        return moment.time


class _RuleSets(click.ParamType):
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
    records: tuple[Path, ...], at: int | None, rules: tuple[str, ...], charting: str, form: str, everything: bool
) -> None:
    """Assess patients' records: FHIR JSON (Bundle, resource or NDJSON, gzipped too)."""
    engine = _engine()
    _check_rules(engine, rules)
    request = Request(at, charting == "by-exception", rules, everything)
    failures = _Failures()
    write = _writer(engine, form)
    with _progress(records) as paths:
        for batch in _batches(engine, paths, request, failures):
            for outcome in engine.assess(batch, request):
                if isinstance(outcome, EvaluatorDisagreement):
                    failures.report(str(outcome))
                else:
                    write(outcome)
    sys.exit(_UNUSABLE if failures.any else 0)


@main.command()
@_record
@_at
@_charting
def snapshot(record: Path, at: int | None, charting: str) -> None:
    """Print the derived values of a record as Turtle, for any SHACL engine with shapes/criteria/."""
    engine = _engine()
    request = Request(at, charting == "by-exception")
    for named in _read_or_exit(engine, record):
        click.echo(_or_exit(named.name, lambda named=named: engine.snapshot(named, request)))  # type: ignore[misc]


@main.command()
@_record
@_at
@_charting
@click.option("--format", "form", type=click.Choice(["text", "turtle"]), default="text", show_default=True)
def validate(record: Path, at: int | None, charting: str, form: str) -> None:
    """Validate a record's snapshot with pySHACL. Exit code 0: nothing in force or unknown; 1: something."""
    from il2kg.evaluate.pyshacl_report import report

    engine = _engine()
    request = Request(at, charting == "by-exception")
    conforms = True
    for named in _read_or_exit(engine, record):
        turtle = _or_exit(named.name, lambda named=named: engine.snapshot(named, request))  # type: ignore[misc]
        result = report(engine.shapes, turtle, focus=ASSESSMENT_IRI)
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
        compiled = compile_all(load_guideline(root))
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


class _Failures:
    """Records that could not be used: each is one line on standard error."""

    def __init__(self) -> None:
        self.any = False

    def report(self, message: str) -> None:
        self.any = True
        click.echo(f"il2kg: {' '.join(message.split())}", err=True)


def _engine() -> Engine:
    try:
        return Engine.load()
    except Il2kgError as error:
        _exit(str(error))


def _exit(message: str) -> NoReturn:
    _Failures().report(message)
    sys.exit(_UNUSABLE)


def _check_rules(engine: Engine, rules: tuple[str, ...]) -> None:
    known = [rule_set.id for rule_set in engine.guideline.rule_sets]
    if unknown := [name for name in rules if name not in known]:
        _exit(f"no such rule set: {', '.join(unknown)}; there are {', '.join(known)}")


def _batches(
    engine: Engine, paths: Iterable[Path], request: Request, failures: _Failures
) -> Iterator[list[NamedRecord]]:
    """The records of all files, some at a time; those that cannot be used are reported and left out."""
    batch: list[NamedRecord] = []
    for path in paths:
        try:
            found = engine.read(path)
        except RecordError as error:
            failures.report(f"{path}: {error}")
            continue
        for named in found:
            try:
                instant_of(named.record, request)
            except RecordError as error:
                failures.report(f"{named.name}: {error}")
            else:
                batch.append(named)
        if len(batch) >= _AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _read_or_exit(engine: Engine, path: Path) -> list[NamedRecord]:
    return _or_exit(str(path), lambda: engine.read(path))  # type: ignore[no-any-return]


def _or_exit(name: str, call):  # type: ignore[no-untyped-def]
    try:
        return call()
    except RecordError as error:
        _exit(f"{name}: {error}")


def _writer(engine: Engine, form: str):  # type: ignore[no-untyped-def]
    if form == "json":
        from il2kg.explain.as_json import to_json

        return lambda assessment: click.echo(to_json(assessment))
    from il2kg.explain.as_text import TextReport

    report = TextReport(engine.guideline)
    count = 0

    def write(assessment: Assessment) -> None:
        nonlocal count
        if count:
            click.echo("=" * 80 + "\n")
        count += 1
        click.echo(report.text(assessment), nl=False)

    return write


@contextmanager
def _progress(paths: tuple[Path, ...]) -> Iterator[Iterable[Path]]:
    """The paths, with a progress bar on standard error where many are read and a person may be watching."""
    if len(paths) < 20 or not sys.stderr.isatty():  # noqa: PLR2004
        yield paths
        return
    with click.progressbar(paths, label="Assessing", file=sys.stderr) as bar:
        yield bar
