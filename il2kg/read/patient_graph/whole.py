"""Graphs as one: what is said from the other end, and what a collection of observations says for its members."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from il2kg.rdf.graphs import Graph, Literal, Node, Term
from il2kg.read.patient_graph import terms
from il2kg.read.patient_graph.said import every
from il2kg.vocabulary import RDF_TYPE

_NOT_HERE: Final = Literal("a member of a collection that is not described")
# What would set two patients, or two properties, against each other where a member and its collection differ.
_TO_AGREE: Final = frozenset({terms.FEATURE, terms.ULTIMATE_FEATURE, terms.OF_PATIENT, terms.PROPERTY})
_M, _R, _F = terms.INVERSES
_NONE: Final[list[Term]] = []


@dataclass(frozen=True, slots=True)
class Whole:
    """All that a source says: its nodes, the places that each of its graphs speaks of, and those that several do."""

    nodes: dict[str, Node]
    places: dict[str, dict[str, None]]
    shared: dict[str, list[str]]


def joined(graphs: Sequence[Graph]) -> Whole:
    """Graphs as one. They are not changed: a node that says more than its graph does is a copy."""
    nodes: dict[str, Node] = graphs[0].nodes if len(graphs) == 1 else {}
    places: dict[str, dict[str, None]] = {}
    shared: dict[str, list[str]] = {}
    for graph in graphs:
        places.setdefault(graph.name, {}).update(dict.fromkeys(graph.nodes))
        if nodes is not graph.nodes:
            for place in graph.nodes.keys() & nodes.keys():
                shared.setdefault(place, []).append(graph.name)
            nodes |= {p: _both(nodes[p], node) if p in nodes else node for p, node in graph.nodes.items()}
    for place, named in shared.items():
        named[:] = [graph.name for graph in graphs if place in graph.nodes]
    linked = [p for p, node in nodes.items() if terms.MEMBER in node or _M in node or _R in node or _F in node]
    if not linked:
        return Whole(nodes, places, shared)
    whole = Whole(dict(nodes), places, shared)
    for place in linked:
        _turn(whole.nodes, place)
    _hand_down(whole, [place for place, node in whole.nodes.items() if terms.MEMBER in node])
    return whole


def _turn(nodes: dict[str, Node], place: str) -> None:
    """Say of the things that a node points at what it says of itself from the other end."""
    for inverse, name in terms.INVERSES.items():
        for other in nodes[place].get(inverse, _NONE):
            if isinstance(other, str) and other in nodes:
                nodes[other] = _both(nodes[other], {name: [place]})


def _hand_down(whole: Whole, collections: list[str]) -> None:
    """Give the members of collections what they do not say themselves; collections may be members of others."""
    nodes, todo = whole.nodes, collections[::-1]
    while todo:
        place = todo.pop()
        handed = {name: nodes[place][name] for name in terms.INHERITED if name in nodes[place]}
        for member in every(nodes[place][terms.MEMBER]):
            if not isinstance(member, str):
                continue
            if member not in nodes:
                nodes[member] = {terms.DOUBT: [_NOT_HERE]}
                next(each for each in whole.places.values() if place in each)[member] = None
            given = _given(nodes[member], handed)
            if given != nodes[member]:
                nodes[member] = given
                todo += [member] if terms.MEMBER in given else []


def _given(member: Node, handed: Node) -> Node:
    """A member with what its collection says; where both say it, and may not differ, what differs is said, too."""
    own: Node = {RDF_TYPE: [terms.COLLECTION if terms.MEMBER in member else terms.OBSERVATION], **member}
    for name, values in handed.items():
        stated = own.get(name)
        if stated is None:
            own[name] = values
        elif name in _TO_AGREE and not set(stated) <= set(values):
            own[name] = list(dict.fromkeys((*stated, *values)))
    return own


def _both(one: Node, other: Node) -> Node:
    """What is said of a node in two places."""
    names = dict.fromkeys((*one, *other))
    return {name: list(dict.fromkeys((*one.get(name, _NONE), *other.get(name, _NONE)))) for name in names}
