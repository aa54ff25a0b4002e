"""Quads as graphs by subject: what a parser found, grouped as cheaply as Python can.

The quads come as the N-Quads that pyoxigraph writes: a line each, one space between terms, line breaks escaped. Taking
such a text apart is faster than asking the parser's objects for their terms, one by one.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any, Final

from il2kg.errors import RecordError
from il2kg.rdf.graphs import STRING, Graph, Node, Term
from il2kg.rdf.limits import Limits
from il2kg.rdf.terms import STAR, check_length, check_size, literal, once, shown, size

_VALUE: Final = re.compile(
    r'(<[^<>]*>|_:\S+|"(?:[^"\\]|\\.)*+"(?:\^\^<[^<>]*>|@[A-Za-z0-9-]++)?+)(?: (<[^<>]*>|_:\S+))?'
).fullmatch


def grouped(texts: Iterable[str], prefix: str, limits: Limits) -> list[Graph]:
    """All graphs, in the order in which they begin. ``prefix`` is how the labels of blank nodes begin.

    Raises:
        RecordError: a literal is too long, a graph has too many triples, or a triple is about triples.
    """
    quads = _Quads(prefix, limits)
    for _ in quads.add(texts):
        pass
    return quads.taken()


def grouped_in_turn(texts: Iterable[str], prefix: str, limits: Limits) -> Iterator[Graph]:
    """Each graph when the next begins. The labels of blank nodes are each graph's own.

    Raises:
        RecordError: as `grouped`, or the quads of a graph do not stand together.
    """
    quads = _Quads(prefix, limits)
    seen = set()
    for written in quads.add(texts):
        if written in seen:
            graph = f"the graph {shown(written)}" if written else "the default graph"
            raise RecordError(f"comes back to {graph} after other graphs; sort the file by graph")
        seen.add(written)
        yield from quads.taken()


class _Quads:
    def __init__(self, prefix: str, limits: Limits) -> None:
        self._limits = limits
        self._terms = _Terms(limits)
        # The next label by functions of C alone: there are more blank nodes than anything else.
        self._labels: dict[str, str] = defaultdict(map(prefix.__add__, map(str, count())).__next__)
        self._graphs: dict[str, dict[str, Node]] = {}
        self._several: list[list[Term]] = []

    def add(self, texts: Iterable[str]) -> Iterator[str]:
        """Take quads; where those of another graph begin, and at the end, how the graph before was named."""
        terms, labels, several = self._terms, self._labels, self._several
        nodes: dict[str, Node] = {}
        node: Node = {}
        written, tail, triples = None, "\n", 0  # so ends no value: the first is taken apart
        for text in texts:
            lines = text.split(" .\n")
            lines.pop()  # nothing stands behind the last
            triples += len(lines)
            last, another = "", False
            for line in lines:
                subject, verb, value = line.split(" ", 2)
                if tail and value.endswith(tail):
                    value = value[: -len(tail)]
                elif tail or (" " in value if value[0] == "_" else value not in terms):
                    value, graph = _apart(value)
                    if graph != written:
                        if written is not None:
                            yield written
                        written, tail = graph, graph and f" {graph}"
                        nodes = self._graphs.setdefault(self._name(graph), {})
                        last, another = "", True
                if subject != last:
                    last = subject
                    node = nodes.setdefault(labels[subject] if subject[0] == "_" else terms[subject], {})
                term = labels[value] if value[0] == "_" else terms[value]
                verb = terms[verb]
                if verb not in node:
                    node[verb] = [term]
                    continue
                values = node[verb]
                if len(values) == 1:
                    several.append(values)
                values.append(term)
            if another:
                triples = size(nodes)
            check_size(triples, self._limits)
        if written is not None:
            yield written

    def taken(self) -> list[Graph]:
        """The graphs, which are then forgotten, and with them which labels their blank nodes have."""
        for values in self._several:
            once(values)
        graphs = [Graph(name, nodes) for name, nodes in self._graphs.items()]
        self._several.clear()
        self._graphs.clear()
        self._terms.clear()
        self._labels.clear()
        return graphs

    def _name(self, graph: str) -> str:
        """The name of a graph, given how it is written."""
        if not graph:
            return ""
        return self._labels[graph] if graph[0] == "_" else graph[1:-1]


class _Terms(dict[str, Any]):
    """IRIs and literals, by how they stand in N-Quads."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self._limits = limits

    def __missing__(self, written: str) -> Term:
        if written.startswith("<<"):
            raise RecordError(STAR)
        if written[0] == "<":
            term: Term = written[1:-1]
        else:
            end = written.rindex('"')
            text, kind = written[1:end], written[end + 1 :]
            check_length(text, self._limits)
            language = kind[1:].partition("--")[0] if kind[:1] == "@" else ""  # "en--ltr" says how to show it, too
            term = literal(text, STRING if language else kind[3:-1] or STRING, language)
        self[written] = term
        return term


def _apart(value: str) -> tuple[str, str]:
    """A value, and the graph behind it if there is one."""
    matched = _VALUE(value)
    if not matched:
        raise RecordError(STAR)
    return matched[1], matched[2] or ""
