"""RDF files as graphs, and what in them is FHIR or of the patient graph (semantics, section 7).

FHIR RDF becomes entries of a Bundle, so that all that is known of FHIR JSON holds of it, too: versions, subjects,
references; of a large file it goes on as NDJSON, in bounded memory. Items of the patient graph have a reader of their
own.
"""

from collections.abc import Iterable, Iterator

import msgspec

from il2kg.rdf.graphs import Graph
from il2kg.rdf.parsing import parse, parse_stream
from il2kg.read.fhir.elements import Element
from il2kg.read.fhir_rdf.resources import fhir_resources
from il2kg.read.limits import SHOWN
from il2kg.read.patient_graph import Tables, is_patient_graph
from il2kg.read.sources.forms import Form
from il2kg.read.sources.spill import IN_MEMORY, Content
from il2kg.record import Problem

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def graphs_of(content: Content, form: Form) -> Iterator[Graph]:
    """The graphs of a file. Of large N-Quads and TriG one at a time: what is said in each must stand together.

    Raises:
        RecordError: the file cannot be read, or is no RDF of that format.
    """
    if len(content.read(0, IN_MEMORY + 1)) > IN_MEMORY:
        yield from parse_stream(content.chunks(), form.rdf, name=content.path.name)
    else:
        yield from parse(b"".join(content.chunks()), form.rdf, name=content.path.name)


def entries_of(graph: Graph, problems: list[Problem]) -> list[Element]:
    """The FHIR resources of a graph as entries of a Bundle; what cannot be understood becomes a problem."""
    return [{"fullUrl": each.address, "resource": each.content} for each in fhir_resources(graph, problems)]


def nothing_of(graph: Graph) -> Problem:
    """That nothing of a graph is read."""
    first = next(iter(graph.nodes), "")
    return Problem("RDF that is neither FHIR nor of the patient graph was not read", "", (graph.name or first)[:SHOWN])


def as_ndjson(graphs: Iterable[Graph], problems: list[Problem], tables: Tables) -> Iterator[bytes]:
    """The FHIR resources of graphs as lines of NDJSON, one Bundle a graph."""
    for graph in graphs:
        entries = entries_of(graph, problems)
        if not entries and not is_patient_graph(graph, tables):
            problems.append(nothing_of(graph))
        if entries:
            yield _ENCODER.encode({"resourceType": "Bundle", "entry": entries}) + b"\n"
