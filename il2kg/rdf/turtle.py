"""Turtle and TriG for people: prefixes, a subject a paragraph, blank nodes where they belong.

The same graphs give the same bytes: all stands in the order in which it was put into them, and blank nodes that must
be named are numbered as they come.
"""

import re
from collections.abc import Mapping
from typing import Final

from il2kg.errors import RecordError
from il2kg.rdf.graphs import BLANK, FIRST, NIL, REST, STRING, Graph, Literal, Node, Term
from il2kg.rdf.terms import shown
from il2kg.vocabulary import RDF_TYPE, XSD

_DEEPEST: Final = 20
"""How deep blank nodes are written within each other; deeper ones are named."""
_INDENT: Final = "    "
_SHORT: Final = 80
"""How many characters the items of a list may have to stand on a line."""

_IRI: Final = re.compile(r'[^<>"{}|^`\\\x00-\x20]*+').fullmatch
_LOCAL: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*+(?:\.[A-Za-z0-9_-]++)*+").fullmatch
_LANGUAGE: Final = re.compile(r"[A-Za-z]++(?:-[A-Za-z0-9]++)*+").fullmatch
_BARE: Final = {
    f"{XSD}integer": re.compile(r"[+-]?[0-9]+"),
    f"{XSD}decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    f"{XSD}double": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)[eE][+-]?[0-9]+"),
    f"{XSD}boolean": re.compile("true|false"),
}
_ESCAPES: Final = {code: f"\\u{code:04X}" for code in (*range(32), 127)} | {
    ord(character): escape
    for character, escape in {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}.items()
}


def as_turtle(graphs: list[Graph], prefixes: Mapping[str, str]) -> str:
    """Graphs as TriG, which is Turtle where they have no names.

    Raises:
        RecordError: an IRI or a language is none.
    """
    writer = _Writer(graphs, prefixes)
    parts = [part for graph in graphs for part in writer.parts(graph)]
    return "\n\n".join((["\n".join(writer.declarations())] if writer.used else []) + parts) + "\n"


def _in_place(graphs: list[Graph]) -> set[str]:
    """The blank nodes that can be written where they are spoken of: once, and where all is that is said of them."""
    spoken_of: dict[str, list[int]] = {}
    described: dict[str, list[int]] = {}
    for number, graph in enumerate(graphs):
        for subject, node in graph.nodes.items():
            if subject.startswith(BLANK):
                described.setdefault(subject, []).append(number)
            for values in node.values():
                for value in values:
                    if isinstance(value, str) and value.startswith(BLANK):
                        spoken_of.setdefault(value, []).append(number)
    names = {graph.name for graph in graphs}
    return {
        label
        for label, places in spoken_of.items()
        if len(places) == 1 and described.get(label, places) == places and label not in names
    }


