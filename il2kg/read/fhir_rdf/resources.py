"""The resources of a graph of FHIR RDF, as FHIR elements, for the reader of FHIR JSON (semantics, section 7.1)."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from il2kg.rdf.graphs import Graph, Node, Term
from il2kg.read.fhir.elements import Element
from il2kg.read.fhir_rdf.addresses import address, id_of
from il2kg.read.fhir_rdf.kinds import resource_kinds
from il2kg.read.fhir_rdf.names import FHIR, FIRST, LINK, NODE_ROLE, RESOURCES, TREE_ROOT, L
from il2kg.read.fhir_rdf.walk import Walk
from il2kg.read.sources.json_text import SHOWN
from il2kg.record import Problem
from il2kg.vocabulary import OWL, RDFS

_USUAL: Final = (RDFS, OWL)
"""What else is said of everything in RDF."""


class FoundResource(NamedTuple):
    """A resource that no other holds: its node, its content as FHIR JSON would have it, and its address if it has one.

    In a Bundle, the address would be its ``fullUrl``.
    """

    node: str
    content: Element
    address: str | None


def fhir_resources(graph: Graph, problems: list[Problem]) -> list[FoundResource]:
    """The resources of a graph, Bundles as one; what cannot be understood becomes a problem.

    Nodes that are not of FHIR are left alone. A resource that is understood in part is marked (see `notes`).
    """
    walk = Walk(graph.nodes)
    found: dict[str, Element] = {}
    for roots in (_tree_roots, _unheld, _typed):
        for term in roots(walk):
            if term in walk.left:
                content = walk.resource(term, graph.nodes[term])
                if "id" not in content and (identifier := id_of(term)) is not None:
                    content["id"] = identifier
                found[term] = content
    problems += walk.problems
    problems += _rest(walk)
    return [FoundResource(term, content, address(term)) for term, content in found.items() if term not in walk.embedded]


def _tree_roots(walk: Walk) -> list[str]:
    """The resources that say that no other holds them."""
    return [term for term, node in walk.left.items() if NODE_ROLE in node and TREE_ROOT in node[NODE_ROLE]]


def _typed(walk: Walk) -> list[str]:
    """Nodes of resources of which more is said than their type (as it is of what is referred to)."""
    return [term for term, node in walk.left.items() if _says_something(node) and resource_kinds(node)]


def _unheld(walk: Walk) -> list[str]:
    """Nodes of resources that no other node holds."""
    held = {term for node in walk.left.values() for term in _held(node)}
    return [term for term in _typed(walk) if term not in held]


def _held(node: Node) -> Iterable[Term]:
    """The nodes that one holds: all without a name, and those of resources within it."""
    for iri, terms in node.items():
        inner = iri == FIRST or (iri.startswith(FHIR) and iri.rpartition("/")[2].rpartition(".")[2] in RESOURCES)
        if iri not in (LINK, L):
            yield from (term for term in terms if inner or (isinstance(term, str) and term.startswith("_:")))


def _says_something(node: Node) -> bool:
    return any(iri.startswith(FHIR) for iri in node)


def _rest(walk: Walk) -> list[Problem]:
    """What of FHIR no resource holds, and what is not of FHIR but stands in one."""
    found: list[Problem] = []
    stray = [node for node in walk.left.values() if _says_something(node)]
    if stray:
        names = sorted({iri.removeprefix(FHIR) for node in stray for iri in node if iri.startswith(FHIR)})
        found.append(Problem("elements of FHIR that no resource holds", "", f"{len(stray)}: {_shown(names)}"))
    foreign = sorted(iri for iri in walk.foreign if not iri.startswith(_USUAL))
    if foreign:
        found.append(Problem("properties that are not of FHIR were not read", "", _shown(foreign)))
    return found


def _shown(names: list[str]) -> str:
    text = ", ".join(names)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
