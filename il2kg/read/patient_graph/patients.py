"""Whose each item of a graph is, and the statements of each patient (semantics, section 7)."""

from collections import defaultdict
from collections.abc import Sequence

from il2kg.rdf.graphs import Graph
from il2kg.read.patient_graph import terms
from il2kg.read.patient_graph.classes import GraphItem, items_of
from il2kg.read.patient_graph.items import read_item
from il2kg.read.patient_graph.parts import Parts, called
from il2kg.read.patient_graph.people import NOBODY, People
from il2kg.read.patient_graph.routine import Routine
from il2kg.read.patient_graph.tables import Tables
from il2kg.read.patient_graph.whole import joined
from il2kg.record import Problem
from il2kg.statements import Doubt, PatientStatements, Statement


def read_patients(graphs: Sequence[Graph], tables: Tables) -> list[PatientStatements]:
    """The patients of the graphs of one source, in the order in which it names them.

    An item that names no patient is that of the only one of its named graph, else of the source. Where nobody can tell
    whose it is, it stands in every patient's record, and is doubted there.
    """
    whole = joined(graphs)
    people, reader = People(whole.nodes, tables), _Reader(Parts(whole.nodes, tables))
    unowned: list[tuple[GraphItem, list[str]]] = []
    read: set[str] = set()
    for graph, places in whole.places.items():
        for item in items_of(places, whole.nodes, tables):
            owner = people.met(item, graph)
            if item.place not in whole.shared:
                if owner is None:
                    unowned.append((item, [graph]))
                elif item.kind != terms.PATIENT:
                    reader.read(item, [owner])
            elif item.kind != terms.PATIENT and item.place not in read:
                unowned.append((item, whole.shared[item.place]))
        read |= whole.shared.keys() & places.keys()
    for item, within in unowned:
        owners, doubt = people.owners(item, within)
        reader.read(item, owners or list(people.all) or [NOBODY], doubt)
    named = people.all or reader.said.keys() | reader.problems.keys()
    return [people.patient(place, reader.said, reader.problems[place]) for place in named]


class _Reader:
    """Reads items into what is said of each patient."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._routine = Routine(parts)
        self.said: dict[str, list[Statement]] = defaultdict(list)
        self.problems: dict[str, list[Problem]] = defaultdict(list)

    def read(self, item: GraphItem, owners: list[str], doubt: Doubt | None = None) -> None:
        """Read an item of some patients; ``doubt`` says why nobody can tell whose it is, if so."""
        place, node, kind, slips = item.place, item.node, item.kind, item.slips
        if kind == terms.OBSERVATION and not slips and doubt is None:
            common = self._routine.observation(place, node)
            if common is not None:
                self.said[owners[0]].append(common)
                return
        doubts = [*slips, *(() if doubt is None else (doubt,))]
        if kind is None:
            name = called(place, node)
            told = [Problem(what, name, detail) for what, detail in doubts]
            for owner in owners:
                self.problems[owner] += told
            return
        statement = read_item(self._parts, kind, place, node, doubts)
        for owner in owners:
            self.said[owner].append(statement)
