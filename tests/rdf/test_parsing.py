"""Documents as graphs: what they say, in which order, and what is said of those that say nothing."""

from collections.abc import Iterator

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from il2kg.errors import RecordError
from il2kg.rdf.foreign import graphs_of, graphs_of_store
from il2kg.rdf.formats import RdfFormat
from il2kg.rdf.graphs import FIRST, LANGUAGE_STRING, NIL, REST, Graph, Literal
from il2kg.rdf.parsing import parse, parse_stream
from il2kg.rdf.writing import serialise
from il2kg.vocabulary import RDF_TYPE, XSD
from tests.rdf.generated import PREFIXES, several, whole

TURTLE, TRIG, NT, NQ, JSONLD, RDFXML = RdfFormat
RDF = b"http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML = b"<?xml version='1.0'?>"


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def test_a_document_as_it_is_read() -> None:
    text = """\
@prefix ex: <http://example.org/> .
ex:a a ex:B ; ex:p [ ex:q "x"@EN-us ] , ( 1 2.50 ) , 1e3 , true .
_:n ex:p "say \\"\\u00e9\\"" , ex:a , ex:a ."""
    (graph,) = parse(text.encode(), TURTLE)
    ex = "http://example.org/"
    assert graph == Graph(
        "",
        {
            f"{ex}a": {
                RDF_TYPE: [f"{ex}B"],
                f"{ex}p": ["_:b0", "_:b1", Literal("1e3", f"{XSD}double"), Literal("true", f"{XSD}boolean")],
            },
            "_:b0": {f"{ex}q": [Literal("x", LANGUAGE_STRING, "en-us")]},
            "_:b1": {FIRST: [Literal("1", f"{XSD}integer")], REST: ["_:b2"]},
            "_:b2": {FIRST: [Literal("2.50", f"{XSD}decimal")], REST: [NIL]},
            "_:b3": {f"{ex}p": [Literal('say "é"'), f"{ex}a"]},
        },
    )


GRAPHS = [
    Graph("http://example.org/2", {"http://example.org/a": {"http://example.org/p": [Literal("1")]}}),
    Graph("", {"http://example.org/a": {"http://example.org/p": ["http://example.org/b"]}}),
    Graph("http://example.org/1", {"http://example.org/b": {"http://example.org/p": [Literal("2")]}}),
]


@pytest.mark.parametrize("form", [TRIG, NQ, JSONLD])
def test_graphs_come_in_the_order_in_which_they_begin(form: RdfFormat) -> None:
    written = serialise(GRAPHS, form, PREFIXES)
    assert parse(written, form) == GRAPHS
    assert list(parse_stream(pieces(written, 10), form)) == GRAPHS


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (b"<urn:a:a> <urn:a:p> <urn:a:b> , <urn:a:c> , <urn:a:b> .\n<urn:a:a> <urn:a:p> <urn:a:b> .", TURTLE),
        (b"<urn:a:a> <urn:a:p> <urn:a:b> , <urn:a:c> , <urn:a:b> .\n<urn:a:a> <urn:a:p> <urn:a:\\u0062> .", TURTLE),
        (b"<urn:a:a> <urn:a:p> <urn:a:b> .\n" * 2 + b"<urn:a:a> <urn:a:p> <urn:a:c> .\n" * 2, NT),
        (b'{"@id":"urn:a:a","urn:a:p":[{"@id":"urn:a:b"},{"@id":"urn:a:c"},{"@id":"urn:a:b"}]}', JSONLD),
    ],
)
def test_what_is_said_twice_is_said(text: bytes, form: RdfFormat) -> None:
    expected = [Graph("", {"urn:a:a": {"urn:a:p": ["urn:a:b", "urn:a:c"]}})]
    assert parse(text, form) == expected
    assert list(parse_stream(pieces(text, 7), form)) == expected


@given(several(odd=True), st.sampled_from([TRIG, NQ]), st.integers(1, 50))
def test_a_stream_gives_what_a_document_does(graphs: list[Graph], form: RdfFormat, size: int) -> None:
    written = serialise(graphs, form, PREFIXES, apart=True)
    streamed = list(parse_stream(pieces(written, size), form))
    assert [(graph.name, whole([graph])) for graph in streamed if graph.name[:1] != "_"] == [
        (graph.name, whole([graph])) for graph in parse(written, form) if graph.name[:1] != "_"
    ]


