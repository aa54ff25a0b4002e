"""The resources of a graph of FHIR RDF, as FHIR elements, for the reader of FHIR JSON (semantics, section 7)."""

from collections.abc import Iterable
from typing import Final

import msgspec

from il2kg.rdf.graphs import Graph, Node, Term
from il2kg.read.fhir.elements import Element
from il2kg.read.fhir_rdf.addresses import address, id_of
from il2kg.read.fhir_rdf.kinds import resource_kinds
from il2kg.read.fhir_rdf.names import FHIR, FIRST, LINK, NODE_ROLE, RESOURCES, TREE_ROOT, L
from il2kg.read.fhir_rdf.walk import Walk
from il2kg.read.limits import QUOTED
from il2kg.record import Problem
from il2kg.vocabulary import OWL, RDFS

_USUAL: Final = (RDFS, OWL)
"""What else is said of everything in RDF."""


class FoundResource(msgspec.Struct, frozen=True, gc=False):
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
    resources: dict[str, Element] = {}
    _read(walk, _tree_roots(walk), resources)
    # What no resource has reached: where nothing says which node is the root, these are all.
    rest = {term: node for term, node in walk.left.items() if _is_of_fhir(node)}
    typed = [term for term, node in rest.items() if resource_kinds(node)]
    held = {term for node in rest.values() for term in _held(node)} if typed else set()
    _read(walk, [term for term in typed if term not in held], resources)
    _read(walk, typed, resources)
    problems += walk.problems
    problems += _left_over(walk, [term for term in rest if term in walk.left])
    return [
        FoundResource(term, content, address(term)) for term, content in resources.items() if term not in walk.embedded
    ]


def _read(walk: Walk, terms: Iterable[str], resources: dict[str, Element]) -> None:
    """Read the resources at some nodes, those that nothing has reached yet."""
    for term in terms:
        if term in walk.left:
            resources[term] = content = walk.resource(term, walk.nodes[term])
            identifier = id_of(term)
            if identifier is not None:
                content.setdefault("id", identifier)


def _tree_roots(walk: Walk) -> list[str]:
    """The resources that say that no other holds them."""
    return [term for term, node in walk.left.items() if NODE_ROLE in node and TREE_ROOT in node[NODE_ROLE]]


def _held(node: Node) -> Iterable[Term]:
    """The nodes that one holds: all without a name, and those of resources within it."""
    for iri, terms in node.items():
        inner = iri == FIRST or (iri.startswith(FHIR) and iri.rpartition("/")[2].rpartition(".")[2] in RESOURCES)
        if iri not in (LINK, L):
            yield from (term for term in terms if inner or (isinstance(term, str) and term.startswith("_:")))


def _is_of_fhir(node: Node) -> bool:
    """Whether FHIR says something of a node besides its type, which is said of what is referred to."""
    return any(iri.startswith(FHIR) for iri in node)


def _left_over(walk: Walk, stray: list[str]) -> list[Problem]:
    """What of FHIR no resource holds, and what is not of FHIR but stands in one."""
    problems: list[Problem] = []
    if stray:
        names = sorted({iri.removeprefix(FHIR) for term in stray for iri in walk.nodes[term] if iri.startswith(FHIR)})
        problems.append(Problem("elements of FHIR that no resource holds", "", f"{len(stray)}: {_shown(names)}"))
    foreign = sorted(iri for iri in walk.foreign if not iri.startswith(_USUAL))
    if foreign:
        problems.append(Problem("properties that are not of FHIR were not read", "", _shown(foreign)))
    return problems


def _shown(names: list[str]) -> str:
    text = ", ".join(names)
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}..."
