"""Graphs as documents: the same bytes every time, graphs made one where a format knows one, labels kept apart."""

import os
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from il2kg.errors import RecordError
from il2kg.rdf.formats import RdfFormat
from il2kg.rdf.graphs import Graph, Literal
from il2kg.rdf.parsing import parse
from il2kg.rdf.writing import serialise
from tests.rdf.generated import PREFIXES, several, whole

A, P = "http://example.org/a", "http://example.org/p"
ONE = [form for form in RdfFormat if form not in {RdfFormat.TRIG, RdfFormat.N_QUADS, RdfFormat.JSON_LD}]
PROGRAM = """
import sys
from il2kg.rdf.formats import RdfFormat
from il2kg.rdf.parsing import parse
from il2kg.rdf.writing import serialise
text = b'<urn:a:a> <urn:a:p> [ <urn:a:q> 1, 2, "b" ], _:x, ( 1 _:x ) . _:x <urn:a:p> _:y .'
for form in RdfFormat:
    graphs = parse(text, RdfFormat.TURTLE)
    sys.stdout.buffer.write(serialise(graphs, form, {"a": "urn:a:", "b": "urn:b:"}))
"""


def test_every_run_writes_the_same_bytes() -> None:
    runs = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
        ).stdout
        for seed in range(3)
    }
    assert len(runs) == 1


@pytest.mark.parametrize("form", ONE)
@given(several())
def test_a_format_without_names_says_all_in_one_graph(form: RdfFormat, graphs: list[Graph]) -> None:
    quads = {
        (subject, verb, value)
        for graph in graphs
        for subject, node in graph.nodes.items()
        for verb, values in node.items()
        for value in values
    }
    nodes: dict[str, dict[str, list]] = {}
    for subject, verb, value in quads:
        nodes.setdefault(subject, {}).setdefault(verb, []).append(value)
    assert whole(parse(serialise(graphs, form, PREFIXES), form)) == whole([Graph("", nodes)])


@pytest.mark.parametrize("form", RdfFormat)
def test_labels_of_graphs_are_kept_apart_if_they_are_each_graph_s_own(form: RdfFormat) -> None:
    graphs = [Graph(f"urn:il2kg:record:{n}", {"_:b0": {P: [Literal(str(n)), "_:b1"]}, "_:b1": {P: [A]}}) for n in "12"]
    said = whole(parse(serialise(graphs, form, PREFIXES, apart=True), form))
    assert len(said) == 6
    assert len({quad.split()[0] for quad in said}) == 4
    assert len({quad.split()[0] for quad in whole(parse(serialise(graphs, form, PREFIXES), form))}) == 2


@pytest.mark.parametrize("form", RdfFormat)
def test_nothing_is_written_of_nothing(form: RdfFormat) -> None:
    assert parse(serialise([], form, PREFIXES), form) == []
    assert parse(serialise([Graph("", {})], form, PREFIXES), form) == []


@given(st.sampled_from("\0\x0b\x1f\ufffe\uffff"), st.text(max_size=3))
def test_what_xml_cannot_say_is_not_written_as_xml(character: str, text: str) -> None:
    graphs = [Graph("", {A: {P: [Literal(text + character)]}})]
    with pytest.raises(RecordError, match="characters that XML does not have; take Turtle"):
        serialise(graphs, RdfFormat.RDF_XML, PREFIXES)


@pytest.mark.parametrize("verb", ["urn:a:1", "http://example.org/", "http://example.org/p%20", "http://example.org/-"])
def test_a_property_that_is_no_name_is_not_written_as_xml(verb: str) -> None:
    with pytest.raises(RecordError, match="which RDF/XML cannot write; take Turtle"):
        serialise([Graph("", {A: {verb: [A]}})], RdfFormat.RDF_XML, PREFIXES)


def test_line_ends_survive_xml() -> None:
    text = "a\r\nb\rc\nd\te "
    written = serialise([Graph("", {A: {P: [Literal(text)]}})], RdfFormat.RDF_XML, PREFIXES)
    assert ET.fromstring(written)[0][0].text == text