@pytest.mark.parametrize("form", [TRIG, NQ])
def test_a_stream_gives_a_graph_when_the_next_begins(form: RdfFormat) -> None:
    taken = 0

    def chunks() -> Iterator[bytes]:
        nonlocal taken
        for number in range(1000):
            taken += 1
            quads = "".join(f"<urn:a:{n}> <urn:a:p> _:b <urn:g:{number}> .\n" for n in range(100))
            triples = "".join(f"<urn:a:{n}> <urn:a:p> _:b .\n" for n in range(100))
            yield (quads if form is NQ else f"<urn:g:{number}> {{\n{triples}}}\n").encode()

    found = parse_stream(chunks(), form)
    blanks = set()
    for number, graph in enumerate(found):
        assert graph.name == f"urn:g:{number}"
        assert len(graph.nodes) == 100
        assert taken < number + 100
        (blank,) = {value for node in graph.nodes.values() for values in node.values() for value in values}
        blanks.add(blank)
    assert (taken, len(blanks)) == (1000, 1000)


@pytest.mark.parametrize(
    ("name", "shown"), [("<urn:g:1>", "the graph <urn:g:1>"), ("_:g", "the graph _:g"), ("", "the default graph")]
)
def test_a_graph_that_comes_back_in_a_stream_is_said(name: str, shown: str) -> None:
    text = "".join(f"<urn:a:a> <urn:a:p> <urn:a:b> {graph} .\n" for graph in (name, "<urn:g:2>", name)).encode()
    with pytest.raises(RecordError, match=f"comes back to {shown} after other graphs; sort the file by graph"):
        list(parse_stream([text], NQ))
    assert len(parse(text, NQ)) == 2


def test_documents_are_told_apart_by_their_names() -> None:
    text = b"@prefix p: <> . <Observation/7> p:p _:a , [ p:p <#x> ] , <../Patient/1> , </x> , <urn:a:b> ."
    first, second = (parse(text, TURTLE, name=name)[0].nodes for name in ("records/a.ttl", "records/b.ttl"))
    assert parse(text, TURTLE, name="records/a.ttl") == parse(text, TRIG, name="records/a.ttl")
    assert set(first) & set(second) == set()
    base = "urn:il2kg:document/records/a.ttl/"
    blank, other, *rest = first[f"{base}Observation/7"][f"{base}p"]
    assert rest == ["urn:il2kg:document/records/Patient/1", "urn:/x", "urn:a:b"]
    assert first[str(other)] == {f"{base}p": [f"{base}#x"]}
    assert blank != other
    assert parse(b"<a> <b> <c> .", TURTLE, base="http://example.org/x/")[0].nodes == {
        "http://example.org/x/a": {"http://example.org/x/b": ["http://example.org/x/c"]}
    }


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (b"<a> <b> <c> .", TURTLE),
        (b'<a> <b> <c> . <a> <b> """\'""" . ', TRIG),
        (b"<a> <b> '''c''' , <c> . ", TURTLE),
        (b'{"@context":{"@vocab":"#"},"@id":"a","c":{"@id":"c"}}', JSONLD),
        (b"<u:C xmlns:u='urn:x:' xmlns:rdf='%s' rdf:about='a'/>" % RDF, RDFXML),
    ],
)
def test_relative_iris_are_resolved_in_every_syntax(text: bytes, form: RdfFormat) -> None:
    (graph,) = parse(text, form, name="a b/c.ttl")
    assert list(graph.nodes) == ["urn:il2kg:document/a%20b/c.ttl/a"]
    assert list(parse_stream([text], form, name="a b/c.ttl")) == [graph]


BASED = {
    TURTLE: b"@base <http://example.org/x/y> . <a> <b> <../c> .",
    TRIG: b"BASE <http://example.org/x/y> <a> <b> <../\\u0063> .",
    RDFXML: b"""<rdf:RDF xmlns:rdf="%s" xml:base="http://example.org/x/y" xmlns="http://example.org/x/">
        <rdf:Description rdf:about="a"><b rdf:resource="../c"/></rdf:Description></rdf:RDF>"""
    % RDF,
    JSONLD: b"""{"@context": {"@base": "http://example.org/x/y"},
        "@id": "a", "http://example.org/x/b": {"@id": "../c"}}""",
}


