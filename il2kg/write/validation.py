"""A record held to its shapes: what is wrong with each item, from files of any format.

The shapes look at a copy of the record (see `comparable`), and what they find is told of the record's own nodes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Final

import msgspec

from il2kg.choices import EngineName, Severity
from il2kg.compile.record_shapes import compile_record_shapes
from il2kg.compile.unit_groups import UnitTable
from il2kg.engine import Engine
from il2kg.guideline.model import Guideline
from il2kg.rdf.graphs import BLANK, Graph, Literal, Node, Term
from il2kg.read.fhir_rdf.resources import fhir_resources
from il2kg.read.patient_graph import terms
from il2kg.read.patient_graph.classes import items_of
from il2kg.read.patient_graph.whole import joined
from il2kg.read.sources.forms import Form
from il2kg.read.sources.rdf_documents import graphs_of
from il2kg.read.sources.source import Formats, patients, patients_of_graphs
from il2kg.read.sources.spill import Content, Spill
from il2kg.read.values import UCUM
from il2kg.statements import Medication, Observation, Patient, PatientStatements, Quantity, Statement
from il2kg.validation.record_report import Flaw, Report, Subject, results_of
from il2kg.validation.shape_engines import Breach, run
from il2kg.validation.shape_index import ShapeIndex
from il2kg.vocabulary import XSD, Namespace
from il2kg.write.comparable import NO_TIME, Comparable, comparable
from il2kg.write.reader_notes import Apart, notes_of

_NOTES: Final[Mapping[str, tuple[str, ...]]] = {
    "doubt": (terms.DOUBT,),
    "result-doubt": (terms.RESULT_DOUBT,),
    "part-doubt": (terms.COMPONENT, terms.DOUBT),
    "product-doubt": (terms.PRODUCT, terms.DOUBT),
    "flaw": (terms.FLAW,),
    "order-flaw": (terms.ORDER_FLAW,),
    "text-flaw": (terms.CHARTED_AS, terms.FLAW),
    "remark": (terms.REMARK,),
    "source-problem": (terms.SOURCE_PROBLEM,),
}
"""The shapes that say that there are notes, and where those stand."""
_NOTHING: Final[Node] = {}


@dataclass(frozen=True, slots=True)
class _Source:
    """The patients of a source, the names of items that were read under another, and its own nodes by items' names."""

    patients: Iterable[Patient]
    called: Mapping[str, str]
    nodes: Mapping[str, str]


def validated(
    engine: Engine, path: Path, *, by: EngineName = "shacl", least: Severity = "violation", form: Form | None = None
) -> Report:
    """What is wrong with the records of a file or folder.

    Args:
        engine: the guideline, the zone of times without one, and the meaning of codes of one's own.
        path: the file or folder.
        by: the SHACL engine.
        least: the mildest severity that keeps the records from conforming.
        form: the format of the files; by default what their names say or what they look like.

    Raises:
        RecordError: it cannot be used as a whole.
    """
    source = _read(path, engine.formats(form))
    results: set[Flaw] = set()
    unusable: list[str] = []
    for patient in source.patients:
        results.update(_results(engine, patient, source, by))
        if patient.unusable is not None:
            unusable.append(f"{patient.name}: {patient.unusable}")
    return Report(str(path), tuple(sorted(results, key=lambda result: result.rank)), least, tuple(unusable))


def validated_patient(engine: Engine, patient: Patient, by: EngineName = "shacl") -> list[Flaw]:
    """What is wrong with the record of one patient, told of the nodes that a patient graph made of it would have."""
    return _results(engine, patient, _Source([patient], {}, {}), by)


