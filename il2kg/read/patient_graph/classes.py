"""Which nodes of a graph are items, and of which classes."""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from il2kg.rdf.graphs import Graph, Node, Term
from il2kg.read.patient_graph import terms
from il2kg.read.patient_graph.said import Said, every
from il2kg.read.patient_graph.tables import Tables
from il2kg.statements import Doubt
from il2kg.vocabulary import IL2, RDF_TYPE

STRANGE_CLASS: Final = "no class of items"
NO_CLASS: Final = "an item without a class"
SEVERAL_CLASSES: Final = "an item of several classes"
_ABOVE: Final = frozenset({f"{IL2}RecordItem", f"{IL2}MedicationItem", f"{terms.SOSA}Execution"})
# What belongs to items, and is none.
_PARTS: Final = frozenset(
    {
        *(terms.CODED_TEXT, terms.CODING, terms.PRODUCT_CLASS, terms.UNREADABLE, f"{IL2}RecordNote"),
        *(terms.INSTANT, terms.INTERVAL, terms.QUANTITY, terms.UNIT_CLASS, f"{terms.SOSA}FeatureOfInterest"),
    }
)
_PLAIN: Final = terms.ITEMS - {terms.COLLECTION} | {terms.PATIENT}
_KNOWN: Final = terms.ITEMS | _ABOVE | _PARTS | {terms.PATIENT}
_NONE: Final[list[Term]] = []


class GraphItem(msgspec.Struct, frozen=True, gc=False):
    """An item, or a patient: its place, what is said of it, its class, and what is wrong with how that is said.

    ``kind`` is None where nobody can tell the class; ``slips`` then say why.
    """

    place: str
    node: Node
    kind: str | None
    slips: tuple[Doubt, ...] = ()


def is_patient_graph(graph: Graph, tables: Tables) -> bool:
    """Whether a graph speaks of patients in the vocabulary of the patient graph, or in that of SOSA."""
    return any(_speaks(place, node, tables) for place, node in graph.nodes.items())


def _speaks(place: str, node: Node, tables: Tables) -> bool:
    if tables.is_term(place):
        return False  # the ontology itself
    own = any(isinstance(term, str) and is_own(term, tables) for term in node.get(RDF_TYPE, _NONE))
    return own or terms.OF_PATIENT in node or terms.FEATURE in node


def items_of(places: Iterable[str], nodes: dict[str, Node], tables: Tables) -> Iterator[GraphItem]:
    """The items and the patients among some places, in their order; ``nodes`` has all that the source says."""
    for place in places:
        node = nodes[place]
        types = node.get(RDF_TYPE, _NONE)
        if len(types) == 1:
            (kind,) = types
            if kind in _PLAIN:
                yield GraphItem(place, node, str(kind))
                continue
            if kind in _PARTS:
                continue
        if not tables.is_term(place):
            yield from _classified(place, node, tables)


def _classified(place: str, node: Node, tables: Tables) -> Iterator[GraphItem]:
    """A node as an item of each class that it is said to have; more than one, or a strange one, is a slip."""
    types = [term for term in every(node.get(RDF_TYPE, _NONE)) if isinstance(term, str)]
    named = [term for term in types if tables.names_finding(term)]
    findings = [term for term in named if tables.is_term(term)]
    kinds = [term for term in types if term in terms.ITEMS and term not in (terms.ROOT_FINDING, terms.COLLECTION)]
    if findings or terms.ROOT_FINDING in types:
        kinds.append(terms.ROOT_FINDING)
    slips = [(STRANGE_CLASS, tables.nearest(term)) for term in types if _is_strange(term, tables)]
    if terms.PATIENT in types:
        yield GraphItem(place, node, terms.PATIENT)
    if not kinds:
        yield from _unclassified(place, node, types, slips, tables)
        return
    if len(kinds) > 1:
        slips.append((SEVERAL_CLASSES, ", ".join(map(terms.short, kinds))))
    for kind in kinds:
        # What a class names beyond that, a finding or a code, is what the item is about.
        about = terms.FINDING if kind == terms.ROOT_FINDING else terms.CHARTED_AS
        lowest = _lowest([term for term in named if kind == terms.ROOT_FINDING or term not in findings], tables)
        yield GraphItem(
            place, {**node, about: [*node.get(about, _NONE), *lowest]} if lowest else node, kind, tuple(slips)
        )


def _unclassified(place: str, node: Node, types: list[str], slips: list[Doubt], tables: Tables) -> Iterator[GraphItem]:
    """A node of no class of items: an item nevertheless, if it says what only items say, or its class is a slip."""
    if terms.COLLECTION in types:
        said = Said(node, slips)
        said.known(terms.COLLECTION)
    elif not terms.OF_ITEMS_ALONE.isdisjoint(node):
        slips = slips or [(NO_CLASS, "")]
    elif all(tables.knows(term) or not tables.is_term(term) for term in types):
        return
    if slips:
        yield GraphItem(place, node, None, tuple(slips))


def is_own(term: str, tables: Tables) -> bool:
    """Whether a term is the guideline's, the vocabulary's or SOSA's, be it a slip."""
    return tables.is_term(term) or term.startswith(terms.SOSA)


def _is_strange(term: str, tables: Tables) -> bool:
    return is_own(term, tables) and term not in _KNOWN and not tables.names_finding(term)


def _lowest(named: list[str], tables: Tables) -> list[str]:
    """Of classes those that none of the others is below."""
    above = {ancestor for term in named for ancestor in tables.ancestors.get(term, ())}
    return [term for term in named if term not in above]