@pytest.mark.parametrize("form", BASED)
def test_a_base_that_a_document_states_comes_first(form: RdfFormat) -> None:
    said = {"http://example.org/x/a": {"http://example.org/x/b": ["http://example.org/c"]}}
    assert parse(BASED[form], form) == [Graph("", said)]


UNUSABLE = {
    "turtle": (b"<urn:a:a> <urn:a:b> .", TURTLE, r"is not Turtle: . is not a valid RDF object \(at line 1 column 21\)"),
    "cut off": (b"<urn:a:a> <urn:a:b> 1", TRIG, r"is not TriG: Unexpected end"),
    "graph": (b"<urn:a:g> { <urn:a:a> <urn:a:b> 1 }", TURTLE, r"is not Turtle: .*line 1"),
    "triples": (b"<urn:a:a> <urn:a:b> 1 .", NT, r"is not N-Triples: .*line 1"),
    "quads": (b"<urn:a:a> <urn:a:b> <urn:a:c> .\n\nx", NQ, r"is not N-Quads: .*line 3"),
    "iri": (b"<urn:a:%zz> <urn:a:b> 1 .", TURTLE, r"Invalid IRI percent encoding"),
    "prefix": (b"ex:a ex:b ex:c .", TURTLE, r"The prefix ex: has not been declared"),
    "latin-1": ("<urn:a:a>\n<urn:a:b> 'é' .".encode("latin-1"), TURTLE, r"is not in UTF-8 \(line 2\); save"),
    "latin-1 quads": ('<urn:a:a> <urn:a:b> "é" .'.encode("latin-1"), NQ, r"is not N-Quads: .*UTF-8"),
    "utf-16": ("<urn:a:a> <urn:a:b> 'é' .".encode("utf-16"), NQ, r"UTF-16 or UTF-32; save it as UTF-8"),
    "xml": (b"<rdf:RDF/>", RDFXML, r"is not RDF/XML: "),
    "open xml": (b"<a:b xmlns:a='urn:a:'>", RDFXML, r"is not RDF/XML: it is cut off"),
    "cut off xml": (b"<a:b xmlns:a='urn:a:'><a:c>1</a:c>", RDFXML, r"is not RDF/XML: it is cut off"),
    "two of xml": (XML + b"<a:b xmlns:a='urn:a:'/><a:b xmlns:a='urn:a:'/>", RDFXML, r"not one outermost element"),
    "empty xml": (XML, RDFXML, r"not one outermost element"),
    "html": (b"<html><p>x</html>", RDFXML, r"is not RDF/XML: "),
    "latin-1 xml": (XML.replace(b"?>", b" encoding='ISO-8859-1'?><a/>"), RDFXML, r"is XML in ISO-8859-1; save"),
    "utf-16 xml": ("<?xml version='1.0' encoding='UTF-16'?><a/>".encode("utf-16-le"), RDFXML, r"UTF-16 or UTF-32"),
    "fhir xml": (XML + b'<Patient xmlns="http://hl7.org/fhir"><id value="a"/></Patient>', RDFXML, r"is FHIR XML"),
    "json": (b'{"@id": "a"', JSONLD, r"is not JSON: EOF"),
    "no json": (b"", JSONLD, r"is not JSON: EOF"),
    "json-ld": (b'{"@id": {}}', JSONLD, r"is not JSON-LD: "),
    "twice": (b'{"@id": "a",\n "b": 1, "b": 2}', JSONLD, r'has the key "b" twice in one object \(line 2 column \d+\)'),
    "number": (b'{"@id": "a", "urn:b": 1e999999999999999999999}', JSONLD, r"holds a number too large to be meant"),
    "nan": (b'{"@id": "a", "urn:b": NaN}', JSONLD, r"is not JSON: "),
}  # fmt: skip


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_is_wrong_is_said(name: str) -> None:
    text, form, says = UNUSABLE[name]
    for read in (lambda: parse(text, form), lambda: list(parse_stream(pieces(text, 5), form))):
        with pytest.raises(RecordError, match=says) as raised:
            read()
        assert len(str(raised.value)) < 400


