"""Graphs of other libraries, already in memory, as graphs by subject. No library is imported that nobody has used."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from il2kg.errors import RecordError
from il2kg.rdf.graphs import Graph
from il2kg.rdf.iris import document_base, label_prefix, resolved
from il2kg.rdf.limits import LIMITS
from il2kg.rdf.quads import grouped
from il2kg.rdf.terms import shown

if TYPE_CHECKING:
    import rdflib

_DEFAULT: Final = "urn:x-rdflib:default"


def graphs_of(given: "rdflib.Graph", *, name: str = "") -> list[Graph]:
    """The graphs that have triples of a Graph or a Dataset of rdflib, sorted. What a Graph holds is the default graph.

    Args:
        given: the Graph or the Dataset.
        name: what tells it from others, as in `il2kg.rdf.parsing.parse`.

    Raises:
        RecordError: it holds what is no term of RDF.
    """
    quads = ox.serialize(_quads(given, document_base(name)), format=ox.RdfFormat.N_QUADS)
    return _sorted(quads or b"", name)


def graphs_of_store(store: ox.Store, *, name: str = "") -> list[Graph]:
    """The graphs that have triples of a store of pyoxigraph, sorted. A store keeps no digits: of 3.20 it has 3.2.

    Raises:
        RecordError: it has triples about triples.
    """
    return _sorted(store.dump(format=ox.RdfFormat.N_QUADS) or b"", name)


def _sorted(quads: bytes, name: str) -> list[Graph]:
    _, *lines = sorted(quads.decode().split(" .\n"))
    return grouped([" .\n".join([*lines, ""])] if lines else [], label_prefix(name), LIMITS)


def _quads(given: Any, base: str) -> Iterator[ox.Quad]:
    """What rdflib holds, as quads of pyoxigraph."""
    from rdflib import BNode, Literal, URIRef

    blanks: dict[BNode, ox.BlankNode] = {}

    def term(value: Any) -> Any:
        if isinstance(value, BNode):
            return blanks.setdefault(value, ox.BlankNode(f"b{len(blanks)}"))
        if isinstance(value, URIRef) and (iri := resolved(value, base)) is not None:
            return ox.NamedNode(iri)
        if isinstance(value, Literal):
            datatype = None if value.datatype is None else term(value.datatype)
            return ox.Literal(str(value), datatype=datatype, language=value.language)
        raise ValueError(f"holds {shown(str(value))}, a {type(value).__name__}, which is no term of RDF")

    quads = given.quads() if hasattr(given, "quads") else ((*triple, None) for triple in given)
    for subject, verb, value, graph in quads:
        named = getattr(graph, "identifier", graph)
        try:
            yield ox.Quad(
                term(subject),
                term(verb),
                term(value),
                ox.DefaultGraph() if named is None or str(named) == _DEFAULT else term(named),
            )
        except (TypeError, ValueError) as error:
            raise RecordError(shown(str(error))) from None