def _results(engine: Engine, patient: Patient, source: _Source, by: EngineName) -> list[Flaw]:
    reader, guideline = engine.reader, engine.guideline
    record = reader.record(patient)
    units = _units(patient.statements)
    shapes = _shapes(guideline, _strange(units, guideline))
    names = {statement.item.name for statement in patient.statements}
    strays: dict[str, str] = {}
    for problem in patient.problems:
        if problem.item and problem.item not in names:
            strays[problem.item] = "; ".join(filter(None, (strays.get(problem.item), problem.problem)))
    notes = notes_of(patient, record, reader, _apart(guideline))
    copy = comparable(patient, notes, reader, engine.tables, strays)
    broken = run(by, shapes, copy.triples())
    subjects = _subjects(copy, patient, source, guideline.names)
    shown = {place: text for place, node in copy.nodes.items() if (text := _shown(node, copy.nodes))}
    told = (_as_written(each, copy.spans) for each in broken)
    return results_of(told, ShapeIndex.of(shapes), patient.name, subjects, shown)


def _as_written(flaw: Breach, spans: Mapping[str, str]) -> Breach:
    """What was found of a time as the record has it: not as it was reckoned."""
    if not isinstance(flaw.value, Literal):
        return flaw
    if flaw.value.datatype == f"{XSD}dateTime":
        return replace(flaw, value=Literal(spans.get(flaw.focus, flaw.value.text)))
    return replace(flaw, value=msgspec.structs.replace(flaw.value, text=flaw.value.text.removeprefix(NO_TIME)))


# ---- The source


def _read(path: Path, formats: Formats) -> _Source:
    """The patients of a file or folder; of one file of RDF, items go by their nodes, so that results lead to them."""
    with Spill() as spill:
        if path.is_file():
            content = Content(path, "", spill)
            form = formats.of(content)
            if form is not None and form is not Form.FHIR_JSON:
                graphs, called = _by_place(list(graphs_of(content, form)), formats)
                nodes = {place: place for graph in graphs for place in graph.nodes if not place.startswith(BLANK)}
                nodes |= {name: node for graph in graphs for name, node in _resources(graph)}
                return _Source(patients_of_graphs(graphs, str(path), formats), called, nodes)
    return _Source(patients(path, formats), {}, {})


def _resources(graph: Graph) -> Iterator[tuple[str, str]]:
    """The resources of FHIR RDF that have a node of their own: what messages call them, and the node."""
    for resource in fhir_resources(graph, []):
        kind, identifier = resource.content.get("resourceType"), resource.content.get("id")
        if identifier is not None and not resource.node.startswith(BLANK):
            yield f"{kind}/{identifier}", resource.node


def _by_place(graphs: list[Graph], formats: Formats) -> tuple[list[Graph], dict[str, str]]:
    """Graphs in which items of the patient graph that have a node of their own are called by it."""
    if not graphs:
        return graphs, {}
    whole = joined(graphs)
    items = {
        item.place
        for places in whole.places.values()
        for item in items_of(places, whole.nodes, formats.tables)
        if item.kind != terms.PATIENT and not item.place.startswith(BLANK)
    }
    called = {place: _text(whole.nodes[place].get(terms.IDENTIFIER)) or place for place in items}
    return [
        Graph(graph.name, {p: _called(p, n) if p in items else n for p, n in graph.nodes.items()}) for graph in graphs
    ], called


def _called(place: str, node: Node) -> Node:
    kept = {name: values for name, values in node.items() if name not in (terms.DERIVED, terms.SOURCE)}
    return kept | {terms.IDENTIFIER: [Literal(place)]}


def _text(terms: list[Term] | None) -> str:
    return next((term.text for term in terms or () if isinstance(term, Literal)), "")


# ---- The shapes


def shape_index(engine: Engine) -> ShapeIndex:
    """The shapes of records, for those who write a report."""
    return ShapeIndex.of(_shapes(engine.guideline, ()))


@lru_cache(maxsize=8)
def _shapes(guideline: Guideline, units: tuple[str, ...]) -> str:
    return compile_record_shapes(guideline, units)


@lru_cache(maxsize=2)
def _table(guideline: Guideline) -> UnitTable:
    return UnitTable.of(guideline)


