"""Documents of a size or a depth that nobody wrote to be read are refused before a parser sees them."""

import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from il2kg.errors import RecordError
from il2kg.rdf.formats import RdfFormat
from il2kg.rdf.graphs import Graph, Literal
from il2kg.rdf.limits import LIMITS, Limits
from il2kg.rdf.parsing import parse, parse_stream
from il2kg.rdf.scanning import scanned

TURTLE, TRIG, NT, NQ, JSONLD, RDFXML = RdfFormat
RDF = b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="urn:a:"'


def pieces(data: bytes, size: int = 1 << 16) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def both(data: bytes, form: RdfFormat, limits: Limits) -> list[Graph]:
    """What a document says, as a whole and piece by piece."""
    graphs = parse(data, form, limits=limits)
    streamed = list(parse_stream(pieces(data, 7), form, limits=limits))
    assert [(graph.name, len(graph.nodes)) for graph in streamed] == [
        (graph.name, len(graph.nodes)) for graph in graphs
    ]
    return graphs


def refused(data: bytes, form: RdfFormat, limits: Limits = LIMITS, size: int = 1 << 16) -> str:
    """Why a document is refused, as a whole and piece by piece."""
    begin = time.monotonic()
    with pytest.raises(RecordError) as whole:
        parse(data, form, limits=limits)
    with pytest.raises(RecordError) as streamed:
        list(parse_stream(pieces(data, size), form, limits=limits))
    assert time.monotonic() - begin < 10
    assert str(whole.value) == str(streamed.value)
    return str(whole.value)


ODD = b"<urn:a:a> <urn:a:b> <urn:a:\\u0062> .\n"  # which the quick reader leaves to pyoxigraph
NESTED = {
    "blank nodes": (TURTLE, b"<urn:a:a> <urn:a:b> ", b"[ <urn:a:b> ", b"1", b" ]", b" ."),
    "for pyoxigraph": (TURTLE, ODD + b"<urn:a:a> <urn:a:b> ", b"[ <urn:a:b> ", b"1", b" ]", b" ."),
    "a subject": (TRIG, b"", b"[ <urn:a:b> ", b"1", b" ]", b" ."),
    "lists": (TRIG, b"<urn:a:a> <urn:a:b> ", b"( ", b"1", b" )", b" ."),
    "lists for pyoxigraph": (TRIG, b"<urn:a:a> <urn:a:b> '(', ", b"( ", b"1", b" )", b" ."),
    "both": (TURTLE, b"<urn:a:a> <urn:a:b> ", b"( [ <urn:a:b> ", b"1", b" ] )", b" ."),
    "arrays": (JSONLD, b'{"@id": "urn:a:a", "urn:a:b": ', b"[", b"1", b"]", b"}"),
    "objects": (JSONLD, b'{"@id": "urn:a:a", "urn:a:b": ', b'{"urn:a:b": ', b"1", b"}", b"}"),
    "json lists": (JSONLD, b'{"@id": "urn:a:a", "urn:a:b": ', b'{"@list": [', b"1", b"]}", b"}"),
    "contexts": (JSONLD, b'{"@type": "urn:a", "@context": ', b'{"b": {"@id": "u:b", "@context": ', b"{}", b"}}", b"}"),
    "elements": (RDFXML, b"<rdf:RDF " + RDF + b">", b"<a:C><a:b>", b"1", b"</a:b></a:C>", b"</rdf:RDF>"),
    "xml texts": (RDFXML, b"<a:C " + RDF + b'><a:b rdf:parseType="Literal">', b"<x>", b"1", b"</x>", b"</a:b></a:C>"),
}  # fmt: skip
LEVELS = {"both": 2, "elements": 2, "contexts": 2, "json lists": 2}


