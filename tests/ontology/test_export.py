"""The whole graph for other people's tools: the same triples in every form, and what HermiT infers."""

import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from rdflib import OWL, RDF, RDFS, BNode, Graph, Namespace

from il2kg.cli import main
from tests.ontology.files import merged
from tests.ontology.reasoning import violations

IL2 = Namespace("https://w3id.org/il2kg/")
FORMS = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdfxml": "xml"}


def exported(*arguments: str) -> bytes:
    result = CliRunner().invoke(main, ["export", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return result.stdout_bytes


def triples(*arguments: str, form: str = "nt") -> set[str]:
    """The triples of an export, blank nodes by their canonical names, read back by another library's parser."""
    graph = Graph().parse(data=exported("--format", form, *arguments), format=FORMS[form])
    dataset = ox.Dataset(ox.parse(graph.serialize(format="nt", encoding="utf-8"), format=ox.RdfFormat.N_TRIPLES))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad.triple) for quad in dataset}


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # by rdflib, of itself
def test_every_form_says_the_same() -> None:
    expected = triples()
    assert len(expected) > 10_000
    assert all(triples(form=form) == expected for form in FORMS)


def test_the_same_graph_gives_the_same_bytes() -> None:
    assert exported() == exported()


def test_it_is_the_whole_ontology_and_its_mappings() -> None:
    graph = Graph().parse(data=exported(), format="turtle")
    named = {triple for triple in merged() if not any(isinstance(term, BNode) for term in triple)}
    assert named - set(graph) == set()
    assert len(set(graph.subjects(RDF.type, OWL.Class))) == len(set(merged().subjects(RDF.type, OWL.Class)))
    matches = [o for p, o in graph.predicate_objects(IL2.AtrialFibrillation) if p.endswith("Match")]
    assert len(matches) >= 5


def test_hermit_adds_subclass_axioms_and_types() -> None:
    stated, reasoned = triples(), triples("--reasoned")
    assert stated - reasoned == set()
    inferred = [triple.split(" ") for triple in reasoned - stated]
    assert {predicate for _, predicate, _ in inferred} == {f"<{RDF.type}>", f"<{RDFS.subClassOf}>"}
    assert [f"<{IL2.AtrialFibrillation}>", f"<{RDFS.subClassOf}>", f"<{IL2.ClinicalFinding}>"] in inferred
    assert [f"<{IL2['label-creatinine']}>", f"<{RDF.type}>", f"<{IL2.Statement}>"] in inferred


@pytest.mark.parametrize("arguments", [(), ("--reasoned",)], ids=["stated", "reasoned"])
def test_protege_opens_it_without_complaint(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """The OWL API, which Protégé reads with, finds no violation of OWL 2 DL in the file as it is written."""
    path = tmp_path / "il2kg.rdf"
    path.write_bytes(exported("--format", "rdfxml", *arguments))
    assert violations(path, axioms=5000) == []


def test_reasoning_without_the_reasoner_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "owlready2", None)
    result = CliRunner().invoke(main, ["export", "--reasoned"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "pip install 'il2kg[author]'" in result.stderr
