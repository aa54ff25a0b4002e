"""The patients whom a graph speaks of: who they are, what they are called, and which of them an item is about."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

import msgspec

from il2kg.rdf.graphs import Node, Term
from il2kg.read.patient_graph import terms
from il2kg.read.patient_graph.classes import GraphItem, is_own
from il2kg.read.patient_graph.parts import address, called
from il2kg.read.patient_graph.said import STRANGE, Said, is_blank, shown, text_of
from il2kg.read.patient_graph.tables import Tables
from il2kg.record import Problem
from il2kg.statements import (
    NOBODY_STATED,
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
from il2kg.vocabulary import RDF_TYPE

NOBODY: Final = ""
"""The place of the patient of a source that names none."""

_SEVERAL_PATIENTS: Final = ("an item of several patients", "")
_NO_PATIENT: Final = "its subject is no patient"
_NAMESAKE: Final = ("a patient of the same id at another address is in the source, and is read as another", "")
_NAMELESS: Final = "Patient"
_PEOPLE: Final = frozenset({terms.PATIENT, f"{terms.SOSA}FeatureOfInterest"})
_NONE: Final[list[Term]] = []
_NOTHING: Final[Node] = {}


class People:
    """The patients of a source: the nodes that are said to be one, and whom items name."""

    def __init__(self, nodes: dict[str, Node], tables: Tables) -> None:
        self.all: dict[str, None] = {}
        """Their places, in the order in which they are named."""
        self._nodes, self._tables = nodes, tables
        self._of_graph: dict[str, dict[str, None]] = {}
        self._known: dict[Term, str | None] = {}
        self._names: Counter[str] | None = None

    def met(self, item: GraphItem, graph: str) -> str | None:
        """Take note of whom an item of a graph is about; his place, if that is one patient for certain."""
        node = item.node
        named = node.get(terms.FEATURE) or node.get(terms.OF_PATIENT)
        both = terms.ULTIMATE_FEATURE in node or (terms.OF_PATIENT in node and terms.FEATURE in node)
        if named is None or len(named) > 1 or both or item.kind == terms.PATIENT:
            return self._note(item, graph)
        if named[0] not in self._known:
            self._known[named[0]] = self._note(item, graph)
        owner = self._known[named[0]]
        if owner is not None:
            self._of_graph.setdefault(graph, {})[owner] = None
        return owner

    def _note(self, item: GraphItem, graph: str) -> str | None:
        here = self._of_graph.setdefault(graph, {})
        subjects = [item.place] if item.kind == terms.PATIENT else self._subjects(item.node)
        people = [each for each in subjects if isinstance(each, str) and self._may_be_one(each)]
        for place in people:
            self.all[place] = here[place] = None
        return people[0] if len(people) == len(subjects) == 1 else None

    def owners(self, item: GraphItem, graphs: list[str]) -> tuple[list[str], Doubt | None]:
        """Whose an item of some graphs is, once all patients are known; and why that cannot be told, if so."""
        subjects = self._subjects(item.node)
        strangers = [subject for subject in subjects if subject not in self.all]
        if strangers:
            return [], (_NO_PATIENT, ", ".join(sorted(map(shown, strangers))))
        named = list(map(str, subjects)) or self._implied(graphs)
        if len(named) > 1:
            return named, _SEVERAL_PATIENTS
        return named, (NOBODY_STATED, "") if self.all and not named else None

    def _implied(self, graphs: list[str]) -> list[str]:
        """Whose an item is that names nobody: the only patient of its named graph, else of the source."""
        within = [self._of_graph.get(graph, {}) for graph in graphs if graph]
        only = {place for here in within if len(here) == 1 for place in here}
        return sorted(only) or (list(self.all) if len(self.all) == 1 else [])

    def _subjects(self, node: Node) -> list[Term]:
        """Whom, or what, an item is about; a sample is about what it is a sample of."""
        subjects = [*node.get(terms.OF_PATIENT, _NONE), *node.get(terms.ULTIMATE_FEATURE, _NONE)]
        for feature in node.get(terms.FEATURE, _NONE):
            described = self._nodes.get(feature, _NOTHING) if isinstance(feature, str) else _NOTHING
            if terms.SAMPLE_OF in described:
                subjects += described[terms.SAMPLE_OF]
            elif not (terms.ULTIMATE_FEATURE in node and described and not self._may_be_one(str(feature))):
                subjects.append(feature)
        return list(dict.fromkeys(subjects))

    def _may_be_one(self, place: str) -> bool:
        """Whether a node may be a patient: nothing says that it is something else."""
        types = self._nodes.get(place, _NOTHING).get(RDF_TYPE, _NONE)
        own = {term for term in types if isinstance(term, str) and is_own(term, self._tables)}
        return not own or not own.isdisjoint(_PEOPLE)

    def patient(
        self, place: str, statements_of: Mapping[str, list[Statement]], problems: list[Problem]
    ) -> PatientStatements:
        """A patient, with his statements of all (``statements_of``); those without a name get one."""
        node = self._nodes.get(place, _NOTHING)
        said = Said(node, [])
        said.known(terms.PATIENT)
        said.one(terms.IDENTIFIER)
        unnamed = place == NOBODY or said.flag(terms.UNNAMED) is True
        name = None if unnamed else self._told_apart(place, statements_of, said.slips)
        unusable, own = said.text(terms.UNUSABLE), self._source_problems(said)
        own += [Problem(kind, "", detail) for kind, detail in said.slips]
        statements = _with_names(statements_of.get(place, []))
        own += [unheard for each in statements if each.item.doubts for unheard in _unheard(each)]
        iri = "" if place == NOBODY else address(place, node)
        return PatientStatements(name, statements, tuple(sorted({*own, *problems})), unusable, iri=iri)

    def _name(self, place: str) -> str:
        """What a patient is called: by an identifier, else by the node's IRI."""
        return called(place, self._nodes.get(place, _NOTHING)) or _NAMELESS

    def _told_apart(self, place: str, statements_of: Mapping[str, list[Statement]], slips: list[Doubt]) -> str:
        """What a patient is called where another one is called the same: by the node's IRI, else by a number."""
        name = self._name(place)
        if self._names is None:
            self._names = Counter(map(self._name, self.all))
        if self._names[name] == 1:
            return name
        slips.append(_NAMESAKE)
        if not is_blank(place):
            return place
        same = [other for other in self.all if is_blank(other) and self._name(other) == name]
        same.sort(
            key=lambda other: (sorted(map(repr, statements_of.get(other, ()))), sorted(self._nodes.get(other, ())))
        )
        return f"{name} ({same.index(place) + 1})"

    def _source_problems(self, said: Said) -> list[Problem]:
        """What the graph says to be wrong with the source that it was made from."""
        problems: list[Problem] = []
        for term in said.every(terms.SOURCE_PROBLEM):
            note = Said(self._nodes.get(term, _NOTHING) if isinstance(term, str) else _NOTHING, said.slips)
            kind = note.text(terms.LABEL) if isinstance(term, str) else text_of(term)
            problems.append(Problem(kind or "", note.text(terms.ITEM) or "", note.text(terms.DETAIL) or ""))
        return problems


