"""Jena reads the exported graph in every form and answers each question as Oxigraph does; TopBraid validates it."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from il2kg.cli import main
from tests.ontology.files import ROOT
from tests.portability.jena import Jena

ENDINGS = {"ttl": "ttl", "nt": "nt", "jsonld": "jsonld", "rdfxml": "rdf"}
CASES = sorted((ROOT / "tests" / "questions" / "cases").glob("*.json"))
_NUMBER = re.compile(r'"([^"]+)"\^\^<http://www\.w3\.org/2001/XMLSchema#(?:integer|decimal)>')


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph as `il2kg export` writes it, in each form."""
    path = tmp_path_factory.mktemp("exported")
    for form, ending in ENDINGS.items():
        result = CliRunner().invoke(main, ["export", "--format", form], catch_exceptions=False)
        (path / f"graph.{ending}").write_bytes(result.stdout_bytes)
    return path


@pytest.fixture(scope="module")
def store(folder: Path) -> ox.Store:
    graph = ox.Store()
    graph.load(path=str(folder / "graph.nt"), format=ox.RdfFormat.N_TRIPLES)
    return graph


def _triples(ntriples: str) -> set[str]:
    """The triples of a graph, blank nodes by their canonical names."""
    graph = ox.Dataset(ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES))
    graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad.triple) for quad in graph}


@pytest.mark.parametrize("ending", ENDINGS.values())
def test_jena_reads_the_same_graph_from_every_form(ending: str, folder: Path) -> None:
    expected = _triples((folder / "graph.nt").read_text(encoding="utf-8"))
    assert _triples(Jena.started().load(folder / f"graph.{ending}")) == expected
    assert len(expected) > 10_000


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_jena_gives_the_same_answers(path: Path, folder: Path, store: ox.Store) -> None:
    asked = json.loads(path.read_text(encoding="utf-8"))
    query = CliRunner().invoke(main, ["ask", asked["question"], "--format", "sparql"]).stdout
    solutions = store.query(query)
    names = [variable.value for variable in solutions.variables]
    by_oxigraph = {
        tuple(_term(str(row[name])) if row[name] is not None else None for name in names) for row in solutions
    }
    by_jena = {
        tuple(_term(row[name]) if name in row else None for name in names)
        for row in Jena.started().select(folder / "graph.nt", query)
    }
    assert by_jena == by_oxigraph
    assert bool(by_jena) == bool(asked["answers"])


def _term(written: str) -> object:
    """A term as written; a number by its value, for a store may write it in another way."""
    number = _NUMBER.fullmatch(written)
    return Decimal(number[1]) if number else written


def test_the_exported_graph_is_well_formed_to_topbraid(folder: Path, tmp_path: Path) -> None:
    shapes = tmp_path / "authoring.ttl"
    shapes.write_text(
        "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "shapes" / "authoring").rglob("*.ttl"))),
        encoding="utf-8",
    )
    assert Jena.started().validate(shapes, folder / "graph.nt") == []
    slip = tmp_path / "slip.nt"
    kind, iri = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", "https://w3id.org/il2kg/"
    more = f"<{iri}fever-again> {kind} <{iri}Onset> .\n"
    slip.write_text((folder / "graph.nt").read_text(encoding="utf-8") + more, encoding="utf-8")
    assert {focus for focus, _, _ in Jena.started().validate(shapes, slip)} == {f"<{iri}fever-again>"}
