"""The JSON document of an assessment, put together again from its RDF by a library that had no part in writing it."""

from decimal import Decimal
from typing import Any

from rdflib import PROV, RDF, RDFS, SKOS, Graph, Namespace
from rdflib.term import Literal, Node

from tests.ontology.files import FILES

IL2 = Namespace("https://w3id.org/il2kg/")
Document = dict[str, Any]


def words() -> dict[Node, str]:
    """The words of decisions and statuses, as the ontology has them."""
    graph = Graph()
    for path in FILES:
        if path.name in ("assessment.ttl", "decisions.ttl"):
            graph.parse(path)
    return {subject: str(notation) for subject, notation in graph.subject_objects(SKOS.notation)}


WORDS = words()


def document(graph: Graph) -> Document:
    """The document of the one assessment in a graph."""
    (found,) = documents(graph)
    return found


def documents(graph: Graph) -> list[Document]:
    """The documents of all assessments in a graph."""
    return [_document(graph, node) for node in graph.subjects(RDF.type, IL2.WrittenAssessment)]


def _document(graph: Graph, node: Node) -> Document:
    def text(predicate: str) -> str | None:
        return _text(graph, node, predicate)

    criteria = [_criterion(graph, found) for found in _ordered(graph, node, "criterionStatus")]
    return {
        "record": text("recordName"),
        "patient": text("patient"),
        "at": text("at"),
        "charting": text("charting"),
        "overall": _decision(graph, node),
        "rule_sets": dict(_rule_set(graph, found, criteria) for found in _ordered(graph, node, "byRuleSet")),
        "criteria": criteria,
        "interventions": [_advice(graph, found) for found in _ordered(graph, node, "advises")],
        "to_assess": [_name(graph, found, "concept") for found in _ordered(graph, node, "toAssess")],
        "problems": [_problem(graph, found) for found in _ordered(graph, node, "problem")],
        "zone": text("zone"),
        "given": text("eventGivenAt"),
        "passed_over": [_passed_over(graph, found) for found in _ordered(graph, node, "passedOver")],
    }


def _rule_set(graph: Graph, node: Node, criteria: list[Document]) -> tuple[str, Document]:
    name = _name(graph, node, "inRuleSet")

    def ids(status: str) -> list[str]:
        return sorted(c["id"] for c in criteria if (c["rule_set"], c["status"]) == (name, status))

    assert name is not None
    applies = _one(graph, node, IL2.entersDecision)
    return name, {
        **_decision(graph, node),
        "applies": applies.toPython(),
        **{status: ids(status) for status in ("met", "held", "unknown")},
    }


def _criterion(graph: Graph, node: Node) -> Document:
    return {
        "id": _name(graph, node, "criterion"),
        "rule_set": _name(graph, node, "inRuleSet"),
        "effect": _name(graph, node, "asksFor"),
        "status": WORDS[_one(graph, node, IL2.status)],
        "label": _text(graph, node, "says"),
        "since": _text(graph, node, "since"),
        "condition": _text(graph, node, "metWhen"),
        "resume": _text(graph, node, "liftedWhen"),
        "source": _text(graph, node, "statedIn"),
        "evidence": [_evidence(graph, found) for found in _ordered(graph, node, "evidence")],
    }


def _evidence(graph: Graph, node: Node) -> Document:
    derivations = sorted(
        graph.objects(node, PROV.qualifiedDerivation), key=lambda d: _one(graph, d, IL2.position).toPython()
    )
    # The plain links to items are those of the derivations.
    assert set(graph.objects(node, PROV.wasDerivedFrom)) == {
        item for d in derivations for item in graph.objects(d, PROV.entity)
    }
    resources = [_text(graph, derivation, "itemName") for derivation in derivations]
    value = graph.value(node, IL2.value)
    found = {
        "concept": _name(graph, node, "concept"),
        "value": _text(graph, node, "valueInWords") if value is None else _number(value),
        "unit": _text(graph, node, "unit"),
        "time": _text(graph, node, "valueAt"),
        "resource": resources[0] if resources else None,
        "resources": resources,
    }
    for key, predicate in (("quantity", "quantityInWords"), ("charted", "charted"), ("because", "reason")):
        if (text := _text(graph, node, predicate)) is not None:
            found[key] = text
    if (start := _text(graph, node, "windowStart")) is not None:
        found["window"] = {"start": start, "end": _text(graph, node, "windowEnd")}
    if graph.value(node, IL2.atBeginning) is not None:
        found["began"] = True
    return found


def _advice(graph: Graph, node: Node) -> Document:
    found: Document = {
        "id": _name(graph, node, "intervention"),
        "label": _text(graph, node, "says"),
        "for": _name(graph, node, "forFinding"),
        "treatment": _name(graph, node, "advisedTreatment"),
        "when": _text(graph, node, "advisedWhen"),
        "strength": _name(graph, node, "advisedHow"),
        "source": _text(graph, node, "statedIn"),
    }
    low, high = graph.value(node, IL2.advisedLow), graph.value(node, IL2.advisedHigh)
    if low is not None or high is not None:
        found["dose"] = {
            "low": None if low is None else _number(low),
            "high": None if high is None else _number(high),
            "unit": _text(graph, node, "unit"),
            "route": _text(graph, node, "advisedRoute"),
            "frequency": _text(graph, node, "advisedFrequency"),
        }
    return found


def _problem(graph: Graph, node: Node) -> Document:
    kind, detail = str(_one(graph, node, RDFS.label)), _text(graph, node, "detail")
    return {"item": _text(graph, node, "item") or "", "problem": f"{kind}: {detail}" if detail else kind}


def _passed_over(graph: Graph, node: Node) -> Document:
    return {
        "resource": _text(graph, node, "entryType"),
        "system": _text(graph, node, "passedSystem"),
        "code": _text(graph, node, "passedCode"),
        "text": _text(graph, node, "words"),
        "count": _one(graph, node, IL2["count"]).toPython(),
    }


def _decision(graph: Graph, node: Node) -> Document:
    predicates = {"decision": "decision", "at_least": "decisionAtLeast", "at_most": "decisionAtMost"}
    return {key: WORDS[_one(graph, node, IL2[predicate])] for key, predicate in predicates.items()}


def _ordered(graph: Graph, node: Node, predicate: str) -> list[Node]:
    placed = {_one(graph, found, IL2.position).toPython(): found for found in graph.objects(node, IL2[predicate])}
    assert sorted(placed) == list(range(1, len(list(graph.objects(node, IL2[predicate]))) + 1))
    return [placed[position] for position in sorted(placed)]


def _one(graph: Graph, node: Node, predicate: Node) -> Any:
    (found,) = graph.objects(node, predicate)
    return found


def _text(graph: Graph, node: Node, predicate: str) -> str | None:
    found = list(graph.objects(node, IL2[predicate]))
    assert len(found) < 2
    # The library writes times its own way.
    return str(found[0]).replace("+00:00", "Z") if found else None


def _name(graph: Graph, node: Node, predicate: str) -> str | None:
    found = _text(graph, node, predicate)
    assert found is None or found.startswith(IL2)
    return None if found is None else found.removeprefix(IL2)


def _number(literal: Node) -> float | bool:
    """A number as JSON has it; a value of any other datatype than decimal and boolean is a mistake."""
    assert isinstance(literal, Literal)
    value = literal.toPython()
    assert isinstance(value, bool | Decimal)
    return value if isinstance(value, bool) else float(value)
