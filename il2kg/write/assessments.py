"""Assessments as RDF, whose links lead to the nodes of the record."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from il2kg.assessment.result import Assessment
from il2kg.explain.as_jsonld import jsonld
from il2kg.explain.as_rdf import RecordNames, to_graph
from il2kg.explain.described import PROV
from il2kg.explain.provenance import made_by
from il2kg.guideline.model import Guideline
from il2kg.rdf.formats import RdfFormat
from il2kg.rdf.graphs import Graph
from il2kg.rdf.writing import serialise
from il2kg.vocabulary import IL2, RDFS, XSD
from il2kg.write.iris import is_iri, item_iri, patient_iri

_PREFIXES: Final = {"il2": IL2, "prov": PROV, "rdfs": RDFS, "xsd": XSD}
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


def assessment_graph(assessment: Assessment, guideline: Guideline, names: RecordNames | None = None) -> Graph:
    """The graph of an assessment, under its own IRI.

    Args:
        assessment: what is said of one record.
        guideline: by which it is said.
        names: the IRIs of the record's patient and items; by default those that a patient graph gives them.
    """
    return to_graph(assessment, guideline, names or names_of(assessment.patient), made_by(guideline))


def names_of(patient: str | None, own: str = "", addresses: Mapping[str, str] = _NONE) -> RecordNames:
    """The IRIs of a patient and his items: those that the source gives, else those that a patient graph gives them.

    Args:
        patient: what the source calls the patient.
        own: his own address, empty where there is none.
        addresses: those of items, by their names.
    """

    def items(name: str) -> tuple[str, ...]:
        return (next(filter(is_iri, (addresses.get(name, ""), name)), None) or item_iri(patient, name),)

    return RecordNames(next(filter(is_iri, (own, patient or "")), None) or patient_iri(patient), items)


def to_turtle(
    assessment: Assessment, guideline: Guideline, *, patient: str = "", items: Mapping[str, str] = _NONE
) -> str:
    """An assessment as a Turtle document. Several behind one another are one document, too.

    Args:
        assessment: what is said of one record.
        guideline: by which it is said.
        patient: the patient's own address, empty where there is none.
        items: those of items, by their names.
    """
    graph = assessment_graph(assessment, guideline, names_of(assessment.patient, patient, items))
    return serialise([graph], RdfFormat.TURTLE, _prefixes(graph, guideline)).decode()


def to_jsonld(
    assessment: Assessment, guideline: Guideline, *, patient: str = "", items: Mapping[str, str] = _NONE
) -> str:
    """An assessment as a JSON-LD object, on one line without its end; arguments as of `to_turtle`."""
    graph = assessment_graph(assessment, guideline, names_of(assessment.patient, patient, items))
    return jsonld(graph, _prefixes(graph, guideline))


def _prefixes(graph: Graph, guideline: Guideline) -> dict[str, str]:
    """Prefixes of the guideline and of the vocabularies, and of what lies below the assessment."""
    return {**_PREFIXES, guideline.prefix: guideline.namespace, "this": f"{graph.name}:"}
