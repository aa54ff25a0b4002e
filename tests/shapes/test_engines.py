"""What travels: four engines find the same in a patient graph and in FHIR RDF, whatever is wrong with them."""

import pyoxigraph as ox
import pyrudof
import pyshacl
import pytest
import shacl
import shacl_rust
from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib.collection import Collection

from il2kg.compile.shape_text import structure_of
from il2kg.locations import content_root
from il2kg.vocabulary import VOCABULARY
from tests.shapes.flaws import CLEAN, FLAWED
from tests.shapes.reading import ITEMS, turtle

SHAPES = content_root() / "shapes"
Row = tuple[str, str, str, str]
"""A result: its node, its path, its severity and its shape. Brackets and spaces of paths are left out."""


def plain(path: str) -> str:
    return "".join(character for character in path if character not in "<>() ")


def skolemised(text: str) -> str:
    """A graph without blank nodes, for engines give those names of their own."""

    def named(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> ox.NamedNode | ox.Literal:
        return ox.NamedNode(f"urn:blank:{term.value}") if isinstance(term, ox.BlankNode) else term

    triples = (
        ox.Triple(named(t.subject), t.predicate, named(t.object))
        for t in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)
    )
    return ox.serialize(triples, format=ox.RdfFormat.TURTLE).decode()


def by_pyshacl(shapes: str, data: str) -> set[Row]:
    _, report, _ = pyshacl.validate(Graph().parse(data=data, format="turtle"), shacl_graph=Graph().parse(data=shapes))
    return {
        (
            str(report.value(result, SH.focusNode)),
            plain(_path(report, report.value(result, SH.resultPath))),
            str(report.value(result, SH.resultSeverity)),
            str(report.value(result, SH.sourceShape)),
        )
        for result in report.objects(None, SH.result)
    }


def _path(graph: Graph, node: URIRef | BNode | None) -> str:
    if node is None or isinstance(node, URIRef):
        return str(node or "")
    if (node, RDF.first, None) in graph:
        return "/".join(_path(graph, each) for each in Collection(graph, node))
    (_, kind, inner), *_ = graph.triples((node, None, None))
    if kind == SH.alternativePath:
        return "|".join(_path(graph, each) for each in Collection(graph, inner))
    if kind == SH.inversePath:
        return f"^{_path(graph, inner)}"
    return _path(graph, inner) + {SH.zeroOrOnePath: "?", SH.zeroOrMorePath: "*"}[kind]


def by_shacl(shapes: str, data: str) -> set[Row]:
    return {
        (
            each.focus_node.strip("<>"),
            plain(each.path or ""),
            each.severity_iri.strip("<>"),
            each.source_shape.strip("<>"),
        )
        for each in shacl.Shapes.from_turtle(shapes).validate_turtle(data).results
    }


def by_shacl_rust(shapes: str, data: str) -> set[Row]:
    return {
        (
            each["focusNode"].strip("<>"),
            plain(each.get("resultPath") or ""),
            each["severity"].strip("<>"),
            each["sourceShape"].strip("<>"),
        )
        for each in shacl_rust.validate(data, shapes, experimental_index=True)["results"]
    }


def by_pyrudof(shapes: str, data: str) -> set[Row]:
    session = pyrudof.Rudof(pyrudof.RudofConfig())
    session.read_data(data)
    session.read_shacl(shapes)
    return {
        (
            str(each.focus_node).strip("<>"),
            plain(str(each.path or "")),
            f"{SH}{str(each.severity).rpartition(':')[2].rpartition('#')[2]}",
            str(each.source_shape).strip("<>"),
        )
        for each in session.validate_shacl()
    }


ENGINES = (by_pyshacl, by_shacl, by_shacl_rust, by_pyrudof)
# Literals that are none of their datatype (rdflib writes them in another way, or pySHACL ends at them), and decimals of
# more places than engines hold.
_ILL_TYPED = (
    "NaN",
    "INF",
    '"abc"^^',
    '"2026-13-45"^^',
    '"2026-02-30"^^',
    '02-03Z"^^',
    '"1e',
    "23:59:60",
    "00000000",
    "99999999",
)


def test_engines_find_the_same_in_a_patient_graph() -> None:
    names = [name for name in ITEMS if not any(part in ITEMS[name].turtle for part in _ILL_TYPED)]
    shapes, data = (SHAPES / "record.ttl").read_text(encoding="utf-8"), skolemised(turtle(names))
    found = {engine.__name__: engine(shapes, data) for engine in ENGINES}
    assert found == dict.fromkeys(found, found["by_pyshacl"])
    items = {row[0].rpartition("/")[2] for row in found["by_shacl"] if row[2] == str(SH.Violation)}
    clean = {f"i-{n}" for n, name in enumerate(names) if name in CLEAN}
    flawed = {f"i-{n}" for n, name in enumerate(names) if name in FLAWED}
    assert items & clean == set()
    assert len(items & flawed) > len(flawed) * 0.6


def test_engines_but_pyshacl_find_what_is_no_literal_of_its_type() -> None:
    names = [name for name in ITEMS if any(part in ITEMS[name].turtle for part in ("NaN", "INF", '"abc"^^', "-13-45"))]
    shapes, data = (SHAPES / "record.ttl").read_text(encoding="utf-8"), skolemised(turtle(names))
    found = [{row[0] for row in engine(shapes, data) if row[2] == str(SH.Violation)} for engine in ENGINES[1:]]
    assert found == [{f"https://hospital.example/i-{n}" for n in range(len(names))}] * 3
    assert len(names) > 4


@pytest.mark.parametrize("name", ["record", "fhir"])
def test_every_shape_that_finds_something_says_what_to_do(name: str) -> None:
    """A result comes from a shape with a name, a severity and a message; the rest are parts of such shapes."""
    graph = Graph().parse(SHAPES / f"{name}.ttl")
    targeted = {s for p in (SH.targetClass, SH.targetNode, SH.targetSubjectsOf) for s in graph.subjects(p)}
    direct = {shape for top in targeted for shape in graph.objects(top, SH.property)}
    reached = {shape for part in direct for shape in graph.objects(part, SH.property)}
    finding = {shape for shape in direct | reached if isinstance(shape, URIRef)}
    silent = [s for s in finding if not (graph.value(s, SH.message) and graph.value(s, SH.severity))]
    assert silent == []
    assert len(finding) > 40


def test_shapes_are_checked_in() -> None:
    assert sorted(path.name for path in (SHAPES / "structure").iterdir()) == [
        "assessment.ttl", "fhir.ttl", "record.ttl"
    ]  # fmt: skip
    for name in ("fhir.ttl", "record.ttl"):
        path = SHAPES / "structure" / name
        assert structure_of(path, VOCABULARY) in (SHAPES / path.name).read_text(encoding="utf-8")
