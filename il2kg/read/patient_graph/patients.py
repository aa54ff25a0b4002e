"""Whose each item of a graph is, and the statements of each patient (semantics, section 7.1)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from il2kg.rdf.graphs import Graph, Term
from il2kg.read.patient_graph import terms
from il2kg.read.patient_graph.classes import Found, items_of
from il2kg.read.patient_graph.items import read_item
from il2kg.read.patient_graph.parts import Parts
from il2kg.read.patient_graph.people import NOBODY, People
from il2kg.read.patient_graph.routine import Routine
from il2kg.read.patient_graph.said import STRANGE, is_blank, text_of
from il2kg.read.patient_graph.tables import Tables
from il2kg.read.patient_graph.whole import joined
from il2kg.record import Problem
from il2kg.statements import (
    UNSAID,
    Condition,
    Doubt,
    Medication,
    Observation,
    Other,
    PatientStatements,
    Procedure,
    Statement,
    Stay,
)

_NONE: Final[list[Term]] = []


def read_patients(graphs: Sequence[Graph], tables: Tables) -> list[PatientStatements]:
    """The patients of the graphs of one source, in the order in which it names them.

    An item that names no patient is that of the only one of its named graph, else of the source. Where nobody can tell
    whose it is, it stands in every patient's record, and is doubted there.
    """
    whole = joined(graphs)
    people, reader = People(whole.nodes), _Reader(Parts(whole.nodes, tables))
    unowned: list[tuple[Found, list[str]]] = []
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
    return [people.patient(place, reader.said[place], reader.problems[place]) for place in people.all or [NOBODY]]


class _Reader:
    """Reads items into what is said of each patient."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._routine = Routine(parts)
        self.said: dict[str, list[Statement]] = defaultdict(list)
        self.problems: dict[str, list[Problem]] = defaultdict(list)

    def read(self, item: Found, owners: list[str], doubt: Doubt | None = None) -> None:
        """Read an item of some patients; ``doubt`` says why nobody can tell whose it is, if so."""
        place, node, kind, slips = item
        if kind == terms.OBSERVATION and not slips and doubt is None:
            common = self._routine.observation(place, node)
            if common is not None:
                self.said[owners[0]].append(common)
                return
        doubts = [*slips, *(() if doubt is None else (doubt,))]
        told: Iterable[Doubt] = doubts
        if kind is not None:
            statement = read_item(self._parts, kind, place, node, doubts)
            told = _unheard(statement) if statement.item.doubts else ()
            for owner in owners:
                self.said[owner].append(statement)
        for what, detail in told:
            for owner in owners:
                self.problems[owner].append(Problem(what, _called(item), detail))


def _called(item: Found) -> str:
    """What messages call an item; empty where it has no name."""
    for term in item.node.get(terms.IDENTIFIER, _NONE):
        return text_of(term) or ""
    return "" if is_blank(item.place) else item.place


def _unheard(statement: Statement) -> list[Doubt]:
    """The slips in the vocabulary of an item of which nobody can say what it is about: else it would be passed over."""
    match statement:
        case Observation():
            about = [statement.result.about, *(part.about for part in statement.components)]
        case Condition() | Procedure() | Other():
            about = [statement.about]
        case Medication() | Stay():
            about = []  # a drug without a name is reported, and a stay is about nothing else
    return [] if any(each != UNSAID for each in about) else [d for d in statement.item.doubts if d[0] == STRANGE]
