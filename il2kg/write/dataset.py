"""Records, what they were read as, and what is said of them, as named graphs that can be queried beside the guideline.

Each patient has three: his record as a patient graph, what it was read as, and his assessment. One more, the index,
says whose each of them is.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, count
from typing import Final

from il2kg.assessment.result import Assessment
from il2kg.engine import Engine
from il2kg.errors import EvaluatorDisagreement, RecordError
from il2kg.explain.as_rdf import RecordNames
from il2kg.explain.described import a, p, said, text
from il2kg.explain.reading import reading_graph
from il2kg.rdf.graphs import BLANK, Graph, Literal, Node
from il2kg.read.patient_graph import terms
from il2kg.request import NamedRecord, Request, instant_of
from il2kg.statements import Patient, at_hand
from il2kg.vocabulary import RDF_TYPE
from il2kg.write.assessments import assessment_graph
from il2kg.write.iris import GRAPH, item_iri
from il2kg.write.naming import plain_names
from il2kg.write.patient_graph import patient_graph

INDEX: Final = "urn:il2kg:records"
"""The graph that says of each of the others whose it is."""
READING: Final = "urn:il2kg:reading:"
"""How the names begin of graphs that hold what a record was read as."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a patient, or a part of it: graphs, and what went wrong, if anything."""

    graphs: tuple[Graph, ...]
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    """A record that is still to be assessed, with the names of its nodes and of its graph."""

    named: NamedRecord
    names: RecordNames
    graph: str


class RecordGraphs:
    """Makes the graphs of patients of one source after the other.

    A patient of a name that an earlier source has, too, may be somebody else: his nodes are named after his source.
    """

    def __init__(self, engine: Engine, request: Request) -> None:
        self._engine, self._request = engine, request
        self._plain = plain_names(engine.reader.records.concepts)
        self._taken: set[tuple[str | None, str]] = set()
        self._kept: list[_Kept] = []

    def of(self, patients: Iterable[Patient]) -> Iterator[Told]:
        """The records of the patients of one source, and what they were read as.

        Raises:
            RecordError: the source cannot be read on. What was told before holds.
        """
        for patient in patients:
            source = self._apart(patient)
            graph = patient_graph(at_hand(patient), self._plain, self._engine.tables, source)
            (named,) = self._engine.named([patient])
            names = names_in(graph, named.record.patient, source)
            each = _Kept(named, names, graph.name)
            failure = self._not_assessed(named)
            reading = reading_graph(
                named.record, READING + graph.name.removeprefix(GRAPH), names, self._engine.guideline
            )
            yield Told((graph, reading, _index(each, reading.name, failure)), failure)
            if failure is None:
                self._kept.append(each)

    def _apart(self, patient: Patient) -> str:
        """What tells a patient from those of the same name before him; nothing, where there was none."""
        numbered = (f"{patient.name} ({number})" for number in count(2))
        source = next(s for s in chain(("", patient.name), numbered) if (patient.patient, s) not in self._taken)
        self._taken.add((patient.patient, source))
        return source

    def _not_assessed(self, named: NamedRecord) -> str | None:
        try:
            instant_of(named.record, self._request)
        except RecordError as error:
            return f"{named.name}: {error}"
        return None

    def assessed(self) -> Iterator[Told]:
        """The assessments of all records so far, which are assessed together: that is quicker by far."""
        outcomes = self._engine.assess([each.named for each in self._kept], self._request)
        for each, outcome in zip(self._kept, outcomes, strict=True):
            if isinstance(outcome, EvaluatorDisagreement):
                node = said(p("notAssessed", text(str(outcome))))
                yield Told((Graph(INDEX, {each.graph: node}),), str(outcome))
            else:
                yield Told(self._told_of(outcome, each.names))

    def _told_of(self, assessment: Assessment, names: RecordNames) -> tuple[Graph, Graph]:
        graph = assessment_graph(assessment, self._engine.guideline, names)
        return graph, Graph(INDEX, {graph.name: said(a("AssessmentGraph"), p("graphOf", names.patient))})


def names_in(graph: Graph, patient: str | None, source: str = "") -> RecordNames:
    """The IRIs of a patient and his items in a patient graph.

    Args:
        graph: the patient graph.
        patient: what the source calls the patient.
        source: tells him from one of the same name, as in `patient_graph`.
    """
    (subject,) = (name for name, node in graph.nodes.items() if terms.PATIENT in node.get(RDF_TYPE, ()))
    items: dict[str, list[str]] = defaultdict(list)
    for name, node in graph.nodes.items():
        if not name.startswith(BLANK):
            items[_called(name, node)].append(name)

    def named(name: str) -> tuple[str, ...]:
        return tuple(items.get(name, ())) or (item_iri(patient, name, source=source),)

    return RecordNames(subject, named)


def _called(name: str, node: Node) -> str:
    """What messages call a node."""
    return next((term.text for term in node.get(terms.IDENTIFIER, ()) if isinstance(term, Literal)), name)


def _index(each: _Kept, reading: str, failure: str | None) -> Graph:
    patient = p("graphOf", each.names.patient)
    record = said(a("RecordGraph"), patient, p("recordName", text(each.named.name)), p("notAssessed", text(failure)))
    return Graph(INDEX, {each.graph: record, reading: said(a("ReadingGraph"), patient)})
