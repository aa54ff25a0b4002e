"""What is written as a patient graph is read again, by way of a file and of other programs, too."""

from decimal import Decimal

import pyoxigraph as ox
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from il2kg.rdf.graphs import Graph, Literal, Term
from il2kg.read.patient_graph import is_patient_graph, read_patients, terms
from il2kg.read.patient_graph.items import read_item
from il2kg.read.patient_graph.parts import Parts
from il2kg.read.patient_graph.routine import Routine
from il2kg.recognise.coding import Coding
from il2kg.statements import (
    NEVER_SAID,
    UNSAID,
    CodedText,
    Condition,
    Item,
    Medication,
    Observation,
    PatientStatements,
    Procedure,
    Product,
    Quantity,
    Result,
    Statement,
    When,
)
from il2kg.vocabulary import IL2, RDF_TYPE
from il2kg.write.iris import entry_iri, graph_iri, is_iri, item_iri, patient_iri
from il2kg.write.patient_graph import patient_graph
from tests.patient_graph import normal
from tests.patient_graph.graphs import TABLES, plain
from tests.patient_graph.strategies import common_observations, observations, patients

CREATININE = CodedText((Coding("http://loinc.org", "2160-0", "Creatinine"),), ("S-Crea",))


def nothing(kind: str, about: CodedText) -> None:
    """Names nothing for certain."""


def always(name: str | None) -> "Plain":
    return lambda kind, about: name if about.codings else None


Plain = type(nothing)


def written(patient: PatientStatements, name: str | None = None) -> Graph:
    return patient_graph(patient, always(name), TABLES)


def of_one(*found: Statement, name: str | None = "Patient/1") -> PatientStatements:
    return PatientStatements(name, found)


@settings(max_examples=100, deadline=None)
@given(patients(size=2))
def test_what_is_written_is_read_again(patient: PatientStatements) -> None:
    graph = written(patient)
    (found,) = read_patients([graph], TABLES)
    assert normal.patient(found) == normal.patient(patient)
    assert is_patient_graph(graph, TABLES)


@settings(max_examples=30, deadline=None)
@given(patients(size=2))
def test_what_was_read_is_written_as_it_is(patient: PatientStatements) -> None:
    (found,) = read_patients([written(patient)], TABLES)
    (again,) = read_patients([written(found)], TABLES)
    assert again == found


def in_a_file(found: list[Graph]) -> list[Graph]:
    """Graphs as another program reads them from a file in which they stand together, in another order."""
    quads = [
        ox.Quad(_subject(place), ox.NamedNode(name), _object(term), ox.NamedNode(graph.name))
        for graph in found
        for place, node in graph.nodes.items()
        for name, values in node.items()
        for term in values
    ]
    text = ox.serialize(reversed(quads), format=ox.RdfFormat.N_QUADS)
    assert text is not None
    return plain(ox.parse(text, format=ox.RdfFormat.N_QUADS))


def _subject(place: str) -> ox.NamedNode | ox.BlankNode:
    return ox.BlankNode(place.removeprefix("_:")) if place.startswith("_:") else ox.NamedNode(place)


def _object(term: Term) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if isinstance(term, Literal):
        return ox.Literal(term.text, datatype=ox.NamedNode(term.datatype))
    return _subject(term)


@settings(max_examples=40, deadline=None)
@given(st.lists(patients(size=1), max_size=3, unique_by=(lambda p: p.patient, lambda p: p.iri or object())))
def test_patients_in_one_file_stay_apart(found: list[PatientStatements]) -> None:
    addresses = [each.item.name for patient in found for each in patient.statements if is_iri(each.item.name)]
    assume(len(set(addresses)) == len(addresses))  # an address is that of one item
    expected = {patient.patient: normal.patient(patient) for patient in found}
    again = read_patients(in_a_file([written(patient) for patient in found]), TABLES)
    assert {patient.patient: normal.patient(patient) for patient in again} == expected


