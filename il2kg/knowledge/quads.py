"""Graphs in memory as N-Quads, for a store: under their names, merged into one, or both."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from il2kg.rdf.graphs import STRING, Graph, Literal, Term

_ESCAPED: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}
_TO_ESCAPE: Final = re.compile(r'[\\"\n\r]')


def nquads(graphs: Iterable[Graph], *, named: bool, merged: bool) -> Iterator[bytes]:
    """Some graphs as N-Quads, a portion for each; halves of characters, which no text has, become question marks.

    Args:
        graphs: no two share a blank node, whatever its label.
        named: whether each stands under its own name.
        merged: whether all stand, as one, in the default graph; with ``named``, blank nodes are the same in both.
    """
    for number, graph in enumerate(graphs):
        ends = [*([" .\n"] if merged else ()), *([f" <{graph.name}> .\n"] if named else ())]
        triples = _triples(graph, f"_:g{number}")
        yield "".join(triple + end for triple in triples for end in ends).encode(errors="replace")


def _triples(graph: Graph, blank: str) -> Iterator[str]:
    """Each triple without its end; ``blank`` begins the labels of blank nodes."""
    for subject, node in graph.nodes.items():
        about = _resource(subject, blank)
        for predicate, terms in node.items():
            said = f"{about} <{predicate}> "
            for term in terms:
                yield said + _term(term, blank)


def _term(term: Term, blank: str) -> str:
    if not isinstance(term, Literal):
        return _resource(term, blank)
    text = f'"{_TO_ESCAPE.sub(lambda matched: _ESCAPED[matched[0]], term.text)}"'
    if term.language:
        return f"{text}@{term.language}"
    return text if term.datatype == STRING else f"{text}^^<{term.datatype}>"


def _resource(name: str, blank: str) -> str:
    return blank + name[2:] if name.startswith("_:") else f"<{name}>"
