"""Graphs as RDF of any syntax. The same graphs give the same bytes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any, Final

import pyoxigraph as ox

from il2kg.errors import RecordError
from il2kg.rdf.formats import RdfFormat
from il2kg.rdf.graphs import BLANK, Graph, Literal, Node, Term
from il2kg.rdf.terms import shown
from il2kg.rdf.turtle import as_turtle

_WRITERS: Final = {
    RdfFormat.N_TRIPLES: ox.RdfFormat.N_TRIPLES,
    RdfFormat.N_QUADS: ox.RdfFormat.N_QUADS,
    RdfFormat.JSON_LD: ox.RdfFormat.JSON_LD,
    RdfFormat.RDF_XML: ox.RdfFormat.RDF_XML,
}
_NAMED: Final = frozenset({RdfFormat.TRIG, RdfFormat.N_QUADS, RdfFormat.JSON_LD})
"""The formats that have names of graphs."""
_TEXTS: Final = frozenset({RdfFormat.TURTLE, RdfFormat.TRIG})
_NO_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_XML_NAME: Final = re.compile(r"[^\W\d][\w.-]*$")


def serialise(graphs: Iterable[Graph], form: RdfFormat, prefixes: Mapping[str, str], *, apart: bool = False) -> bytes:
    """Graphs as a document in UTF-8. Turtle, N-Triples and RDF/XML know one graph: in these, all are one.

    Args:
        graphs: the graphs, in the order in which they are written.
        form: the format.
        prefixes: the namespaces by their prefixes; only those that are of use are written.
        apart: whether a blank node's label is its graph's own. If not, it means the same node in all of the graphs, as
            in a document that was read.

    Raises:
        RecordError: a graph holds what that format cannot say.
    """
    given = [_own(graph, number) for number, graph in enumerate(graphs)] if apart else list(graphs)
    if form not in _NAMED:
        given = [_merged(given)]
    if form in _TEXTS:
        return as_turtle(given, prefixes).encode()
    if form is RdfFormat.RDF_XML:
        _check_xml(given)
    quads = _quads(given)
    written = ox.serialize(
        quads if form in _NAMED else (quad.triple for quad in quads), format=_WRITERS[form], prefixes=dict(prefixes)
    )
    assert written is not None
    # A parser of XML takes a bare carriage return for the end of a line.
    return written.replace(b"\r", b"&#13;") if form is RdfFormat.RDF_XML else written


def _own(graph: Graph, number: int) -> Graph:
    """A graph whose blank nodes are no other graph's."""

    def own(term: str) -> str:
        return f"{BLANK}{number}-{term.removeprefix(BLANK)}" if term.startswith(BLANK) else term

    nodes = {
        own(subject): {
            verb: [own(value) if isinstance(value, str) else value for value in values] for verb, values in node.items()
        }
        for subject, node in graph.nodes.items()
    }
    return Graph(own(graph.name), nodes)


def _merged(graphs: list[Graph]) -> Graph:
    """All that graphs say, without their names."""
    if len(graphs) == 1:
        return Graph("", graphs[0].nodes)
    merged: dict[str, Node] = {}
    for graph in graphs:
        for subject, node in graph.nodes.items():
            into = merged.setdefault(subject, {})
            for verb, values in node.items():
                into[verb] = list(dict.fromkeys([*into.get(verb, ()), *values]))
    return Graph("", merged)


def _quads(graphs: list[Graph]) -> Iterator[ox.Quad]:
    known: dict[Term, Any] = {}
    blanks = count()

    def term(value: Term) -> Any:
        written = known.get(value)
        if written is None:
            if isinstance(value, Literal):
                written = (
                    ox.Literal(value.text, language=value.language)
                    if value.language
                    else ox.Literal(value.text, datatype=ox.NamedNode(value.datatype))
                )
            elif value.startswith(BLANK):
                written = ox.BlankNode(f"b{next(blanks)}")
            else:
                written = ox.NamedNode(value)
            known[value] = written
        return written

    for graph in graphs:
        try:
            name = term(graph.name) if graph.name else ox.DefaultGraph()
            for subject, node in graph.nodes.items():
                for verb, values in node.items():
                    for value in values:
                        yield ox.Quad(term(subject), term(verb), term(value), name)
        except (TypeError, ValueError) as error:
            raise RecordError(f"cannot be written as RDF: {shown(str(error))}") from None


def _check_xml(graphs: list[Graph]) -> None:
    """Refuse what XML has no way to say."""
    for graph in graphs:
        for node in graph.nodes.values():
            for verb, values in node.items():
                if not _XML_NAME.search(verb):
                    raise RecordError(f"has the property {shown(verb)}, which RDF/XML cannot write; take Turtle")
                if any(isinstance(value, Literal) and _NO_XML.search(value.text) for value in values):
                    raise RecordError("has a text with characters that XML does not have; take Turtle")