@settings(max_examples=20, deadline=None)
@given(patients(size=2))
def test_patients_of_one_name_from_two_sources_stay_apart(patient: PatientStatements) -> None:
    both = [patient_graph(patient, nothing, TABLES, source) for source in ("a.json", "b.json")]
    assert both[0].nodes.keys() & both[1].nodes.keys() == set()
    assert both[0].name != both[1].name
    for graph in both:
        (found,) = read_patients([graph], TABLES)
        assert [normal.statement(each).item.name for each in found.statements] == [
            each.item.name for each in patient.statements
        ]


@settings(max_examples=100, deadline=None)
@given(observations() | common_observations())
def test_common_observations_come_to_the_same(found: Observation) -> None:
    graph = written(of_one(found), "HeartRate")
    parts = Parts(graph.nodes, TABLES)
    ((place, node),) = [(p, n) for p, n in graph.nodes.items() if terms.OBSERVATION in n.get(RDF_TYPE, ())]
    expected = read_item(parts, terms.OBSERVATION, place, node, [])
    common = Routine(parts).observation(place, node)
    assert common in (None, expected)


def test_a_common_observation_is_one() -> None:
    result = Result(CREATININE, (Quantity(Decimal("3.60"), unit="mg/dl", code="mg/dL"),))
    found = Observation(Item("Observation/1", "Observation"), result, When("2026-03-02"), "2026-03-03")
    graph = written(of_one(found))
    parts = Parts(graph.nodes, TABLES)
    place = item_iri("Patient/1", "Observation/1")
    assert read_item(parts, terms.OBSERVATION, place, graph.nodes[place], []) == found
    assert Routine(parts).observation(place, graph.nodes[place]) == found


def test_an_observation_that_says_anything_twice_is_not_common() -> None:
    result = Result(CREATININE, (Quantity(Decimal("3.60"), unit="mg/dl", code="mg/dL"),))
    found = Observation(Item("Observation/1", "Observation"), result, When("2026-03-02"), "2026-03-03")
    graph = written(of_one(found), "SerumCreatinine")
    parts = Parts(graph.nodes, TABLES)
    place = item_iri("Patient/1", "Observation/1")
    node = graph.nodes[place]
    assert Routine(parts).observation(place, node) != read_item(parts, terms.OBSERVATION, place, {}, [])
    (of_result,) = node[terms.RESULT]
    for more in (Literal("x"), "urn:x:y"):
        for name, values in node.items():
            assert Routine(parts).observation(place, {**node, name: [*values, more]}) is None
        for name, values in graph.nodes[str(of_result)].items():
            if name != RDF_TYPE:
                changed = {**graph.nodes, str(of_result): {**graph.nodes[str(of_result)], name: [*values, more]}}
                other = Parts(changed, TABLES)
                read_item(other, terms.OBSERVATION, place, node, [])
                assert Routine(other).observation(place, node) is None


# ---- What is said beside the codes

ITEM = Item("a/1", "Observation")


def own(name: str) -> Coding:
    return Coding(IL2, name)


