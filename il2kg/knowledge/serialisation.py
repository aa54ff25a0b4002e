"""The graph as a file for other people's tools."""

from typing import Final

import pyoxigraph as ox

from il2kg.choices import Exported
from il2kg.knowledge.results import prefixes_of
from il2kg.knowledge.store import Knowledge

_FORMATS: Final = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}


def serialised(knowledge: Knowledge, form: Exported) -> bytes:
    """A graph in one of the forms, in UTF-8. The same graph gives the same bytes."""
    graph = ox.Dataset(knowledge.store)
    graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    triples = sorted((quad.triple for quad in graph), key=str)
    prefixes = None if form == "nt" else prefixes_of(knowledge.names)
    written = ox.serialize(triples, format=_FORMATS[form], prefixes=prefixes)
    assert written is not None
    return written
