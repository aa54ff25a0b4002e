"""Turtle as people read it."""

import pytest

from il2kg.errors import RecordError
from il2kg.rdf.formats import RdfFormat
from il2kg.rdf.graphs import FIRST, LANGUAGE_STRING, NIL, REST, Graph, Literal, Node
from il2kg.rdf.parsing import parse
from il2kg.rdf.writing import serialise
from il2kg.vocabulary import RDF_TYPE, XSD
from tests.rdf.generated import PREFIXES, listed, whole

A, B, P, Q = (f"http://example.org/{name}" for name in "abpq")


def turtle(nodes: dict[str, Node], form: RdfFormat = RdfFormat.TURTLE, name: str = "") -> str:
    graphs = [Graph(name, nodes)]
    written = serialise(graphs, form, PREFIXES)
    assert whole(parse(written, form)) == whole(graphs)
    return written.decode()


def test_a_record_is_pleasant_to_read() -> None:
    assert turtle(
        {
            A: {
                P: [Literal("5", f"{XSD}integer"), Literal("3.20", f"{XSD}decimal"), Literal("true", f"{XSD}boolean")],
                RDF_TYPE: [B],
                Q: ["_:result", Literal('two\n"lines"\t\\', LANGUAGE_STRING, "en")],
            },
            "_:result": {RDF_TYPE: ["http://example.org/x/Quantity"], P: ["_:unit"], Q: ["_:nothing"]},
            "_:unit": {P: [Literal("mg/dL")]},
            "http://example.org/x/1a": {P: [Literal("01.5", f"{XSD}decimal"), Literal("x", f"{XSD}decimal"), A]},
            "urn:il2kg:record:1": {"http://elsewhere.example/p": ["http://example.org/é"]},
        }
    ) == (
        """\
@prefix ex: <http://example.org/> .
@prefix x: <http://example.org/x/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:a a ex:b ;
    ex:p 5, 3.20, true ;
    ex:q [
        a x:Quantity ;
        ex:p [ ex:p "mg/dL" ] ;
        ex:q []
    ], "two\\n\\"lines\\"\\t\\\\"@en .

x:1a ex:p 01.5, "x"^^xsd:decimal, ex:a .

<urn:il2kg:record:1> <http://elsewhere.example/p> <http://example.org/é> .
"""
    )


def test_lists() -> None:
    short, cells = listed([A, Literal("1", f"{XSD}integer")])
    _, more = listed(["_:item", Literal("b")])
    renamed = {each.replace("cell", "long"): node for each, node in more.items()}
    renamed["_:long0"] = {FIRST: ["_:item"], REST: ["_:long1"]}
    nodes: dict[str, Node] = {
        A: {P: [short, NIL], Q: ["_:long0"]},
        **cells,
        **renamed,
        "_:item": {P: [A], Q: [B]},
        B: {P: ["_:broken"]},
        "_:broken": {FIRST: [A, B], REST: [NIL]},
    }
    assert turtle(nodes).partition("\n\n")[2] == (
        """\
ex:a ex:p ( ex:a 1 ), <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil> ;
    ex:q (
        [
            ex:p ex:a ;
            ex:q ex:b
        ]
        "b"
    ) .

ex:b ex:p [
        <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> ex:a, ex:b ;
        <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> <http://www.w3.org/1999/02/22-rdf-syntax-ns#nil>
    ] .
"""
    )


def test_blank_nodes_that_many_point_to_or_that_go_in_a_circle_have_names() -> None:
    nodes: dict[str, Node] = {
        A: {P: ["_:x", "_:own"]},
        B: {P: ["_:x"]},
        "_:x": {Q: [A]},
        "_:y": {Q: ["_:z"]},
        "_:z": {Q: ["_:y"]},
        "_:own": {Q: ["_:own"]},
    }
    assert turtle(nodes).partition("\n\n")[2] == (
        """\
ex:a ex:p _:b0, _:b1 .

ex:b ex:p _:b0 .

_:b0 ex:q ex:a .

_:b1 ex:q _:b1 .

_:b2 ex:q [ ex:q _:b2 ] .
"""
    )


@pytest.mark.parametrize("length", [19, 20, 21, 1000])
def test_what_lies_too_deep_is_named(length: int) -> None:
    numbers = [[Literal(str(n), f"{XSD}integer")] for n in range(length)]
    chain: dict[str, Node] = {f"_:{n}": {P: [f"_:{n + 1}"], Q: numbers[n]} for n in range(length)}
    text = turtle({A: {P: ["_:0"]}, **chain})
    assert max(line.count("    ") for line in text.splitlines()) <= 22
    items: dict[str, Node] = {f"_:{n}": {FIRST: [f"_:{n}-"], REST: [NIL]} for n in range(length)}
    inner: dict[str, Node] = {f"_:{n}-": {P: [f"_:{n + 1}"], Q: numbers[n]} for n in range(length)}
    turtle({A: {P: ["_:0"]}, **items, **inner})
    unfinished: dict[str, Node] = {f"_:{n}": {FIRST: numbers[n], REST: [f"_:{n + 1}"]} for n in range(length)}
    turtle({A: {P: ["_:0"]}, **unfinished})


def test_a_named_graph_is_a_block() -> None:
    assert turtle({A: {P: ["_:x"]}, "_:x": {Q: [B]}}, RdfFormat.TRIG, "urn:il2kg:record:1") == (
        """\
@prefix ex: <http://example.org/> .

<urn:il2kg:record:1> {
    ex:a ex:p [ ex:q ex:b ] .
}
"""
    )


def test_a_blank_node_of_two_graphs_has_one_name_in_both() -> None:
    graphs = [Graph(A, {A: {P: ["_:x"]}, "_:x": {Q: [A]}}), Graph("_:g", {"_:x": {Q: [B]}, B: {P: ["_:g"]}})]
    written = serialise(graphs, RdfFormat.TRIG, PREFIXES)
    assert written.decode().partition("\n\n")[2] == (
        """\
ex:a {
    ex:a ex:p _:b0 .

    _:b0 ex:q ex:a .
}

_:b1 {
    _:b0 ex:q ex:b .

    ex:b ex:p _:b1 .
}
"""
    )
    assert whole(parse(written, RdfFormat.TRIG)) == whole(graphs)


@pytest.mark.parametrize("iri", ["http://example.org/a b", "http://example.org/<", 'http://example.org/"'])
def test_what_is_no_iri_is_not_written(iri: str) -> None:
    for form in RdfFormat:
        with pytest.raises(RecordError, match=r"no IRI|cannot be written as RDF"):
            serialise([Graph("", {A: {P: [iri]}})], form, PREFIXES)


def test_what_is_no_language_is_not_written() -> None:
    for form in RdfFormat:
        with pytest.raises(RecordError, match=r"no language tag|cannot be written as RDF"):
            serialise([Graph("", {A: {P: [Literal("a", LANGUAGE_STRING, "e n")]}})], form, PREFIXES)
