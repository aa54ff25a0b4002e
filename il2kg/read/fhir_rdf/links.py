"""Links of FHIR RDF: what a reference means, as an IRI beside it, or instead of it."""

from collections.abc import Mapping, Sequence
from typing import Final

from il2kg.rdf.graphs import Literal, Node, Term
from il2kg.read.fhir_rdf.addresses import address, disagree, id_of, reference
from il2kg.read.fhir_rdf.kinds import resource_kinds
from il2kg.read.fhir_rdf.names import FHIR, FIRST, NIL, VALUE, V
from il2kg.read.fhir_rdf.values import Tell

_IDS: Final = (f"{FHIR}id", f"{FHIR}Resource.id")
_NO_NODE: Final[Node] = {}


class Links:
    """What the nodes of a graph are to those that point to them: elements, resources, or names of something outside."""

    def __init__(self, nodes: Mapping[str, Node], tell: Tell) -> None:
        self._nodes = nodes
        self._tell = tell

    def is_name(self, term: str) -> bool:
        """Whether an IRI is the name of a resource, or of something of which FHIR says nothing here."""
        node = self._nodes.get(term)
        if node is None or term.startswith("_:"):
            return node is None
        return FIRST not in node and (bool(resource_kinds(node)) or not any(iri.startswith(FHIR) for iri in node))

    def is_element(self, term: Term) -> bool:
        """Whether what a property points to is an element rather than a resource or a value."""
        if not isinstance(term, str):
            return False
        if term not in self._nodes:
            return term == NIL or term.startswith("_:")
        return not self.is_name(term) and (FIRST in self._nodes[term] or not resource_kinds(self._nodes[term]))

    def reference(self, term: str) -> str:
        """What refers to the resource of an IRI, by its type and id where it has no address."""
        node = self._nodes.get(term, _NO_NODE)
        kinds = resource_kinds(node)
        kind = kinds[0].removeprefix("_") if kinds else None
        identifier = self._said_id(node) or id_of(term)
        if kind is not None and identifier is not None and address(term) is None:
            return f"{kind}/{identifier}"
        return reference(term, kind)

    def check(self, said: object, links: Sequence[str]) -> None:
        """Tell where a reference and the links beside it mean different resources."""
        if len(set(links)) > 1:
            self._tell("a reference to several resources", ", ".join(links), True)
        elif links and isinstance(said, str) and disagree(said, links[0]) and not self._is_of(links[0], said):
            self._tell("a reference and a link that disagree", said, True)

    def _is_of(self, term: str, said: str) -> bool:
        """Whether the resource of an IRI has, by its own words, the type and id that a reference says."""
        node = self._nodes.get(term, _NO_NODE)
        return any(f"{kind}/{self._said_id(node)}" == said for kind in resource_kinds(node))

    def _said_id(self, node: Node) -> str | None:
        holders = (self._nodes.get(term) for iri in _IDS for term in node.get(iri, ()) if isinstance(term, str))
        terms = (term for holder in holders if holder for key in (V, VALUE) for term in holder.get(key, ()))
        return next((term.text for term in terms if isinstance(term, Literal)), None)
