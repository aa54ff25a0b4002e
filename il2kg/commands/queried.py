"""The options by which a query is asked of records, too. What reads records is loaded only when it is needed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from il2kg.commands.moments import instant_options, instants, zone_option
from il2kg.commands.reporting import report

if TYPE_CHECKING:
    from il2kg.knowledge.records import DefaultGraph
    from il2kg.rdf.graphs import Graph
    from il2kg.read.sources.forms import Form
    from il2kg.request import Request
    from il2kg.write.dataset import Told

_HOW = ("at", "given", "zone", "maps", "charting", "input_format", "default_graph")
"""Parameters that say how records are read and assessed; without a record they mean nothing."""


@dataclass
class QueriedRecords:
    """The records that a query is asked of, and how. ``failed``: one could not be read or assessed, as was said."""

    paths: tuple[Path, ...]
    at: str | None
    given: str | None
    zone: str | None
    maps: tuple[Path, ...]
    charting: str
    input_format: str | None
    default_graph: "DefaultGraph"
    failed: bool = field(default=False, init=False)

    def beside(self, query: str, guideline: Path) -> Iterator[bytes]:
        """All that a query is to see beside the guideline of a folder; what cannot be used is reported.

        Raises:
            GuidelineError: the guideline cannot be used.
            MapError: a map cannot be used.
        """
        from il2kg.knowledge.records import beside
        from il2kg.request import Request

        request = Request(
            *instants(self.at, self.given, self.zone),
            self.charting == "by-exception",
            zone=self.zone,
            maps=self.maps,
            form=_form(self.input_format),
            guideline=guideline,
            # A record on its own is checked with both evaluators.
            cross_check=len(self.paths) == 1,
        )
        return beside(self._graphs(request), query, self.default_graph)

    def _graphs(self, request: "Request") -> "Iterator[Graph]":
        from il2kg.bulk import load_engine
        from il2kg.errors import RecordError
        from il2kg.write.dataset import RecordGraphs

        engine = load_engine(request.zone, request.maps, request.guideline)
        records = RecordGraphs(engine, request)
        for path in self.paths:
            try:
                yield from self._told(records.of(engine.patients(path, request.form)))
            except RecordError as error:
                self._report(f"{path}: {error}")
        yield from self._told(records.assessed())

    def _told(self, records: "Iterator[Told]") -> "Iterator[Graph]":
        for told in records:
            yield from told.graphs
            if told.failure is not None:
                self._report(told.failure)

    def _report(self, failure: str) -> None:
        report(failure)
        self.failed = True


def record_options(command: Callable[..., None]) -> Callable[..., None]:
    """The option ``--record`` and those that say how; the command is called with all of them as ``records``."""

    @wraps(command)
    @click.pass_context
    def called(ctx: click.Context, /, *, records: tuple[Path, ...], **more: Any) -> None:
        how = {name: more.pop(name) for name in _HOW}
        if records:
            # The same file twice is one record.
            command(records=QueriedRecords(tuple(dict.fromkeys(records)), **how), **more)
            return
        for option in ctx.command.params:
            name = option.name or ""
            if name in _HOW and ctx.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT:
                raise click.UsageError(f"{option.opts[0]} is about records; say which with --record")
        command(records=None, **more)

    for option in (
        click.option(
            "--default-graph",
            type=click.Choice(["all", "guideline"]),
            default="all",
            show_default=True,
            help="What is asked without GRAPH: all that there is, or the guideline alone.",
        ),
        click.option(
            "--input-format", metavar="FORMAT", help="The format of the records; by default what they look like."
        ),
        click.option(
            "--map",
            "maps",
            type=click.Path(path_type=Path),
            multiple=True,
            metavar="FILE",
            help="A map of local codes: SSSOM table or FHIR ConceptMap; may be repeated.",
        ),
        click.option(
            "--charting",
            type=click.Choice(["explicit", "by-exception"]),
            default="explicit",
            show_default=True,
            help="What silence about a finding means: unknown, or absent.",
        ),
        instant_options,
        zone_option,
        click.option(
            "--record",
            "records",
            type=click.Path(path_type=Path),
            multiple=True,
            metavar="RECORD",
            help="A record, as `assess` takes it, to be queried beside the guideline; may be repeated.",
        ),
    ):
        called = option(called)
    return called


def _form(name: str | None) -> "Form | None":
    """The format of that name.

    Raises:
        BadParameter: there is none.
    """
    from il2kg.read.sources.forms import form_named

    try:
        return None if name is None else form_named(name)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--input-format") from error
