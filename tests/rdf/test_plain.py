"""The quick reader of Turtle reads what pyoxigraph reads, or leaves it; it never reads what pyoxigraph refuses."""

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from il2kg.rdf.formats import RdfFormat
from il2kg.rdf.graphs import Graph
from il2kg.rdf.limits import LIMITS
from il2kg.rdf.plain import read_plainly
from il2kg.rdf.quads import grouped
from il2kg.rdf.writing import serialise
from tests.rdf.generated import PREFIXES, several, whole

BASE = "urn:x:y/z/"
PARTS = (
    *("<urn:a:a>", "<b>", "<../c#d>", "<http://e.example/%41?x>", "<http://e.example/%zz>", "<é>", "<a b>", "<>", "<"),
    *("e:a", "e:b.c", "e:", ":", "e:1-", "e:a:b", "e:a%41", "e:a\\,b", "f:a", "a", "_:x", "_:y.z", "_:", "[]", "[ ]"),
    *('"x"', '"\\n\\u00e9"', '"\\ud800"', '"\\q"', '"""a"b\n"""', '""""a"""', '"', "'x'", '""', '"x"@en', '"x"@EN-us'),
    *(
        '"x"@en--ltr',
        '"x"@e',
        '"1"^^e:t',
        '"1"^^<t>',
        '"1"^^',
        '"x"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>',
    ),
    *("1", "-1.5", "1.", ".5", "1e5", "+1E-5", "1.e5", "true", "false", "TRUE", "#x\n", "#", "\ufeff", "\0", "\x0b"),
    *("[", "]", "(", ")", "()", "( )", "{", "}", ";", ",", ".", "<<", ">>", "{|", "|}", "~"),
    *("@prefix e: <urn:e:> .", "PREFIX e: <f/>", "prefix", "@base <urn:b:/c> .", "BASE <d>", "GRAPH", "graph <g>"),
)
TRIPLE = st.sampled_from(["e:a e:b e:c .", "<s> a _:x ;", "[ e:a 1 ] e:b ( 1 [ e:c 2 ] ) .", "<g> {", "} ", "e:a e:b"])


def by_pyoxigraph(text: str, *, trig: bool) -> list[Graph]:
    quads = ox.parse(text.encode(), ox.RdfFormat.TRIG if trig else ox.RdfFormat.TURTLE, base_iri=BASE)
    return grouped([(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"").decode()], "_:b", LIMITS)


@settings(max_examples=300)
@given(
    st.lists(st.one_of(st.sampled_from(PARTS), TRIPLE), max_size=9),
    st.sampled_from(["", " ", "\r\n"]),
    st.booleans(),
)
def test_what_it_reads_is_what_pyoxigraph_reads(parts: list[str], between: str, trig: bool) -> None:
    text = "@prefix e: <http://example.org/> .\n" + between.join(parts)
    found = read_plainly(text, BASE, "_:b", LIMITS, trig=trig)
    if found is not None:
        assert whole(found) == whole(by_pyoxigraph(text, trig=trig))


@given(several())
def test_it_reads_what_is_written_here(graphs: list[Graph]) -> None:
    for form in (RdfFormat.TRIG, RdfFormat.N_QUADS):
        text = serialise(graphs, form, PREFIXES).decode()
        found = read_plainly(text, BASE, "_:b", LIMITS, trig=True)
        if form is RdfFormat.TRIG:
            assert found is not None
            assert whole(found) == whole(graphs)


READ = (
    "",
    "# nothing\r\n",
    "@prefix : <#> . :a a :b;:c 1,2.5,-3e0,true;;:d[:e[]];.",
    'PREFIX e:<http://example.org/>e:a.b e:c<d>,"x"@en,"""y""" .',
    "@base <http://example.org/> . <a> <b> <c> . BASE <d/> <a> <b> <c> .",
    '[] <a> ( "x" ( ) ( [ <b> _:x ] ) ) . [ <a> 1 ] . [ <a> 1 ] <b> 2 . # end',
    '<a> <b> """two\n\\"lines\\", ""\\"""" .',
    "@prefix e: <urn:e:> . e:a e:b e:c . @prefix e: <urn:f:> . e:a e:b e:c .",
    "<a> <b> <c> . <g> { <a> <b> <c> . <d> <e> <f> } GRAPH _:g { [] <a> [ ] . } { <a> <b> 1 }",
)


@pytest.mark.parametrize("text", READ)
def test_what_people_write_is_read_by_it(text: str) -> None:
    found = read_plainly(text, BASE, "_:b", LIMITS, trig=True)
    assert found is not None
    assert whole(found) == whole(by_pyoxigraph(text, trig=True))


LEFT = (
    *(
        "<a> <b> .",
        "<a> <b> . .",
        "<a> <b> <c>",
        "<a> () <c> .",
        "<a> _:b <c> .",
        '"a" <b> <c> .',
        "() { <a> <b> <c> }",
    ),
    *(
        "<a> <b> e:c .",
        "@prefix e: <%zz> .",
        "@prefix e <a> .",
        "<a> a a .",
        "GRAPH { <a> <b> <c> }",
        "<a> <b> ( e:a:b ) .",
    ),
    *(
        "<a> <b> 'c' .",
        "<a> <b> <\\u0063> .",
        "<a> <b> <c> ~ .",
        "<a> <b> <<( <a> <b> <c> )>> .",
        "<a> <b> 1 2 .",
        "<g> { <a> <b> 1",
    ),
)


@pytest.mark.parametrize("text", LEFT)
def test_what_is_wrong_or_rare_is_left(text: str) -> None:
    assert read_plainly(text, BASE, "_:b", LIMITS, trig=True) is None


def test_turtle_has_no_graphs() -> None:
    for text in ("{ <a> <b> <c> }", "<g> { <a> <b> <c> }", "GRAPH <g> { <a> <b> <c> }"):
        assert read_plainly(text, BASE, "_:b", LIMITS, trig=True) is not None
        assert read_plainly(text, BASE, "_:b", LIMITS, trig=False) is None
