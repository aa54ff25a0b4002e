"""Graphs in memory as N-Quads: what other processes and other tools read."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox

from il2kg.rdf.graphs import STRING, Graph, Literal, Term
from il2kg.read.limits import REMEMBERED

_ESCAPED: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
_TO_ESCAPE: Final = re.compile(r'[\\"\n\r]')


def ntriples(graph: Graph) -> str:
    """A graph as N-Triples, in its own order."""
    return "".join(f"{triple} .\n" for triple in _triples(graph, ""))


def nquads(graphs: Iterable[Graph], *, named: bool, merged: bool) -> Iterator[bytes]:
    """Some graphs as N-Quads, a portion for each.

    Args:
        graphs: no two share a blank node, whatever its label.
        named: whether each stands under its own name.
        merged: whether all stand, as one, in the default graph; with ``named``, blank nodes are the same in both.
    """
    for number, graph in enumerate(graphs):
        ends = [*([" .\n"] if merged else ()), *([f" {_resource(graph.name, '')} .\n"] if named else ())]
        triples = _triples(graph, f"g{number}")
        yield "".join(triple + end for triple in triples for end in ends).encode()


def _triples(graph: Graph, apart: str) -> Iterator[str]:
    """Each triple without its end; ``apart`` begins the labels of blank nodes."""
    for subject, node in graph.nodes.items():
        about = _resource(subject, apart)
        for predicate, terms in node.items():
            said = f"{about} {_iri(predicate)} "
            for term in terms:
                yield said + _term(term, apart)


def _term(term: Term, apart: str) -> str:
    if isinstance(term, Literal):
        text = f'"{_TO_ESCAPE.sub(lambda found: _ESCAPED[found[0]], term.text)}"'
        if term.language:
            return f"{text}@{term.language}"
        return text if term.datatype == STRING else f"{text}^^{_iri(term.datatype)}"
    return _resource(term, apart)


def _resource(name: str, apart: str) -> str:
    return f"_:{apart}{name[2:]}" if name.startswith("_:") else _iri(name)


@lru_cache(maxsize=REMEMBERED)
def _iri(name: str) -> str:
    """An IRI in brackets. What is none, since a record may say anything for one, is kept within one of our own."""
    try:
        return str(ox.NamedNode(name))
    except ValueError:
        return f"<urn:il2kg:no-iri:{quote(name, safe='', errors='surrogatepass')}>"
