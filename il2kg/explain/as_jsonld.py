"""A graph as JSON-LD that reads like a document; the same graph gives the same text."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from il2kg.rdf.graphs import STRING, Graph, Literal, Term
from il2kg.vocabulary import RDF_TYPE

_ENCODER: Final = msgspec.json.Encoder()


def jsonld(graph: Graph, prefixes: Mapping[str, str]) -> str:
    """A graph as one object on one line: the node that the graph is named after, with those that it points at in it.

    A node stands whole where it is met first, and by its IRI alone elsewhere. Nothing else of the graph is written.
    """
    return _ENCODER.encode({"@context": prefixes, **_Tree(graph, prefixes).of(graph.name)}).decode()


class _Tree:
    """Nests the nodes of a graph; each stands whole once."""

    def __init__(self, graph: Graph, prefixes: Mapping[str, str]) -> None:
        self._graph, self._prefixes = graph, prefixes
        self._written: set[str] = set()

    def of(self, name: str) -> dict[str, Any]:
        """A node with what it points at, or only its name where it was written before or nothing is said of it."""
        tree: dict[str, Any] = {"@id": self._compact(name)}
        if name in self._written or name not in self._graph.nodes:
            return tree
        self._written.add(name)
        for predicate, terms in self._graph.nodes[name].items():
            if predicate == RDF_TYPE:
                tree["@type"] = [self._compact(term) for term in terms if isinstance(term, str)]
            else:
                tree[self._compact(predicate)] = [self._value(term) for term in terms]
        return tree

    def _value(self, term: Term) -> Any:
        if not isinstance(term, Literal):
            return self.of(term)
        if term.datatype == STRING:
            return term.text
        return {"@type": self._compact(term.datatype), "@value": term.text}

    def _compact(self, iri: str) -> str:
        for prefix, namespace in self._prefixes.items():
            if iri.startswith(namespace):
                return f"{prefix}:{iri.removeprefix(namespace)}"
        return iri
