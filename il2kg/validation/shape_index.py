"""What shapes say of themselves: their messages, severities and paths."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from il2kg.rdf.formats import RdfFormat
from il2kg.rdf.graphs import FIRST, NIL, REST, Graph, Literal, Node
from il2kg.rdf.parsing import parse
from il2kg.read.patient_graph.terms import short
from il2kg.vocabulary import OWL

SH: Final = "http://www.w3.org/ns/shacl#"
_ITSELF: Final = f"{OWL}sameAs"
_MARKS: Final = {f"{SH}zeroOrOnePath": "?", f"{SH}zeroOrMorePath": "*", f"{SH}oneOrMorePath": "+"}
_NOTHING: Final[Node] = {}


@dataclass(frozen=True, slots=True)
class ShapeEntry:
    """What a shape with a name says: its path as SPARQL would write it, empty for one of the node itself."""

    severity: str
    message: str
    path: str


class ShapeIndex:
    """The shapes of a document."""

    def __init__(self, nodes: Mapping[str, Node]) -> None:
        self.nodes = nodes
        self._known: dict[str, ShapeEntry] = {}

    @classmethod
    def of(cls, shapes: str) -> "ShapeIndex":
        """The shapes of a Turtle document."""
        return _index(shapes)

    def entry(self, shape: str) -> ShapeEntry:
        """What is said of a shape."""
        if shape not in self._known:
            node = self.nodes.get(shape, _NOTHING)
            severity = next(iter(node.get(f"{SH}severity", [f"{SH}Violation"])))
            message = next((each.text for each in node.get(f"{SH}message", ()) if isinstance(each, Literal)), "")
            path = node.get(f"{SH}path")
            words = "" if path is None else self._path(str(path[0]))
            self._known[shape] = ShapeEntry(str(severity).removeprefix(SH), message, words)
        return self._known[shape]

    def path(self, shape: str) -> str | None:
        """The node of a shape's path, if it has one."""
        nodes = self.nodes.get(shape, _NOTHING).get(f"{SH}path")
        return None if nodes is None else str(nodes[0])

    def _path(self, term: str) -> str:
        node = self.nodes.get(term, _NOTHING)
        if FIRST in node:
            return "/".join(part for part in map(self._path, self._items(term)) if part)
        if f"{SH}alternativePath" in node:
            parts = map(self._path, self._items(str(node[f"{SH}alternativePath"][0])))
            return f"({'|'.join(parts)})"
        if f"{SH}inversePath" in node:
            return f"^{self._path(str(node[f'{SH}inversePath'][0]))}"
        for name, mark in _MARKS.items():
            if name in node:
                inner = str(node[name][0])
                return "" if inner == _ITSELF else f"{self._path(inner)}{mark}"
        return short(term)

    def _items(self, term: str) -> list[str]:
        items: list[str] = []
        while term != NIL:
            node = self.nodes[term]
            items.append(str(node[FIRST][0]))
            term = str(node[REST][0])
        return items


@lru_cache(maxsize=8)
def _index(shapes: str) -> ShapeIndex:
    nodes: dict[str, Node] = {}
    graphs: list[Graph] = parse(shapes.encode(), RdfFormat.TURTLE, name="shapes")
    for graph in graphs:
        nodes |= graph.nodes
    return ShapeIndex(nodes)