@pytest.mark.parametrize("name", NESTED)
def test_depth_has_a_limit(name: str) -> None:
    form, begin, opens, middle, closes, end = NESTED[name]

    def nested(times: int) -> bytes:
        return begin + opens * times + middle + closes * times + end

    deep = "is nested deeper than 200 levels; write it more simply"
    assert refused(nested(201), form) == deep
    assert refused(nested(100_000), form) == deep
    assert refused(begin + opens * 100_000, form) == deep
    assert both(nested(190 // LEVELS.get(name, 1)), form, LIMITS)
    assert both(nested(8), form, Limits(depth=20))
    assert refused(nested(30), form, Limits(depth=20)) == deep.replace("200", "20")


STARS = b"<<( <urn:a:a> <urn:a:b> " * 50_000 + b"<urn:a:c>" + b" )>>" * 50_000 + b" .\n"


@pytest.mark.parametrize("form", [TURTLE, TRIG, NT, NQ])
@pytest.mark.parametrize(
    "before",
    [
        b"<urn:a:a> <urn:a:b> ",
        b"<urn:a:a> <urn:a:b> <urn:a:\\u0063#d> . <urn:a:a> <urn:a:b> ",
        b'<urn:a:a> <urn:a:b> "\\\\" . <urn:a:a> <urn:a:b> ',
        b'<urn:a:a> <urn:a:b> "\'" . <urn:a:a> <urn:a:b> ',
        b'<urn:a:a> <urn:a:b> "#<" . # "\n <urn:a:a> <urn:a:b> ',
    ],
)
def test_nested_triples_about_triples_end_no_process(form: RdfFormat, before: bytes) -> None:
    for size in (1, 1 << 16):
        data = before + (STARS if size > 1 else STARS[:3000])
        assert "triples about triples" in refused(data, form, size=size)


@pytest.mark.parametrize("form", [TURTLE, TRIG])
def test_brackets_in_texts_iris_and_comments_are_no_depth(form: RdfFormat) -> None:
    brackets = b"[({" * 300
    for text in (
        b'<urn:a:a> <urn:a:b> "' + brackets + b'\\" \' [" .',
        b"<urn:a:a> <urn:a:b> '" + brackets + b"\\' \" [' .",
        b'<urn:a:a> <urn:a:b> """' + brackets + b'\n" ""\\""" [""" .',
        b"<urn:a:a> <urn:a:b> '''" + brackets + b"\n' ''\\''' [''' .",
        b"<urn:a:a> <urn:a:b> <urn:a:" + b"(" * 300 + b"> .",
        b"<urn:a:a> <urn:a:b> 1 . # " + brackets,
        b"@prefix a: <urn:a:> . a:a a:b a:" + b"\\(" * 300 + b" .",
    ):
        assert len(both(text, form, LIMITS)[0].nodes) == 1


PIECES = st.lists(
    st.sampled_from(
        [
            "[",
            "]",
            "(",
            ")",
            "{",
            "}",
            '"',
            "'",
            '"""',
            "'''",
            "\\",
            "<",
            ">",
            "#",
            "\n",
            "a",
            " ",
            "<a:(>",
            '"(["',
            "<<",
        ]
    ),
    max_size=14,
)


@settings(max_examples=300)
@given(PIECES.map("".join), st.integers(1, 5))
def test_pieces_are_looked_at_as_the_whole_is(text: str, size: int) -> None:
    """What the eyes see in pieces of a text: nothing is overlooked, whatever the pieces are cut through."""
    data = (text + '\n"""' + "\n'''").encode()  # whatever is open is closed, or goes on to the end
    assert _looked_at(pieces(data, size)) == _looked_at(iter([data]))


def _looked_at(chunks: Iterator[bytes]) -> str:
    try:
        return b"".join(scanned(chunks, Limits(depth=6))).decode()
    except RecordError as error:
        return str(error)


def test_a_document_has_a_length() -> None:
    limits = Limits(document=1000)
    for form, text in (
        (TURTLE, b"<urn:a:a> <urn:a:b> 1 ."),
        (NT, b"<urn:a:a> <urn:a:b> <urn:a:c> ."),
        (JSONLD, b'{"@id": "urn:a:a", "urn:a:b": 1}'),
        (RDFXML, b"<a:C " + RDF + b"/>"),
    ):
        assert both(text + b" " * (1000 - len(text)), form, limits)
        says = "has more than 1000 bytes in one document; write N-Quads, with a graph for each patient"
        assert refused(text + b" " * (1001 - len(text)), form, limits) == says
    many = b"".join(b"<urn:a:a> <urn:a:b> <urn:a:c> <urn:g:%d> .\n" % number for number in range(100))
    assert len(list(parse_stream([many], NQ, limits=limits))) == 100


def test_a_graph_has_a_number_of_triples() -> None:
    limits = Limits(triples=100)
    says = "has more than 100 triples in one graph; write N-Quads, with a graph for each patient"
    for form, graph in ((TURTLE, b""), (TRIG, b""), (TRIG, b"<urn:g:g> "), (NQ, b""), (NQ, b"<urn:g:g> ")):
        for odd in (b"", ODD) if form is not NQ else (b"",):
            first = odd.strip(b". \n") + b" . " if odd else b""

            def document(count: int, first: bytes = first, form: RdfFormat = form, graph: bytes = graph) -> bytes:
                if form is NQ:
                    lines = [b"<urn:a:a> <urn:a:b> <urn:a:%d> %s.\n" % (number, graph) for number in range(count)]
                    return b"<urn:a:a> <urn:a:b> <urn:a:0> <urn:g:0> .\n" + b"".join(lines)
                said = first + b"<urn:a:a> <urn:a:b> " + b", ".join(b"<urn:a:%d>" % number for number in range(count))
                return graph + b"{ " + said + b" }" if graph else said + b" ."

            assert both(document(100 - bool(first)), form, limits)
            assert refused(document(101), form, limits) == says
    lists = b"<urn:a:a> <urn:a:b> ( " + b"1 " * 49 + b") ."
    assert both(lists, TURTLE, limits)
    assert refused(lists.replace(b"( ", b"( 1 "), TURTLE, limits) == says


@pytest.mark.parametrize(
    ("form", "begin", "end"),
    [
        (TURTLE, b'<urn:a:a> <urn:a:b> "', b'" .'),
        (TURTLE, b'<urn:a:a> <urn:a:b> """', b'""" .'),
        (TRIG, b"<urn:a:a> <urn:a:b> '", b"' ."),
        (NT, b'<urn:a:a> <urn:a:b> "', b'" .\n'),
        (NQ, b'<urn:a:a> <urn:a:b> "', b'" <urn:g:g> .\n'),
        (JSONLD, b'{"@id": "urn:a:a", "urn:a:b": "', b'"}'),
        (RDFXML, b"<a:C " + RDF + b' rdf:about="urn:a:a"><a:b>', b"</a:b></a:C>"),
    ],
)
def test_a_literal_has_a_length(form: RdfFormat, begin: bytes, end: bytes) -> None:
    limits = Limits(literal=500)
    says = "has a literal of more than 500 characters; leave out what is attached to it"
    ((said,),) = (both(begin + b"x" * 400 + end, form, limits)[0].nodes["urn:a:a"]["urn:a:b"],)
    assert said == Literal("x" * 400)
    assert refused(begin + b"x" * 501 + end, form, limits, size=50) == says


def test_what_never_ends_is_refused() -> None:
    for form, text in (
        (NQ, b"x" * 1000),
        (TRIG, b'<urn:a:a> <urn:a:b> "' + b"x" * 1000),
        (TRIG, b"<urn:" + b"x" * 1000),
    ):

        def chunks(text: bytes = text) -> Iterator[bytes]:
            yield text
            while True:
                yield b"x" * 1000

        with pytest.raises(RecordError, match="a literal of more than 10000 characters"):
            list(parse_stream(chunks(), form, limits=Limits(literal=10_000)))
    with pytest.raises(RecordError, match="more than 100000 bytes in one document"):
        list(parse_stream(iter(lambda: b" " * 1000, b""), TURTLE, limits=Limits(document=100_000)))


def test_contexts_within_contexts_have_a_limit() -> None:
    terms = ", ".join(f'"t{number}": "urn:a:{number}"' for number in range(1000))

    def document(nodes: int) -> bytes:
        context = f'{{"@version": 1.1, "T": {{"@id": "urn:a:T", "@context": {{{terms}}}}}}}'
        graph = ", ".join(['{"@type": "T", "t1": 1}'] * nodes)
        return f'{{"@context": {context}, "@graph": [{graph}]}}'.encode()

    assert "has too many objects with contexts of their own; expand the document" in refused(document(2000), JSONLD)
    assert len(parse(document(100), JSONLD)[0].nodes) == 100


def test_many_objects_with_a_context_each_are_read() -> None:
    node = '{"@context": {"b": "urn:a:b", "c": "urn:a:c"}, "b": 1}'
    assert len(parse(f"[{', '.join([node] * 5000)}]".encode(), JSONLD)[0].nodes) == 5000
