"""Assessments as RDF, whose links lead to the nodes of the patient graph."""

from typing import Final

from il2kg.assessment import Assessment
from il2kg.explain.as_jsonld import jsonld
from il2kg.explain.as_rdf import RecordNames, to_graph
from il2kg.explain.described import PROV
from il2kg.explain.provenance import made_by
from il2kg.rdf.formats import RdfFormat
from il2kg.rdf.graphs import Graph
from il2kg.rdf.writing import serialise
from il2kg.vocabulary import IL2, RDFS, XSD
from il2kg.write.iris import is_iri, item_iri, patient_iri

_PREFIXES: Final = {"il2": IL2, "prov": PROV, "rdfs": RDFS, "xsd": XSD}


def assessment_graph(assessment: Assessment, names: RecordNames | None = None) -> Graph:
    """The graph of an assessment, under its own IRI.

    Args:
        assessment: what is said of one record.
        names: the IRIs of the record's patient and items; by default those that a patient graph gives them.
    """
    return to_graph(assessment, names or minted_names(assessment.patient), made_by())


def minted_names(patient: str | None) -> RecordNames:
    """The IRIs that a patient graph gives to a patient and his items; what is called by an IRI keeps it."""

    def items(name: str) -> tuple[str, ...]:
        return (name if is_iri(name) else item_iri(patient, name),)

    return RecordNames(patient if patient is not None and is_iri(patient) else patient_iri(patient), items)


def to_turtle(assessment: Assessment) -> str:
    """An assessment as a Turtle document. Several behind one another are one document, too."""
    graph = assessment_graph(assessment)
    return serialise([graph], RdfFormat.TURTLE, _prefixes(graph)).decode()


def to_jsonld(assessment: Assessment) -> str:
    """An assessment as a JSON-LD object, on one line without its end."""
    graph = assessment_graph(assessment)
    return jsonld(graph, _prefixes(graph))


def _prefixes(graph: Graph) -> dict[str, str]:
    """Prefixes of the vocabularies, and of what lies below the assessment."""
    return {**_PREFIXES, "this": f"{graph.name}:"}
