"""What cannot be understood of FHIR RDF is told, and the resource that holds it is not trusted."""

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from il2kg.bulk import load_engine
from il2kg.rdf.graphs import Graph, Literal, Node
from il2kg.read.fhir_rdf.names import FHIR, FIRST, INDEX, LINK, NIL, NODE_ROLE, REST, TREE_ROOT, VALUE, V
from il2kg.read.fhir_rdf.resources import fhir_resources
from il2kg.read.sources.json_text import canonical
from il2kg.record import Problem
from il2kg.vocabulary import RDF_TYPE, XSD
from tests.bundles import PATIENT, bundle, measurement, named_record
from tests.fhir_rdf.read import UNREADABLE, content, flawed, found

OBSERVATION = "<Observation/1> a fhir:Observation ; fhir:nodeRole fhir:treeRoot ;"


@pytest.mark.parametrize(
    ("said", "element", "kind", "detail"),
    [
        (
            'fhir:status [ fhir:v "final" ], [ fhir:v "amended" ]',
            {"status": ["final", "amended"]},
            "several values where FHIR has one",
            "status",
        ),
        (
            'fhir:status [ fhir:v "final", "amended" ]',
            {"status": ["final", "amended"]},
            "several values where FHIR has one",
            "",
        ),
        (
            'fhir:status [ fhir:v "final" ] ; fhir:Observation.status [ fhir:value "amended" ]',
            {"status": ["final", "amended"]},
            "said in several ways that differ",
            "status",
        ),
        (
            'fhir:component ( [ fhir:id [ fhir:v "a" ] ] ), ( [ fhir:id [ fhir:v "b" ] ] )',
            {"component": [{"id": "a"}, {"id": "b"}]},
            "said in several ways that differ",
            "component",
        ),
        (
            'fhir:component [ fhir:index 0 ; fhir:id [ fhir:v "a" ] ], [ fhir:index 0 ; fhir:id [ fhir:v "b" ] ]',
            {"component": [{"id": "a"}, {"id": "b"}]},
            "several values at one place of a list",
            "component",
        ),
        (
            'fhir:component [ rdf:first [ fhir:id [ fhir:v "a" ] ] ]',
            {"component": [{"id": "a"}]},
            "a list that is broken",
            "component",
        ),
        (
            'fhir:component _:l . _:l rdf:first [ fhir:id [ fhir:v "a" ] ] ; rdf:rest _:l',
            {"component": [{"id": "a"}]},
            "a list that is broken",
            "component",
        ),
        (
            'fhir:component [ rdf:first [ fhir:id [ fhir:v "a" ] ], [ fhir:id [ fhir:v "a" ] ] ; rdf:rest () ]',
            {"component": [{"id": "a"}, {"id": "a"}]},
            "a list that is broken",
            "component",
        ),
        (
            'fhir:component [ rdf:first [ fhir:id [ fhir:v "a" ] ] ; rdf:rest () ; fhir:id "b" ]',
            {"component": [{"id": "a"}]},
            "a list that is broken",
            "component",
        ),
        (
            'fhir:code _:c . _:c fhir:text [ fhir:v "x" ] ; fhir:code _:c',
            {"code": {"text": "x", "code": "(not read)"}},
            "an element that lies within itself",
            "code",
        ),
        (
            "fhir:component _:l . _:l rdf:first _:l ; rdf:rest ()",
            {"component": ["(not read)"]},
            "an element that lies within itself",
            "component",
        ),
        (
            "fhir:contained _:l . _:l rdf:first _:l ; rdf:rest ()",
            {"contained": ["(not read)"]},
            "an element that lies within itself",
            "contained",
        ),
        (
            'fhir:subject [ fhir:reference [ fhir:v "Patient/1" ] ; fhir:link <http://there.example/fhir/Patient/2> ]',
            {"subject": {"reference": "Patient/1"}},
            "a reference and a link that disagree",
            "Patient/1",
        ),
        (
            'fhir:subject [ fhir:reference [ fhir:v "Patient/1" ; fhir:link <http://there.example/fhir/Patient/2> ] ]',
            {"subject": {"reference": "Patient/1"}},
            "a reference and a link that disagree",
            "Patient/1",
        ),
        (
            "fhir:subject [ fhir:link <urn:uuid:1>, <urn:uuid:2> ]",
            {"subject": {"reference": "urn:uuid:1"}},
            "a reference to several resources",
            "urn:uuid:1, urn:uuid:2",
        ),
        (
            "fhir:value [ a fhir:Quantity, fhir:String ; fhir:unit [ fhir:v 'mg' ] ]",
            {"value": {"unit": "mg"}},
            "of a type that cannot be told",
            "value",
        ),
        (
            "fhir:value [ fhir:width [ fhir:v 3 ] ]",
            {"value": {"width": 3}},
            "of a type that cannot be told",
            "value",
        ),
        (
            "a fhir:Condition",
            {},
            "of several types of resource",
            "Observation, Condition",
        ),
    ],
)
def test_what_cannot_be_trusted(said: str, element: dict[str, Any], kind: str, detail: str) -> None:
    resource, problems = flawed(f"{OBSERVATION} {said} .")
    assert problems == [("Observation/1", kind, detail)]
    assert resource == {
        "resourceType": "Observation",
        **element,
        "modifierExtension": [UNREADABLE],
        "id": "1",
    }