NAMED: dict[str, tuple[str, Statement, Statement, str, list[Term]]] = {
    "a measurement": (
        "SerumCreatinine",
        Observation(Item("a", "Observation"), Result(CREATININE), NEVER_SAID),
        Observation(
            Item("a", "Observation"),
            Result(CodedText((*CREATININE.codings, own("SerumCreatinine")), CREATININE.words)),
            NEVER_SAID,
        ),
        terms.PROPERTY,
        [f"{IL2}SerumCreatinine"],
    ),
    "a finding": (
        "Oliguria",
        Condition(Item("a", "Condition"), CREATININE),
        Condition(Item("a", "Condition"), CodedText((*CREATININE.codings, own("Oliguria")), CREATININE.words)),
        RDF_TYPE,
        [f"{IL2}Oliguria"],
    ),
    "a finding that is nothing else": (
        "Oliguria",
        Condition(Item("a", "Condition"), CodedText((own("Oliguria"),))),
        Condition(Item("a", "Condition"), CodedText((own("Oliguria"),))),
        terms.CHARTED_AS,
        [],
    ),
    "a drug where a finding belongs": (
        "Prednisone",
        Condition(Item("a", "Condition"), CREATININE),
        Condition(Item("a", "Condition"), CREATININE),
        RDF_TYPE,
        [terms.ROOT_FINDING],
    ),
    "an absence": (
        "Oliguria",
        Condition(Item("a", "Condition"), CREATININE, refuted=True),
        Condition(
            Item("a", "Condition"), CodedText((*CREATININE.codings, own("Oliguria")), CREATININE.words), refuted=True
        ),
        terms.FINDING,
        [f"{IL2}Oliguria"],
    ),
    "a procedure": (
        "Dialysis",
        Procedure(Item("a", "Procedure"), CREATININE, NEVER_SAID),
        Procedure(
            Item("a", "Procedure"), CodedText((*CREATININE.codings, own("Dialysis")), CREATININE.words), NEVER_SAID
        ),
        terms.FINDING,
        [f"{IL2}Dialysis"],
    ),
    "a procedure that gives something": (
        "Prednisone",
        Procedure(Item("a", "Procedure"), CREATININE, NEVER_SAID),
        Procedure(
            Item("a", "Procedure"), CodedText((*CREATININE.codings, own("Prednisone")), CREATININE.words), NEVER_SAID
        ),
        terms.GIVES,
        [f"{IL2}Prednisone"],
    ),
    "a drug": (
        "Prednisone",
        Medication(Item("a", "MedicationRequest"), (CREATININE,), NEVER_SAID),
        Medication(
            Item("a", "MedicationRequest"),
            (CodedText((*CREATININE.codings, own("Prednisone")), CREATININE.words),),
            NEVER_SAID,
        ),
        terms.GIVES,
        [f"{IL2}Prednisone"],
    ),
    "a drug in two places": (
        "Prednisone",
        Medication(Item("a", "MedicationRequest"), (CREATININE, UNSAID), NEVER_SAID),
        Medication(Item("a", "MedicationRequest"), (CREATININE, UNSAID), NEVER_SAID),
        terms.GIVES,
        [],
    ),
    "a product": (
        "Prednisone",
        Medication(Item("a", "MedicationRequest"), (), NEVER_SAID, product=Product(CREATININE)),
        Medication(
            Item("a", "MedicationRequest"),
            (),
            NEVER_SAID,
            product=Product(CodedText((*CREATININE.codings, own("Prednisone")), CREATININE.words)),
        ),
        terms.GIVES,
        [],
    ),
}


@pytest.mark.parametrize(("name", "found", "expected", "said", "values"), NAMED.values(), ids=list(NAMED))
def test_an_identifier_is_said_beside_the_codes(
    name: str, found: Statement, expected: Statement, said: str, values: list[Term]
) -> None:
    graph = written(of_one(found), name)
    assert graph.nodes[item_iri("Patient/1", "a")].get(said, []) == values
    (again,) = read_patients([graph], TABLES)
    assert again.statements == (expected,)


# ---- Names


def test_nodes_are_called_after_what_the_source_calls_them() -> None:
    found = [Condition(Item(name, "Condition"), UNSAID) for name in ("Condition/7", "Condition/7", "urn:uuid:7")]
    graph = written(of_one(*found))
    assert graph.name == "urn:il2kg:graph:Patient%2F1"
    assert [place for place in graph.nodes if not place.startswith("_:")] == [
        "urn:il2kg:record:Patient%2F1",
        "urn:il2kg:record:Patient%2F1:Condition%2F7",
        "urn:il2kg:record:Patient%2F1:Condition%2F7:2",
        "urn:uuid:7",
    ]
    assert graph.nodes["urn:il2kg:record:Patient%2F1:Condition%2F7"] == {
        RDF_TYPE: [terms.ROOT_FINDING],
        terms.OF_PATIENT: ["urn:il2kg:record:Patient%2F1"],
        terms.IDENTIFIER: [Literal("Condition/7")],
        terms.DERIVED: ["urn:il2kg:entry:Patient%2F1:Condition%2F7"],
    }