def _strange(units: set[str], guideline: Guideline) -> tuple[str, ...]:
    """The units of a record that the shapes do not list: they are asked for, as the reader does, and listed for it."""
    return tuple(sorted(units - set(_table(guideline).listed)))


@lru_cache(maxsize=2)
def _apart(guideline: Guideline) -> Apart:
    table = _table(guideline)
    observables = guideline.observables.values()
    flows = {o.id: frozenset(u for g in table.flows(o) for u in g.units) for o in observables if o.collected}
    bodies = (table.without_body(o) for o in observables if o.infusion_of is not None)
    return Apart(flows, frozenset(chain.from_iterable(bodies)))


def _units(statements: Sequence[Statement]) -> set[str]:
    """The units of all numbers of a record."""
    units: set[str] = set()
    for statement in statements:
        values: list[object] = []
        if isinstance(statement, Observation):
            values += (value for result in (statement.result, *statement.components) for value in result.values)
        if isinstance(statement, Medication):
            values += (statement.rate, statement.amount)
        units.update(_unit(value) for value in values if isinstance(value, Quantity))
    return units - {""}


def _unit(quantity: Quantity) -> str:
    """The unit by which a number is read."""
    coded = quantity.code is not None and not quantity.code.isspace() and quantity.system in (None, UCUM)
    used = quantity.code if coded else quantity.unit
    return "" if used is None or used.isspace() else used


# ---- What results are told of


def _subjects(copy: Comparable, patient: Patient, source: _Source, names: Namespace) -> dict[str, Subject]:
    subjects = {}
    for place, statement in zip(copy.places, patient.statements, strict=True):
        name, nodes = statement.item.name, source.nodes
        focus = nodes.get(statement.item.iri) or nodes.get(name) or place
        subjects[place] = Subject(source.called.get(name, name), focus, _why(copy.nodes[place], copy.nodes, names))
    own = patient.iri if isinstance(patient, PatientStatements) else ""
    whose = copy.nodes[copy.patient]
    focus = source.nodes.get(own) or copy.patient
    subjects[copy.patient] = Subject(patient.patient or patient.name, focus, _why(whose, copy.nodes, names))
    for place, node in copy.nodes.items():
        if place not in subjects and terms.IDENTIFIER in node and terms.DOUBT in node:
            name = _text(node[terms.IDENTIFIER])
            focus = source.nodes.get(name) or place
            subjects[place] = Subject(source.called.get(name, name), focus, _why(node, copy.nodes, names))
    for part, owner in copy.owners.items():
        if owner in subjects:
            subjects[part] = subjects[owner]
    return subjects


def _why(node: Node, nodes: Mapping[str, Node], names: Namespace) -> dict[str, str]:
    """What is noted of an item, by the shape that says so."""
    reasons = {}
    for shape, path in _NOTES.items():
        here = [node]
        for name in path:
            here = [nodes.get(str(term), _NOTHING) for each in here for term in each.get(name, ())]
        said = [": ".join(filter(None, (_text(n.get(terms.LABEL)), _text(n.get(terms.DETAIL))))) for n in here]
        if said:
            reasons[f"{names.shape}record/{shape}"] = "; ".join(dict.fromkeys(said))
    return reasons


def _shown(node: Node, nodes: Mapping[str, Node]) -> str:
    """What stands at a node, as a person reads it: a number with its unit, or words."""
    number = _text(node.get(terms.NUMERIC) or node.get(terms.SIMPLE_RESULT))
    units = [nodes.get(str(term), _NOTHING) for term in node.get(terms.HAS_UNIT, ())]
    unit = next(
        (text for each in units for name in (terms.UNIT, terms.UCUM_CODE) if (text := _text(each.get(name)))), ""
    )
    shown = f"{_text(node.get(terms.COMPARATOR))}{number} {unit}".strip() if number else unit
    return shown or _text(node.get(terms.WORDS))