@pytest.mark.parametrize(
    ("said", "element", "kind", "detail"),
    [
        (
            'fhir:Observation.interpretation [ fhir:id [ fhir:v "a" ] ], [ fhir:id [ fhir:v "b" ] ]',
            {"interpretation": [{"id": "a"}, {"id": "b"}]},
            "several values, and nothing says in which order",
            "interpretation",
        ),
        (
            'fhir:component [ fhir:index 2 ; fhir:id [ fhir:v "b" ] ], [ fhir:index 0 ; fhir:id [ fhir:v "a" ] ]',
            {"component": [{"id": "a"}, {"id": "b"}]},
            "a list with gaps",
            "component",
        ),
        (
            "fhir:code [ fhir:coding ( [ a loinc:2160-0 ] ) ]",
            {"code": {"coding": [{}]}},
            "said by a type alone, which is not read",
            "coding http://loinc.org/rdf#2160-0",
        ),
    ],
)
def test_what_is_only_told(said: str, element: dict[str, Any], kind: str, detail: str) -> None:
    resource, problems = flawed(f"{OBSERVATION} {said} .")
    assert problems == [("Observation/1", kind, detail)]
    assert resource == {"resourceType": "Observation", **element, "id": "1"}


@pytest.mark.parametrize(
    "said",
    [
        'fhir:status [ fhir:v "final" ], [ fhir:v "final" ]',
        'fhir:status [ fhir:v "final" ] ; fhir:Observation.status [ fhir:value "final" ]',
        'fhir:status [ fhir:v "final", "final"@en ]',
        'fhir:status _:s . <Observation/2> fhir:encounter _:s . _:s fhir:v "final"',
    ],
)
def test_what_is_said_twice_and_the_same_is_said_once(said: str) -> None:
    resources, _ = found(f"{OBSERVATION} {said} .")
    assert resources[0].content == {"resourceType": "Observation", "id": "1", "status": "final"}


def test_flaws_are_of_the_resource_that_has_them() -> None:
    resource, problems = flawed("""
    <> a fhir:Bundle ; fhir:nodeRole fhir:treeRoot ; fhir:entry (
      [ fhir:resource [ a fhir:Observation ; fhir:id [ fhir:v "1" ] ; fhir:status [ fhir:v "final" ] ] ]
      [ fhir:resource [ a fhir:Observation ; fhir:id [ fhir:v "2" ] ; fhir:status [ fhir:v "final" ], [ fhir:v "x" ] ;
          fhir:modifierExtension ( [ fhir:url [ fhir:v "urn:a:1" ] ] ) ] ] ) .
    """)
    assert problems == [("Observation/2", "several values where FHIR has one", "status")]
    assert [entry["resource"].get("modifierExtension") for entry in resource["entry"]] == [
        None,
        [{"url": "urn:a:1"}, UNREADABLE],
    ]
    assert "modifierExtension" not in resource


