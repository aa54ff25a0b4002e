"""Assessments as RDF, whose links lead to the nodes of the patient graph."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from il2kg.assessment import Assessment
from il2kg.explain.as_rdf import RecordNames, to_graph
from il2kg.explain.provenance import made_by
from il2kg.explain.rdf_text import jsonld, turtle
from il2kg.rdf.graphs import Graph
from il2kg.write.iris import is_iri, item_iri, patient_iri

_NONE: Final[Mapping[str, str]] = MappingProxyType({})


def assessment_graph(assessment: Assessment, *, patient: str = "", items: Mapping[str, str] = _NONE) -> Graph:
    """The graph of an assessment, under its own IRI.

    Args:
        assessment: what is said of one record.
        patient: the IRI of the patient, where the source gives one; else the one that the patient graph has.
        items: the IRIs of items, by name, where the source gives them; else those that the patient graph has.
    """

    def item(name: str) -> str:
        return items.get(name) or (name if is_iri(name) else item_iri(assessment.patient, name))

    return to_graph(assessment, RecordNames(patient or patient_iri(assessment.patient), item), made_by())


def to_turtle(assessment: Assessment, *, patient: str = "", items: Mapping[str, str] = _NONE) -> str:
    """An assessment as a Turtle document (see `assessment_graph`)."""
    graph = assessment_graph(assessment, patient=patient, items=items)
    return turtle(graph, _near(graph, assessment))


def to_jsonld(assessment: Assessment, *, patient: str = "", items: Mapping[str, str] = _NONE) -> str:
    """An assessment as a JSON-LD object, on one line without its end (see `assessment_graph`)."""
    graph = assessment_graph(assessment, patient=patient, items=items)
    return jsonld(graph, _near(graph, assessment))


def _near(graph: Graph, assessment: Assessment) -> dict[str, str]:
    """Prefixes of what lies below the assessment, and below the patient."""
    return {"this": f"{graph.name}:", "item": f"{patient_iri(assessment.patient)}:"}
