"""A record is the same, with its problems and its coverage, as FHIR JSON and as FHIR RDF of any syntax."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

import il2kg
from il2kg.bulk import load_engine
from il2kg.read.coverage import Coverage, Row
from il2kg.record import Record
from il2kg.record_source import patients_in
from il2kg.statements import Patient
from tests.bundles import Resource, bundle
from tests.fhir_rdf_writer import Style, as_turtle
from tests.fuzz import record
from tests.strategies import records

ENGINE = load_engine()
EXAMPLES = sorted(Path("examples").glob("*.json")) + sorted(Path("examples/your-hospital").glob("*.json"))
SYNTAXES = {
    "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
}
_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_ENCODER = msgspec.json.Encoder(decimal_format="number")

each_style = pytest.mark.parametrize("style", Style, ids=lambda style: style.name)


def said(found: list[Patient]) -> tuple[list[Record], list[Row]]:
    """The records of patients, and what of them was recognised."""
    coverage = Coverage(ENGINE.guideline)
    return [ENGINE.reader.record(patient, coverage.met) for patient in found], coverage.rows()


def parsed(content: bytes) -> Any:
    """FHIR JSON as it is parsed, numbers as they are written."""
    return _DECODER.decode(content)


def graph_of(turtle: str) -> rdflib.Graph:
    """Turtle as an rdflib Graph."""
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        return rdflib.Graph().parse(data=turtle, format="turtle")
    finally:
        rdflib.NORMALIZE_LITERALS = before


@each_style
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_an_example(example: Path, style: Style, tmp_path: Path) -> None:
    turtle = tmp_path / "record.ttl"
    turtle.write_text(as_turtle(parsed(example.read_bytes()), style), encoding="utf-8")
    assert said(list(ENGINE.patients(turtle))) == said(list(ENGINE.patients(example)))


@each_style
@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_syntax(syntax: str, style: Style, tmp_path: Path) -> None:
    example = Path("examples/creatinine-hold.json")
    turtle = as_turtle(parsed(example.read_bytes()), style).encode()
    triples = (quad.triple for quad in ox.parse(turtle, ox.RdfFormat.TURTLE))
    path = tmp_path / f"record.{syntax}"
    ox.serialize(triples, str(path), SYNTAXES[syntax])
    assert said(list(ENGINE.patients(path))) == said(list(ENGINE.patients(example)))


@each_style
@settings(max_examples=20)
@given(resources=records())
def test_a_generated_record(style: Style, resources: list[Resource]) -> None:
    same(resources, style)


@each_style
@settings(max_examples=20)
@given(seed=st.integers(0, 10**9).map(lambda number: 2 * number + 1))
def test_a_record_with_something_planted(style: Style, seed: int) -> None:
    same(record(seed)[0], style)


def same(resources: list[Resource], style: Style) -> None:
    """Resources say the same as RDF."""
    content = parsed(_ENCODER.encode(bundle(resources)))
    graph = graph_of(as_turtle(content, style))
    formats = ENGINE.formats()
    assert said(list(patients_in(graph, formats))) == said(list(patients_in(content, formats)))


@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # of rdflib, about itself
def test_python_takes_graphs_and_stores() -> None:
    example = Path("examples/creatinine-hold.json")
    turtle = as_turtle(parsed(example.read_bytes()), Style.R5)
    store = ox.Store()
    store.load(turtle.encode(), ox.RdfFormat.TURTLE)
    dataset = rdflib.Dataset()
    for triple in graph_of(turtle):
        dataset.add(triple)
    expected = [a.decision for a in il2kg.assess(example)]
    for given_as in (graph_of(turtle), dataset, store):
        assert [a.decision for a in il2kg.assess(given_as)] == expected