def test_an_item_that_may_be_anybodys_has_a_node_in_each_record() -> None:
    """One name would make it an item of several patients."""
    doubtful = Condition(Item("urn:uuid:7", "Condition", (("whose", ""),)), UNSAID)
    both = [written(of_one(doubtful, name=name)) for name in ("Patient/1", "Patient/2")]
    assert [patient.statements for patient in read_patients(both, TABLES)] == [(doubtful,), (doubtful,)]


def test_addresses_that_are_none_stay_as_text() -> None:
    found = Condition(Item("a", "Condition", iri="chart 7, page 2"), UNSAID)
    node = written(of_one(found)).nodes[item_iri("Patient/1", "a")]
    assert node[terms.SOURCE] == [Literal("chart 7, page 2")]
    assert terms.DERIVED not in node


def test_a_patient_keeps_his_address() -> None:
    patient = PatientStatements("Patient/1", (), iri="https://hospital.example/fhir/Patient/1")
    assert written(patient).nodes == {
        "https://hospital.example/fhir/Patient/1": {
            RDF_TYPE: [terms.PATIENT],
            terms.IDENTIFIER: [Literal("Patient/1")],
        }
    }
    elsewhere = patient_graph(patient, nothing, TABLES, "a.json").nodes
    assert elsewhere == {
        "urn:il2kg:record:a.json/Patient%2F1": {
            RDF_TYPE: [terms.PATIENT],
            terms.IDENTIFIER: [Literal("Patient/1")],
            terms.DERIVED: ["https://hospital.example/fhir/Patient/1"],
        }
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("urn:uuid:9", True),
        ("https://a.example:80/x?y=1#z", True),
        ("https://a.example/ü", True),
        ("http://[::1]/x", True),
        ("", False),
        ("x", False),
        ("x y:z", False),
        ("http://a b", False),
        ("http://a.example/%zz", False),
        ("_:b0", False),
        ("http://a.example/\ud800", False),
    ],
)
def test_what_is_an_iri(text: str, expected: bool) -> None:
    assert is_iri(text) is expected


@given(st.lists(st.text(), min_size=2, max_size=2, unique=True), st.text(), st.sampled_from(["", "a.json"]))
def test_minted_names_are_iris_and_differ(names: list[str], item: str, source: str) -> None:
    one, other = names
    made = [
        *(patient_iri(name, source) for name in (one, other, None)),
        *(item_iri(name, item, number, source) for name in (one, other, None) for number in (1, 2)),
        *(entry_iri(name, item, source) for name in (one, other, None)),
        *(graph_iri(name, source) for name in (one, other, None)),
    ]
    assert len(set(made)) == len(made)
    assert all(map(is_iri, made))


# ---- Size


def test_an_observation_costs_few_triples() -> None:
    """It is read back for speed: what many share is said once."""
    common = [
        Observation(
            Item(f"Observation/{number}", "Observation", iri=f"https://a.example/Observation/{number}"),
            Result(CREATININE, (Quantity(number + 1, unit="mg/dl", code="mg/dL"),)),
            When("2026-03-02T08:00:00Z"),
            "2026-03-02T09:00:00Z",
        )
        for number in range(10)
    ]
    triples = [
        sum(len(values) for node in graph.nodes.values() for values in node.values())
        for graph in (written(of_one(*common[:5]), "SerumCreatinine"), written(of_one(*common), "SerumCreatinine"))
    ]
    assert (triples[1] - triples[0]) / 5 == 12