def test_what_no_resource_holds() -> None:
    resources, problems = found("""
    <http://there.example/x> fhir:status [ fhir:v "final" ] ; fhir:code [ fhir:text [ fhir:v "of no type" ] ] .
    [] fhir:Observation.component.code [ fhir:CodeableConcept.text [ fhir:value "of no Observation" ] ] .
    <http://there.example/Patient/1> a fhir:Patient .
    <http://there.example/Organization> a owl:Class ; rdfs:label "no matter of FHIR" .
    """)
    assert resources == []
    assert [(each.item, each.kind, each.detail) for each in problems] == [
        (
            "",
            "elements of FHIR that no resource holds",
            "7: CodeableConcept.text, Observation.component.code, code, stat...",
        )
    ]


def test_properties_of_others_are_said_once() -> None:
    _, problems = flawed("""
    <Observation/1> a fhir:Observation ; fhir:status [ fhir:v "final" ; <http://there.example/by> "x" ] ;
      rdfs:label "an observation" ; <http://there.example/at> "y" ; <http://hl7.org/fhir/StructureDefinition/z> "z" .
    """)
    assert problems == [
        (
            "",
            "properties that are not of FHIR were not read",
            "http://hl7.org/fhir/StructureDefinition/z, http://there.exam...",
        )
    ]


def test_resources_that_hold_each_other_are_each_read_once() -> None:
    resources, problems = found("""
    <Bundle/a> a fhir:Bundle ; fhir:entry ( [ fhir:resource <Bundle/b> ] ) .
    <Bundle/b> a fhir:Bundle ; fhir:entry ( [ fhir:resource <Bundle/a> ] ) .
    """)
    assert [each.content["id"] for each in resources] == ["a"]
    assert resources[0].content["entry"][0]["resource"]["entry"] == [{"resource": "(not read)"}]
    assert [(each.item, each.kind) for each in problems] == [("Bundle/b", "an element that lies within itself")]


def test_entries_of_a_broken_list_are_read_nevertheless() -> None:
    resources, problems = found("""
    <Bundle/a> a fhir:Bundle ; fhir:nodeRole fhir:treeRoot ;
      fhir:entry [ rdf:first [ fhir:resource <urn:uuid:1> ] ; rdf:rest [ rdf:rest () ; rdf:first
        [ fhir:resource <urn:uuid:2> ], [ fhir:resource <urn:uuid:3> ] ] ] .
    <urn:uuid:1> a fhir:Patient ; fhir:active [ fhir:v true ] .
    <urn:uuid:2> a fhir:Patient ; fhir:active [ fhir:v true ] .
    <urn:uuid:3> a fhir:Patient ; fhir:active [ fhir:v true ] .
    <urn:uuid:4> a fhir:Patient ; fhir:active [ fhir:v true ] .
    """)
    assert [each.node.rpartition("/")[2] for each in resources] == ["a", "urn:uuid:4"]
    assert [entry["fullUrl"] for entry in resources[0].content["entry"]] == ["urn:uuid:1", "urn:uuid:2", "urn:uuid:3"]
    assert [(each.item, each.kind) for each in problems] == [("Bundle/a", "a list that is broken")]


def test_nesting_has_an_end() -> None:
    depth = sys.getrecursionlimit()
    nodes: dict[str, Node] = {"_:0": {RDF_TYPE: [f"{FHIR}Observation"], f"{FHIR}extension": ["_:1"]}}
    for level in range(1, depth):
        nodes[f"_:{level}"] = {f"{FHIR}url": [Literal("urn:a:1")], f"{FHIR}extension": [f"_:{level + 1}"]}
    problems: list[Problem] = []
    (resource,) = fhir_resources(Graph("", nodes), problems)
    assert [problem.kind for problem in problems] == [
        "nested too deeply to be read",
        "elements of FHIR that no resource holds",
    ]
    assert resource.content["modifierExtension"] == [UNREADABLE]


def test_sharing_has_an_end() -> None:
    """Each element twice within the one before: without a bound, these would be more than any memory holds."""
    nodes: dict[str, Node] = {"_:0": {RDF_TYPE: [f"{FHIR}Observation"], f"{FHIR}code": ["_:1"]}}
    for level in range(1, 60):
        nodes[f"_:{level}"] = {f"{FHIR}{name}": [f"_:{level + 1}"] for name in ("low", "high")}
    problems: list[Problem] = []
    (resource,) = fhir_resources(Graph("", nodes), problems)
    assert "elements that are shared too often to be read" in {problem.kind for problem in problems}
    assert resource.content["modifierExtension"] == [UNREADABLE]


