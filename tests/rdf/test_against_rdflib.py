"""What rdflib reads of a document is what is read here, whoever of the two has written it."""

from collections.abc import Iterator

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from il2kg.rdf.foreign import graphs_of
from il2kg.rdf.formats import RdfFormat
from il2kg.rdf.graphs import Graph, Term
from il2kg.rdf.parsing import parse
from il2kg.rdf.writing import serialise
from il2kg.vocabulary import RDF_TYPE
from tests.rdf.generated import PREFIXES, several, single, whole

# rdflib uses what it calls deprecated, and speaks of what it does not understand.
pytestmark = [pytest.mark.filterwarnings(f"ignore::{kind}") for kind in ("DeprecationWarning", "UserWarning")]

RDFLIB = {
    RdfFormat.TURTLE: "turtle",
    RdfFormat.TRIG: "trig",
    RdfFormat.N_TRIPLES: "nt",
    RdfFormat.N_QUADS: "nquads",
    RdfFormat.JSON_LD: "json-ld",
    RdfFormat.RDF_XML: "xml",
}
NAMED = [RdfFormat.TRIG, RdfFormat.N_QUADS, RdfFormat.JSON_LD]


@pytest.fixture(autouse=True, scope="module")
def _as_written() -> Iterator[None]:
    """rdflib leaves literals as they are written."""
    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    yield
    rdflib.NORMALIZE_LITERALS = before


def some(form: RdfFormat, *, odd: bool = False) -> st.SearchStrategy[list[Graph]]:
    return several(odd=odd) if form in NAMED else single(odd=odd)


def read_by_rdflib(data: bytes, form: RdfFormat) -> rdflib.Graph:
    found = rdflib.Dataset() if form in NAMED else rdflib.Graph()
    found.parse(data=data, format=RDFLIB[form])
    return found


@pytest.mark.parametrize("form", RdfFormat)
@settings(max_examples=15)
@given(st.data())
def test_both_read_what_both_write(form: RdfFormat, data: st.DataObject) -> None:
    graphs = data.draw(some(form))
    ours = serialise(graphs, form, PREFIXES)
    read = read_by_rdflib(ours, form)
    assert whole(graphs_of(read)) == whole(graphs)
    assert whole(parse(ours, form)) == whole(graphs)
    if not _lost_by_rdflib(graphs):
        theirs = read.serialize(format=RDFLIB[form], encoding="utf-8")
        assert whole(parse(theirs, form)) == whole(graphs)


def _lost_by_rdflib(graphs: list[Graph]) -> bool:
    """Whether graphs have blank nodes as types or as names, or share some: what rdflib's writers do not always keep."""
    types = [value for graph in graphs for node in graph.nodes.values() for value in node.get(RDF_TYPE, [])]
    blank = [{each for each in (*graph.nodes, *_values(graph)) if str(each).startswith("_:")} for graph in graphs]
    shared = sum(map(len, blank)) > len(set().union(*blank))
    return shared or any(str(each).startswith("_:") for each in [*types, *(graph.name for graph in graphs)])


def _values(graph: Graph) -> list[Term]:
    return [value for node in graph.nodes.values() for values in node.values() for value in values]


@pytest.mark.parametrize("form", [form for form in RdfFormat if form is not RdfFormat.RDF_XML])
@given(st.data())
def test_any_text_survives(form: RdfFormat, data: st.DataObject) -> None:
    graphs = data.draw(some(form, odd=True))
    assert whole(parse(serialise(graphs, form, PREFIXES), form)) == whole(graphs)
