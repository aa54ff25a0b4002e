"""Terms borrowed from SKOS, PROV-O, SOSA and others are of the kind that their makers declare, and agree with them."""

from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, XSD, Graph, Namespace, URIRef
from rdflib.namespace import PROV, SKOS, SOSA

from tests.ontology.files import merged, written
from tests.ontology.reasoning import reasoned, violations
from tests.ontology.vocabularies import ALL, KIND_LEFT_OPEN

IL2 = Namespace("https://w3id.org/il2kg/")
KINDS = {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
NOT_BORROWED = tuple(str(namespace) for namespace in (IL2, RDF, RDFS, OWL, XSD))

Clashes = dict[str, tuple[set[URIRef], set[URIRef]]]


def _published() -> Graph:
    return Graph().parse(data=ALL, format="turtle")


def _kinds(graph: Graph, term: URIRef) -> set[URIRef]:
    return {kind for kind in KINDS if (term, RDF.type, kind) in graph}


def _borrowed(graph: Graph) -> set[URIRef]:
    """The terms of other vocabularies that are declared, used as a property, or used as a class."""
    used = {*graph.predicates(), *graph.objects(None, RDF.type), *graph.objects(None, RDFS.subClassOf)}
    declared = {term for kind in KINDS for term in graph.subjects(RDF.type, kind)}
    return {t for t in used | declared if isinstance(t, URIRef) and not str(t).startswith(NOT_BORROWED)}


def _clashes(graph: Graph) -> Clashes:
    """The borrowed terms that are not declared as their makers declare them: what they are here, and there."""
    published = _published()
    kinds = {term: (_kinds(graph, term), _kinds(published, term)) for term in _borrowed(graph)}
    return {
        str(term): (here, there)
        for term, (here, there) in kinds.items()
        if (len(here) != 1 if str(term) in KIND_LEFT_OPEN else here != there or not here)
    }


def test_borrowed_terms_are_of_the_kind_that_their_makers_declare() -> None:
    graph = merged()
    assert {SKOS.broader, SKOS.definition, PROV.Entity, SOSA.ObservableProperty} <= _borrowed(graph)
    assert _clashes(graph) == {}


@pytest.mark.parametrize(
    ("slip", "term"),
    [
        ("skos:broader a owl:AnnotationProperty .", SKOS.broader),
        ("il2:Fever skos:related il2:Chills .", SKOS.related),
        ("skos:broder a owl:ObjectProperty .", URIRef(f"{SKOS}broder")),
        ("il2:Fever skos:broder il2:Chills .", URIRef(f"{SKOS}broder")),
        ("il2:fever-onset a <http://www.w3.org/ns/prov#Entyty> .", URIRef(f"{PROV}Entyty")),
    ],
)
def test_a_clash_would_be_seen(slip: str, term: URIRef) -> None:
    assert set(_clashes(merged(slip))) == {str(term)}


def test_together_with_them_the_ontology_is_owl_2_dl_and_consistent(tmp_path: Path) -> None:
    graph = merged() + _published()
    assert violations(written(graph, tmp_path), axioms=1000) == []
    assert reasoned(graph, tmp_path) == []


def test_an_annotation_that_is_a_relation_there_is_no_owl_2_dl(tmp_path: Path) -> None:
    graph = merged("skos:broader a owl:AnnotationProperty .") + _published()
    assert any("broader" in line for line in violations(written(graph, tmp_path), axioms=1000))