class _Writer:
    def __init__(self, graphs: list[Graph], prefixes: Mapping[str, str]) -> None:
        self._prefixes = prefixes
        self._namespaces = sorted(((iri, name) for name, iri in prefixes.items()), key=lambda pair: -len(pair[0]))
        self._in_place = _in_place(graphs)
        self._labels: dict[str, str] = {}
        self._written: dict[Term, str] = {}
        self._nodes: dict[str, Node] = {}
        self._done: set[str] = set()
        self._no_lists: set[str] = set()
        self.used: set[str] = set()

    def declarations(self) -> list[str]:
        """The prefixes that were used."""
        return [f"@prefix {name}: <{self._prefixes[name]}> ." for name in sorted(self.used)]

    def parts(self, graph: Graph) -> list[str]:
        """A graph: its paragraphs, or one block of them if it has a name."""
        self._nodes, self._done = graph.nodes, {subject for subject, node in graph.nodes.items() if not node}
        self._no_lists.clear()
        indent = _INDENT if graph.name else ""
        roots = [each for each in graph.nodes if each not in self._in_place and each not in self._done]
        paragraphs = [self._paragraph(each, indent) for each in roots]
        # What is left goes round in a circle, or lies too deep.
        while left := [each for each in graph.nodes if each not in self._done]:
            for each in left:
                if each not in self._done:
                    self._in_place.discard(each)
                    paragraphs.append(self._paragraph(each, indent))
        if not graph.name:
            return paragraphs
        return [f"{self._term(graph.name)} {{\n" + "\n\n".join(paragraphs) + "\n}"]

    def _paragraph(self, subject: str, indent: str) -> str:
        self._done.add(subject)
        return f"{indent}{self._term(subject)} {self._said(self._nodes[subject], indent, 0)} ."

    def _said(self, node: Node, indent: str, depth: int) -> str:
        """What is said of a node, a property a line."""
        inner = indent + _INDENT
        verbs = sorted(node, key=lambda verb: verb != RDF_TYPE)
        return f" ;\n{inner}".join(
            f"{'a' if verb == RDF_TYPE else self._term(verb)} "
            + ", ".join(self._value(value, inner, depth) for value in node[verb])
            for verb in verbs
        )

    def _value(self, value: Term, indent: str, depth: int) -> str:
        if value not in self._in_place or not isinstance(value, str):
            return self._term(value)
        if depth == _DEEPEST:
            self._in_place.discard(value)
            return self._term(value)
        inner = indent + _INDENT
        if items := self._items(value):
            written = [self._value(item, inner, depth + 1) for item in items]
            short = sum(map(len, written)) < _SHORT and not any("\n" in item for item in written)
            return f"( {' '.join(written)} )" if short else f"(\n{inner}" + f"\n{inner}".join(written) + f"\n{indent})"
        self._done.add(value)
        node = self._nodes.get(value)
        if not node:
            return "[]"
        said = self._said(node, indent, depth + 1)
        return f"[\n{inner}{said}\n{indent}]" if "\n" in said else f"[ {said} ]"

    def _items(self, label: str) -> list[Term]:
        """The items of a list that can be written as one; none if it is no such list."""
        items: list[Term] = []
        cells: set[str] = set()
        cell: Term = label
        while cell != NIL:
            node = self._cell(cell)
            if node is None or cell in cells:
                self._no_lists |= cells
                return []
            cells.add(str(cell))
            items += node[FIRST]
            (cell,) = node[REST]
        self._done |= cells
        return items

    def _cell(self, label: Term) -> Node | None:
        """A part of a list that says nothing else."""
        if not isinstance(label, str) or label not in self._in_place or label in self._no_lists:
            return None
        node = self._nodes.get(label, {})
        return node if node.keys() == {FIRST, REST} and len(node[FIRST]) == len(node[REST]) == 1 else None

    def _term(self, term: Term) -> str:
        written = self._written.get(term)
        if written is None:
            if isinstance(term, Literal):
                written = self._literal(term)
            elif term.startswith(BLANK):
                written = f"_:b{len(self._labels)}"
                self._labels[term] = written
            else:
                written = self._iri(term)
            self._written[term] = written
        return written

    def _iri(self, iri: str) -> str:
        for namespace, name in self._namespaces:
            if iri.startswith(namespace) and _LOCAL(iri, len(namespace)):
                self.used.add(name)
                return f"{name}:{iri[len(namespace) :]}"
        if not _IRI(iri):
            raise RecordError(f"holds <{shown(iri)}>, which is no IRI")
        return f"<{iri}>"

    def _literal(self, literal: Literal) -> str:
        if literal.language:
            if not _LANGUAGE(literal.language):
                raise RecordError(f"holds a text in {shown(literal.language)}, which is no language tag")
            return f'"{literal.text.translate(_ESCAPES)}"@{literal.language}'
        if literal.datatype == STRING:
            return f'"{literal.text.translate(_ESCAPES)}"'
        bare = _BARE.get(literal.datatype)
        if bare and bare.fullmatch(literal.text):
            return literal.text
        return f'"{literal.text.translate(_ESCAPES)}"^^{self._iri(literal.datatype)}'
