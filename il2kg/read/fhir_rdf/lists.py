"""Lists of FHIR RDF: those of RDF (R5), and the places that values say of themselves (R4)."""

from collections.abc import Mapping
from typing import Final

from il2kg.rdf.graphs import Literal, Node, Term
from il2kg.read.fhir_rdf.literals import value_of
from il2kg.read.fhir_rdf.names import FIRST, INDEX, NIL, REST
from il2kg.read.fhir_rdf.values import Tell
from il2kg.vocabulary import RDF_TYPE

_END: Final[list[Term]] = [NIL]
_CELL: Final = frozenset({FIRST, REST, RDF_TYPE})
_NO_NODE: Final[Node] = {}


def place(node: Node) -> int | None:
    """The place that a node says that it has in a list."""
    said = node.get(INDEX)
    if said is None:
        return None
    places = [value_of(term) for term in said if isinstance(term, Literal)]
    return places[0] if len(places) == 1 and isinstance(places[0], int) else None


def members(node: Node, nodes: Mapping[str, Node], left: dict[str, Node], name: str, tell: Tell) -> list[Term]:
    """What is in the list that begins at a node, as far as it can be followed; its nodes are not ``left`` any more."""
    if len(node) < len(_CELL) and node.get(REST) == _END and len(node.get(FIRST, ())) == 1:
        return node[FIRST]
    terms: list[Term] = []
    seen: set[int] = set()
    while id(node) not in seen:
        seen.add(id(node))
        first, rest = node.get(FIRST, []), node.get(REST, [])
        terms += first
        if len(first) != 1 or len(rest) != 1 or not isinstance(rest[0], str) or not node.keys() <= _CELL:
            break
        if rest[0] == NIL:
            return terms
        left.pop(rest[0], None)
        node = nodes.get(rest[0], _NO_NODE)
    tell("a list that is broken", name, True)
    return terms
