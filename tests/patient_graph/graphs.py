"""Turtle and TriG as graphs of plain values, and what the reader makes of them."""

from collections.abc import Iterable

import pyoxigraph as ox

from il2kg.loading import load_guideline
from il2kg.locations import content_root
from il2kg.rdf.graphs import STRING, Graph, Literal, Term
from il2kg.read.patient_graph import Tables, read_patients
from il2kg.read.patient_graph.terms import PREFIXES
from il2kg.statements import PatientStatements
from tests.folders import OWN

ROOT = content_root()
GUIDELINE = load_guideline(OWN)
TABLES = Tables.of(GUIDELINE)

BASE = "https://hospital.example/"
_MORE = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "cdt": "https://w3id.org/cdt/",
    "loinc": "http://loinc.org/rdf/",
    "sct": "http://snomed.info/id/",
    "ex": "https://hospital.example/terms#",
}
PROLOGUE = "".join(f"@prefix {prefix}: <{start}> .\n" for prefix, start in {**PREFIXES, **_MORE}.items())


def graphs(text: str, *, base: str = BASE) -> list[Graph]:
    """The graphs of a piece of TriG, which may be Turtle; the usual prefixes are there."""
    return plain(ox.parse(PROLOGUE + text, format=ox.RdfFormat.TRIG, base_iri=base))


def plain(quads: Iterable[ox.Quad]) -> list[Graph]:
    """Quads as graphs."""
    found: dict[str, Graph] = {}
    for quad in quads:
        name = "" if isinstance(quad.graph_name, ox.DefaultGraph) else str(_term(quad.graph_name))
        nodes = found.setdefault(name, Graph(name, {})).nodes
        values = nodes.setdefault(str(_term(quad.subject)), {}).setdefault(quad.predicate.value, [])
        if _term(quad.object) not in values:
            values.append(_term(quad.object))
    return list(found.values())


def _term(term: object) -> Term:
    if isinstance(term, ox.NamedNode):
        return term.value
    if isinstance(term, ox.BlankNode):
        return f"_:{term.value}"
    assert isinstance(term, ox.Literal)
    datatype = term.datatype.value
    return Literal(term.value, datatype if datatype != STRING else STRING, term.language or "")


def read(text: str) -> list[PatientStatements]:
    """The patients of a piece of TriG."""
    return read_patients(graphs(text), TABLES)


def read_one(text: str) -> PatientStatements:
    """The only patient of a piece of TriG."""
    (patient,) = read(text)
    return patient
