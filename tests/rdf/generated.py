"""Graphs to try with, and what makes two of them the same: all but the labels of blank nodes."""

import pyoxigraph as ox
from hypothesis import strategies as st

from il2kg.rdf.graphs import FIRST, LANGUAGE_STRING, NIL, REST, Graph, Literal, Term
from il2kg.vocabulary import IL2, RDF_TYPE, XSD

PREFIXES = {"il2": IL2, "xsd": XSD, "ex": "http://example.org/", "x": "http://example.org/x/"}

IRIS = (
    "http://example.org/a",
    "http://example.org/x/b-1",
    "http://example.org/x/c.d",
    "http://example.org/x/",
    "http://example.org/e?f=g#h",
    "http://example.org/%C3%A9/Grüße",
    "urn:il2kg:record:Patient%2F1:Observation%2F7",
    f"{IL2}Oliguria",
)
VERBS = (
    "http://example.org/a",
    "http://example.org/x/p.q",
    "http://example.org/é",
    f"{IL2}about",
    RDF_TYPE,
    FIRST,
    REST,
)
BLANKS = ("_:a", "_:b", "_:c", "_:d", "_:e")
TYPED = (
    Literal("1", f"{XSD}integer"),
    Literal("-5", f"{XSD}integer"),
    Literal("3.20", f"{XSD}decimal"),
    Literal("1.5e-03", f"{XSD}double"),
    Literal("true", f"{XSD}boolean"),
    Literal("2026-03-02T08:00:00+01:00", f"{XSD}dateTime"),
    Literal("http://example.org/ a", f"{XSD}anyURI"),
    Literal("3.2 mg/dL", "https://w3id.org/cdt/ucum"),
)
ODD = tuple(
    Literal(text, XSD + name)
    for text in ("-01", "+5", ".5", "1e3", "1.", "E5", "TRUE", "", " 1", "1,5", "<1")
    for name in ("integer", "decimal", "double", "boolean")
)
"""Numbers as people write them, or that are none; rdflib writes some of them otherwise."""

texts = st.text(
    st.one_of(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")),
        st.sampled_from("\t\n\r\"'\\<>&[](){}.;,#@^: "),
    ),
    max_size=8,
)
all_texts = st.one_of(texts, st.text(st.characters(codec="utf-8"), max_size=5))


def literals(*, odd: bool) -> st.SearchStrategy[Literal]:
    text = all_texts if odd else texts
    return st.one_of(
        text.map(Literal),
        st.builds(
            lambda written, language: Literal(written, LANGUAGE_STRING, language),
            text,
            st.sampled_from(["en", "de-at", "zh-hant-tw"]),
        ),
        st.sampled_from(TYPED + ODD if odd else TYPED),
    )


def nodes(*, odd: bool) -> st.SearchStrategy[dict[str, dict[str, list[Term]]]]:
    """What is said of a few subjects: trees, lists, circles and nodes that many point to."""
    values = st.one_of(st.sampled_from(IRIS), st.sampled_from(BLANKS), st.just(NIL), literals(odd=odd))
    said = st.dictionaries(st.sampled_from(VERBS), st.lists(values, min_size=1, max_size=3, unique=True), max_size=3)
    return st.dictionaries(st.sampled_from(IRIS + BLANKS), said.filter(bool), min_size=1, max_size=6)


def single(*, odd: bool = False) -> st.SearchStrategy[list[Graph]]:
    """A default graph; ``odd``: with any text, and numbers that are written oddly."""
    return nodes(odd=odd).map(lambda found: [Graph("", found)])


def several(*, odd: bool = False) -> st.SearchStrategy[list[Graph]]:
    """Graphs with names, and perhaps one without."""
    names = st.sampled_from(["", "http://example.org/g", "urn:il2kg:record:1", "_:g", "_:a"])
    return st.builds(
        lambda found: [Graph(name, each) for name, each in found.items()],
        st.dictionaries(names, nodes(odd=odd), min_size=1, max_size=3),
    )


def listed(items: list[Term]) -> tuple[Term, dict[str, dict[str, list[Term]]]]:
    """A list, and the nodes that it is made of."""
    cells = [f"_:cell{number}" for number in range(len(items))]
    found = {
        cell: {FIRST: [item], REST: [behind]}
        for cell, item, behind in zip(cells, items, [*cells[1:], NIL], strict=True)
    }
    return [*cells, NIL][0], found


def whole(graphs: list[Graph]) -> list[str]:
    """All that graphs say; equal to what other graphs say if only the labels of their blank nodes differ."""

    def term(value: Term) -> ox.NamedNode | ox.BlankNode | ox.Literal:
        if isinstance(value, Literal):
            if value.language:
                assert value.datatype == LANGUAGE_STRING
                return ox.Literal(value.text, language=value.language)
            return ox.Literal(value.text, datatype=ox.NamedNode(value.datatype))
        return ox.BlankNode(value[2:]) if value.startswith("_:") else ox.NamedNode(value)

    found = ox.Dataset(
        ox.Quad(term(subject), ox.NamedNode(verb), term(value), term(graph.name) if graph.name else ox.DefaultGraph())
        for graph in graphs
        for subject, node in graph.nodes.items()
        for verb, said in node.items()
        for value in said
    )
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, found))