def _unheard(statement: Statement) -> list[Problem]:
    """The slips in the vocabulary of an item of which nobody can say what it is about: else it would be passed over."""
    match statement:
        case Observation():
            about = [statement.result.about, *(part.about for part in statement.components)]
        case Condition() | Procedure() | Other():
            about = [statement.about]
        case Medication():
            return []  # a drug that nobody can name is reported
        case Stay():
            about = []
    if any(each != UNSAID for each in about):
        return []
    item = statement.item
    return [Problem(kind, item.name, detail) for kind, detail in item.doubts if kind == STRANGE]


def _with_names(statements: list[Statement]) -> tuple[Statement, ...]:
    """Statements, of which those without a name are called after their kind and number: ``Observation (3)``.

    They are counted by time, then by all that they say, so that the number does not hang on the order of a file.
    """
    nameless = sorted((each for each in statements if not each.item.name), key=lambda s: (_time(s), repr(s)))
    if not nameless:
        return tuple(statements)
    numbers: Counter[str] = Counter()
    named: dict[int, Statement] = {}
    for each in nameless:
        kind = each.item.kind
        numbers[kind] += 1
        item = msgspec.structs.replace(each.item, name=f"{kind} ({numbers[kind]})")
        named[id(each)] = msgspec.structs.replace(each, item=item)
    return tuple(named.get(id(each), each) for each in statements)


def _time(statement: Statement) -> str:
    when = getattr(statement, "when", None)
    return str((when.start or when.end) if when is not None else getattr(statement, "onset", None) or "")