def test_an_element_that_several_resources_share_is_read_for_each() -> None:
    resources, problems = found("""
    <Observation/1> a fhir:Observation ; fhir:code _:c . <Observation/2> a fhir:Observation ; fhir:code _:c .
    <Observation/3> a fhir:Observation ; fhir:code <urn:a:code> .
    _:c fhir:text [ fhir:v "shared" ] . <urn:a:code> fhir:text [ fhir:v "named" ] .
    """)
    assert problems == []
    assert [each.content["code"]["text"] for each in resources] == ["shared", "shared", "named"]


def test_a_value_that_is_not_trusted_keeps_nothing_silent() -> None:
    """The mark makes the reader set the item aside, and say so."""
    alarm = measurement("SerumCreatinine", 5, "mg/dL", "2026-03-02T08:00:00Z", id="1", subject=PATIENT)
    engine = load_engine()
    trusted = named_record(engine, "record", bundle([alarm])).record
    marked = named_record(engine, "record", bundle([{**alarm, "modifierExtension": [UNREADABLE]}])).record
    assert (len(trusted.measurements), len(trusted.set_aside)) == (1, 0)
    assert (len(marked.measurements), len(marked.set_aside)) == (0, 1)


# Graphs of a few nodes that know each other in any way.
_NODES = [*(f"_:{name}" for name in "abcdef"), "http://there.example/Observation/1", "urn:uuid:2"]
_NAMES = (
    *("status", "code", "coding", "value", "effective", "subject", "reference", "component", "_component", "extension"),
    *(
        "contained",
        "resource",
        "entry",
        "fullUrl",
        "id",
        "medication",
        "Observation.status",
        "Observation.valueQuantity",
    ),
    *("Bundle.entry.resource", "v", "link", "l", "value", "birthDate", "resourceType", "item"),
)
_IRIS = [*(f"{FHIR}{name}" for name in _NAMES), FIRST, REST, INDEX, LINK, VALUE, V, "http://there.example/p"]
_LITERALS = [
    Literal("x"),
    Literal("1", f"{XSD}integer"),
    Literal("1.0", f"{XSD}decimal"),
    Literal("true", f"{XSD}boolean"),
]
_TERMS = st.sampled_from([*_NODES, *_NODES, NIL, "http://there.example/unknown", "_:unknown", *_LITERALS])
_TYPES = [f"{FHIR}{name}" for name in ("Observation", "_Observation", "Bundle", "Quantity", "dateTime", "Element", "")]
_SAID = st.dictionaries(st.sampled_from(_IRIS), st.lists(_TERMS, min_size=1, max_size=2), max_size=4)


@st.composite
def _graphs(draw: st.DrawFn) -> Graph:
    """Graphs in which each node says its name."""
    nodes: dict[str, Node] = {}
    for name in draw(st.lists(st.sampled_from(_NODES), min_size=1, unique=True)):
        nodes[name] = {**draw(_SAID), f"{FHIR}note": [Literal(f"I am {name}.")]}
        if draw(st.booleans()):
            nodes[name][RDF_TYPE] = list(draw(st.lists(st.sampled_from(_TYPES), min_size=1, max_size=2)))
        if draw(st.integers(0, 5)) == 0:
            nodes[name][NODE_ROLE] = [TREE_ROOT]
    return Graph("", nodes)


@given(graph=_graphs())
def test_of_any_graph_nothing_is_lost_in_silence(graph: Graph) -> None:
    before = repr(graph)
    problems: list[Problem] = []
    resources = fhir_resources(graph, problems)
    assert repr(graph) == before
    written = b"".join(canonical(each.content) for each in resources).decode()
    for name in graph.nodes:
        assert f"I am {name}." in written or problems


def test_an_empty_graph_and_one_of_something_else() -> None:
    assert found("") == ([], [])
    assert found("<http://there.example/a> <http://there.example/b> 3 .") == ([], [])
    assert content("[] a fhir:Patient ; fhir:nodeRole fhir:treeRoot .") == {"resourceType": "Patient"}