STAR = {
    "term": (b"<urn:a:a> <urn:a:b> <<( <urn:a:a> <urn:a:b> 1 )>> .", (TURTLE, TRIG)),
    "reified": (b"<< <urn:a:a> <urn:a:b> 1 >> <urn:a:c> 2 .", (TURTLE, TRIG)),
    "annotation": (b"<urn:a:a> <urn:a:b> 1 {| <urn:a:c> 2 |} .", (TURTLE, TRIG)),
    "reifier": (b"<urn:a:a> <urn:a:b> 1 ~ <urn:a:c> .", (TURTLE, TRIG)),
    "in a graph": (b"<urn:a:g> { <urn:a:a> <urn:a:b> 1 ~ <urn:a:c> }", (TRIG,)),
    "quad": (b"<urn:a:a> <urn:a:b> <<( <urn:a:a> <urn:a:b> <urn:a:c> )>> .", (NT, NQ)),
    "quad in a graph": (b"<urn:a:a> <urn:a:b> <<( <urn:a:a> <urn:a:b> <urn:a:c> )>> <urn:a:g> .", (NQ,)),
}


@pytest.mark.parametrize(("name", "form"), [(name, form) for name, (_, forms) in STAR.items() for form in forms])
def test_triples_about_triples_are_said(name: str, form: RdfFormat) -> None:
    text, _ = STAR[name]
    for read in (lambda: parse(text, form), lambda: list(parse_stream(pieces(text, 5), form))):
        with pytest.raises(RecordError, match=r"triples about triples .*; say what they say in triples of their own"):
            read()


def test_what_only_looks_like_triples_about_triples_is_none() -> None:
    said = [Graph("", {"urn:a:a": {"urn:a:b": [Literal("<<( {| #")]}})]
    for text, form in ((b'<urn:a:a> <urn:a:b> "<<( {| #" .', NQ), (b"<urn:a:a> <urn:a:b> '<<( {| #' .", TURTLE)):
        assert parse(text, form) == list(parse_stream(pieces(text, 3), form)) == said


@pytest.mark.parametrize("form", [TURTLE, TRIG, NT, NQ])
def test_nothing_says_nothing(form: RdfFormat) -> None:
    for text in (b"", b"\xef\xbb\xbf", b" \n# nothing", b"\xef\xbb\xbf# nothing\n"):
        assert parse(text, form) == []
        assert list(parse_stream(pieces(text, 1), form)) == []


def test_a_byte_order_mark_is_none_of_the_document() -> None:
    for form in RdfFormat:
        written = b"\xef\xbb\xbf" + serialise(GRAPHS[1:2], form, PREFIXES)
        assert parse(written, form) == list(parse_stream(pieces(written, 1), form)) == GRAPHS[1:2]


@given(several())
def test_a_store_says_what_its_document_does(graphs: list[Graph]) -> None:
    store = ox.Store()
    store.load(serialise(graphs, NQ, {}).replace(b'"3.20"', b'"3.2"'), ox.RdfFormat.N_QUADS)
    assert whole(graphs_of_store(store)) == whole(parse(store.dump(format=ox.RdfFormat.N_QUADS) or b"", NQ))
    assert sum(len(whole([graph])) for graph in graphs_of_store(store)) == len(store)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_graphs_of_rdflib() -> None:
    graph, dataset, ex = rdflib.Graph(), rdflib.Dataset(), rdflib.Namespace("http://example.org/")
    triple = (ex.a, ex.p, rdflib.Literal("x", lang="en"))
    graph.add(triple)
    dataset.add((*triple, ex.g))
    dataset.add((ex.a, ex.p, rdflib.URIRef("Observation/7")))
    said = {f"{ex}a": {f"{ex}p": [Literal("x", LANGUAGE_STRING, "en")]}}
    assert graphs_of(graph) == [Graph("", said)]
    relative = {f"{ex}a": {f"{ex}p": ["urn:il2kg:document/bedside/Observation/7"]}}
    assert graphs_of(dataset, name="bedside") == [Graph(f"{ex}g", said), Graph("", relative)]
    assert graphs_of(rdflib.Graph()) == graphs_of(rdflib.Dataset()) == graphs_of_store(ox.Store()) == []


def test_what_is_no_rdf_in_rdflib_is_said() -> None:
    for value, shown in ((rdflib.Variable("x"), "a Variable"), (rdflib.URIRef("a b"), "a URIRef")):
        graph = rdflib.Graph()
        graph.add((rdflib.URIRef("urn:a:a"), rdflib.URIRef("urn:a:b"), value))
        with pytest.raises(RecordError, match=f"{shown}, which is no term of RDF"):
            graphs_of(graph)
