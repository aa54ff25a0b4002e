"""The Python interface to SPARQL: over the guideline and, with records, over these and what is said of them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from os import PathLike
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from il2kg.guideline.folder import GuidelineFolder
from il2kg.knowledge import process
from il2kg.knowledge.limits import MEGABYTES, SECONDS

if TYPE_CHECKING:
    from il2kg.knowledge.results import Answers, Triples
    from il2kg.rdf.graphs import Graph
    from il2kg.record_source import RecordSource
    from il2kg.request import Request


def query(
    sparql: str,
    *,
    records: "Sequence[RecordSource]" = (),
    at: datetime | None = None,
    given: datetime | None = None,
    charting: Literal["explicit", "by-exception"] = "explicit",
    zone: str | ZoneInfo | None = None,
    maps: str | PathLike[str] | Iterable[str | PathLike[str]] = (),
    input_format: str | None = None,
    guideline: str | PathLike[str] | None = None,
    default_graph: Literal["all", "guideline"] = "all",
    timeout: float = SECONDS,
    memory: float = MEGABYTES,
) -> "Answers | Triples":
    """Run a query in a process of its own.

    Args:
        sparql: SPARQL 1.1: SELECT, ASK, CONSTRUCT or DESCRIBE.
        records: records, each as `il2kg.assess` takes one, to be queried beside the guideline: their patient graphs,
            what they were read as, and their assessments.
        at, given, charting, zone, maps, input_format: how records are read and assessed, as in `il2kg.assess`.
        guideline: the folder of the guideline, as there.
        default_graph: what is asked without GRAPH: all that there is, or the guideline alone.
        timeout: how long its process may take, in seconds, start and loading of the graph (0.1 s) included.
        memory: how much memory (address space) its process may take, in MB, Python and the graph (about 120) included.
            Where the system cannot limit a process (Windows, macOS), only the time is limited.

    Raises:
        QueryError: the query is refused, is not SPARQL, cannot be answered, has too many answers, takes too long or too
            much memory; or a limit is none.
        RecordError: a record, or that of one of its patients, cannot be used.
        GuidelineError: the ontology cannot be read.
        MapError, ValueError, TypeError: as `il2kg.assess`.
    """
    if not isinstance(records, list | tuple):
        raise TypeError(f"records are several, such as [path], not one {type(records).__name__}")
    sources = list(records)
    folder = GuidelineFolder.chosen(guideline)
    if not sources:
        return process.query(sparql, folder, timeout=timeout, memory=memory)
    from il2kg.api import request_for
    from il2kg.knowledge.records import beside

    request = request_for(at, given, charting, zone, maps, input_format, guideline)
    return process.query(
        sparql, folder, timeout=timeout, memory=memory, beside=beside(_graphs(sources, request), sparql, default_graph)
    )


def _graphs(records: "Sequence[RecordSource]", request: "Request") -> "Iterator[Graph]":
    from il2kg.bulk import load_engine
    from il2kg.errors import RecordError
    from il2kg.record_source import patients_in
    from il2kg.write.dataset import RecordGraphs

    engine = load_engine(request.zone, request.maps, request.guideline)
    made = RecordGraphs(engine, request)
    for record in records:
        try:
            told_of = list(made.of(patients_in(record, engine.formats(request.form))))
        except RecordError as error:
            raise RecordError(f"{record}: {error}" if isinstance(record, str | PathLike) else str(error)) from error
        for told in told_of:
            if told.failure is not None:
                raise RecordError(told.failure)
            yield from told.graphs
    for told in made.assessed():
        if told.failure is not None:
            raise RecordError(told.failure)
        yield from told.graphs
