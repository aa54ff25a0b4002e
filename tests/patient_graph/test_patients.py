"""Whose an item is, what it is called, and what a collection says for its members."""

from collections.abc import Iterable

import pyoxigraph as ox
import pytest

from il2kg.rdf.graphs import Graph
from il2kg.read.patient_graph import read_patients
from il2kg.record import Problem
from il2kg.statements import Observation, PatientStatements, Quantity, When
from tests.patient_graph.graphs import BASE, PROLOGUE, TABLES, graphs, read, read_one

NOBODY_STATED = ("no patient stated, in a source that names several", "")
SEVERAL_PATIENTS = ("an item of several patients", "")
NAMESAKE = Problem("a patient of the same id at another address is in the source, and is read as another", "")

Told = dict[str | None, dict[str, list[tuple[str, str]]]]


def told(patients: Iterable[PatientStatements]) -> Told:
    """For each patient, what the items that he has are about or called, with their doubts."""
    return {
        None if patient.patient is None else patient.patient.removeprefix(BASE): {
            statement.item.name.removeprefix(BASE): list(statement.item.doubts) for statement in patient.statements
        }
        for patient in patients
    }


WHOSE: dict[str, tuple[str, Told]] = {
    "of one": (
        "<x> a il2:Oliguria ; il2:ofPatient <p> . <y> a sosa:Observation ; sosa:hasFeatureOfInterest <p> .",
        {"p": {"x": [], "y": []}},
    ),
    "of the only one": ("<p> a il2:Patient . <x> a il2:Oliguria .", {"p": {"x": []}}),
    "of nobody": ("<x> a il2:Oliguria .", {None: {"x": []}}),
    "of one without items": ("<p> a il2:Patient .", {"p": {}}),
    "of one who has no name": ("<p> a il2:Patient ; il2:unnamed true . <x> a il2:Oliguria .", {None: {"x": []}}),
    "of one who is called something": (
        "<p> dcterms:identifier 'Patient/1' . <x> a il2:Oliguria ; dcterms:identifier 'C/7' ; il2:ofPatient <p> .",
        {"Patient/1": {"C/7": []}},
    ),
    "of one without an address": (
        "_:p a il2:Patient . <x> a il2:Oliguria ; il2:ofPatient _:p .",
        {"Patient": {"x": []}},
    ),
    "of two, each his own": (
        "<x> a il2:Oliguria ; il2:ofPatient <p> . <y> a il2:Oliguria ; il2:ofPatient <q> .",
        {"p": {"x": []}, "q": {"y": []}},
    ),
    "of one of two": (
        "<p> a il2:Patient . <q> a il2:Patient . <x> a il2:Oliguria .",
        {"p": {"x": [NOBODY_STATED]}, "q": {"x": [NOBODY_STATED]}},
    ),
    "of two": (
        "<x> a il2:Oliguria ; il2:ofPatient <p> , <q> .",
        {"p": {"x": [SEVERAL_PATIENTS]}, "q": {"x": [SEVERAL_PATIENTS]}},
    ),
    "of two, by two properties": (
        "<x> a sosa:Observation ; il2:ofPatient <p> ; sosa:hasFeatureOfInterest <q> .",
        {"p": {"x": [SEVERAL_PATIENTS]}, "q": {"x": [SEVERAL_PATIENTS]}},
    ),
    "of the only one of its graph": (
        "<g> { <x> a il2:Oliguria . <y> a il2:Coma ; il2:ofPatient <p> } <h> { <q> a il2:Patient . <z> a il2:Coma }",
        {"p": {"y": [], "x": []}, "q": {"z": []}},
    ),
    "of the only one of the source, outside of its graph": (
        "<p> a il2:Patient . <g> { <x> a il2:Oliguria }",
        {"p": {"x": []}},
    ),
    "of a graph that names two": (
        "<g> { <x> a il2:Oliguria . <p> a il2:Patient . <q> a il2:Patient }",
        {"p": {"x": [NOBODY_STATED]}, "q": {"x": [NOBODY_STATED]}},
    ),
    "outside of the graphs of two": (
        "<x> a il2:Oliguria . <g> { <p> a il2:Patient } <h> { <q> a il2:Patient }",
        {"p": {"x": [NOBODY_STATED]}, "q": {"x": [NOBODY_STATED]}},
    ),
    "in two graphs, of two": (
        "<g> { <x> a il2:Oliguria ; il2:ofPatient <p> } <h> { <x> a il2:Oliguria ; il2:ofPatient <q> }",
        {"p": {"x": [SEVERAL_PATIENTS]}, "q": {"x": [SEVERAL_PATIENTS]}},
    ),
    "in two graphs, of the only one of each": (
        "<g> { <x> a il2:Oliguria . <p> a il2:Patient } <h> { <x> il2:start '2026' . <q> a il2:Patient }",
        {"p": {"x": [SEVERAL_PATIENTS]}, "q": {"x": [SEVERAL_PATIENTS]}},
    ),
    "in two graphs, of one": (
        "<g> { <x> a il2:Oliguria ; il2:ofPatient <p> } <h> { <x> a il2:Oliguria ; il2:ofPatient <p> }",
        {"p": {"x": []}},
    ),
    "of what is no patient": (
        "<x> a il2:Oliguria ; il2:ofPatient <y> . <y> a il2:Coma ; il2:ofPatient <p> .",
        {"p": {"y": [], "x": [("its subject is no patient", f"{BASE}y")]}},
    ),
    "of a text": (
        "<x> a il2:Oliguria ; il2:ofPatient '7' .",
        {None: {"x": [("its subject is no patient", "'7'")]}},
    ),
    "by a sample": (
        "<s> a sosa:Sample ; sosa:isSampleOf <p> . <x> a sosa:Observation ; sosa:hasFeatureOfInterest <s> .",
        {"p": {"x": []}},
    ),
    "by a sample of nobody": (
        "<s> a sosa:Sample . <x> a sosa:Observation ; sosa:hasFeatureOfInterest <s> .",
        {None: {"x": [("its subject is no patient", f"{BASE}s")]}},
    ),
    "at last, by way of a sample": (
        """<s> a sosa:Sample . <x> a sosa:Observation ; sosa:hasFeatureOfInterest <s> ;
            sosa:hasUltimateFeatureOfInterest <p> .""",
        {"p": {"x": []}},
    ),
    "said from the other end": (
        "<p> sosa:isFeatureOfInterestOf <x> . <x> a sosa:Observation . <q> a il2:Patient .",
        {"p": {"x": []}, "q": {}},
    ),
}


@pytest.mark.parametrize(("text", "expected"), WHOSE.values(), ids=list(WHOSE))
def test_whose_an_item_is(text: str, expected: Told) -> None:
    patients = read(text)
    assert told(patients) == expected
    assert [patient.problems for patient in patients] == [()] * len(patients)


def test_what_is_no_item_is_told_to_everybody() -> None:
    patients = read("<p> a il2:Patient . <q> a il2:Patient . <x> a il2:Olliguria .")
    strange = Problem("no class of items", f"{BASE}x", "il2:Olliguria; the nearest is il2:Oliguria")
    doubt = Problem("no patient stated, in a source that names several", f"{BASE}x")
    assert [(patient.patient, patient.problems) for patient in patients] == [
        (f"{BASE}p", (strange, doubt)),
        (f"{BASE}q", (strange, doubt)),
    ]


def test_patients_of_one_name_are_told_apart() -> None:
    patients = read("".join(f"{place} a il2:Patient ; dcterms:identifier '7' ." for place in ("<p>", "<q>", "[]")))
    assert [(patient.patient, patient.iri, patient.problems) for patient in patients] == [
        (f"{BASE}p", f"{BASE}p", (NAMESAKE,)),
        (f"{BASE}q", f"{BASE}q", (NAMESAKE,)),
        ("7 (1)", "", (NAMESAKE,)),
    ]


def test_what_is_said_of_a_patient() -> None:
    patient = read_one(
        """<p> a il2:Patient ; dcterms:identifier "7" ; il2:unusable "a line cannot be read" ;
            prov:wasDerivedFrom <https://hospital.example/fhir/Patient/7> ;
            il2:sourceProblem [ rdfs:label "read in part" ; il2:item "A/1" ; il2:detail "b.json" ] ."""
    )
    assert patient == PatientStatements(
        "7",
        (),
        (Problem("read in part", "A/1", "b.json"),),
        "a line cannot be read",
        iri="https://hospital.example/fhir/Patient/7",
    )


NAMELESS = """
    [] a il2:Oliguria ; il2:start "2026-03-03" . [] a sosa:Observation ; sosa:phenomenonTime "2026-03-02" .
    [] a il2:Oliguria ; il2:start "2026-03-02" . [] a il2:Coma . [] a il2:Oliguria ; dcterms:identifier "mine" .
    [] a il2:Administration ; il2:chartedAs [ il2:words "b" ] , [ il2:words "a" ] ; il2:atTime "2026" .
"""


def again(text: str) -> list[Graph]:
    """A text as another program writes it: other labels, another order."""
    quads = list(ox.parse(PROLOGUE + text, format=ox.RdfFormat.TRIG, base_iri=BASE))
    written = ox.serialize(reversed(quads), format=ox.RdfFormat.N_QUADS)
    assert written is not None
    return graphs(written.decode().replace("_:", "_:other"))


def test_items_without_a_name_are_called_after_their_kind_and_time() -> None:
    patient = read_one(NAMELESS)
    named = {each.item.name: getattr(each, "onset", None) for each in patient.statements}
    assert named == {
        "Condition (3)": "2026-03-03",
        "Observation (1)": None,
        "Condition (2)": "2026-03-02",
        "Condition (1)": None,
        "mine": None,
        "MedicationAdministration (1)": None,
    }


def test_names_do_not_hang_on_labels_or_order() -> None:
    (patient,) = read_patients(again(NAMELESS), TABLES)
    assert sorted(map(repr, patient.statements)) == sorted(map(repr, read_one(NAMELESS).statements))


def test_a_graph_is_not_changed_by_reading_it() -> None:
    text = (
        "<c> a sosa:ObservationCollection ; sosa:hasMember <x> ; sosa:observedProperty il2:HeartRate . <y> a il2:Coma ."
    )
    found, same = graphs(text), graphs(text)
    read_patients(found, TABLES)
    assert found == same


# ---- Collections

PANEL = """<c> a sosa:ObservationCollection ; sosa:hasFeatureOfInterest <p> ; sosa:observedProperty il2:HeartRate ;
    sosa:phenomenonTime "2026-03-02" ; sosa:resultTime "2026-03-03" ; sosa:hasMember {members} ."""


def members(text: str) -> dict[str, Observation]:
    patient = read_one(text)
    return {each.item.name.removeprefix(BASE): each for each in patient.statements if isinstance(each, Observation)}


def test_members_have_what_their_collection_says() -> None:
    found = members(PANEL.format(members="[ a sosa:Observation ; sosa:hasSimpleResult 84 ]"))
    expected = members(
        """<p> a il2:Patient . [] a sosa:Observation ; sosa:hasFeatureOfInterest <p> ; sosa:hasSimpleResult 84 ;
            sosa:observedProperty il2:HeartRate ; sosa:phenomenonTime "2026-03-02" ; sosa:resultTime "2026-03-03" ."""
    )
    assert found == expected


def test_members_say_their_own_first() -> None:
    (found,) = members(
        PANEL.format(members="<x>") + "<x> sosa:phenomenonTime '2026-03-01' ; sosa:hasSimpleResult 84 ."
    ).values()
    assert (found.when, found.issued, found.result.values) == (When("2026-03-01"), "2026-03-03", (Quantity(84),))


def test_what_may_not_differ_is_said_together() -> None:
    text = PANEL.format(members="<x>") + "<x> sosa:observedProperty il2:OxygenSaturation ; sosa:hasSimpleResult 84 ."
    (found,) = members(text).values()
    assert [coding.code for coding in found.result.about.codings] == ["HeartRate", "OxygenSaturation"]
    patients = read(PANEL.format(members="<x>") + "<x> sosa:hasFeatureOfInterest <q> .")
    assert told(patients) == {"q": {"x": [SEVERAL_PATIENTS]}, "p": {"x": [SEVERAL_PATIENTS]}}


def test_one_of_several_of_a_collection_is_enough() -> None:
    text = PANEL.format(members="<x>") + "<c> sosa:hasFeatureOfInterest <q> . <x> sosa:hasFeatureOfInterest <q> ."
    assert told(read(text)) == {"q": {"x": []}}


def test_collections_in_collections() -> None:
    found = members(
        PANEL.format(members="<d>")
        + """<d> a sosa:ObservationCollection ; sosa:phenomenonTime "2026-03-01" . <x> sosa:isMemberOf <d> .
            <y> a sosa:Observation ; sosa:isMemberOf <c> ."""
    )
    assert {name: (each.when, each.issued) for name, each in found.items()} == {
        "x": (When("2026-03-01"), "2026-03-03"),
        "y": (When("2026-03-02"), "2026-03-03"),
    }


def test_a_collection_that_is_part_of_itself_comes_to_an_end() -> None:
    found = members(PANEL.format(members="<c> , <d>") + "<d> sosa:hasMember <c> , <x> . <x> sosa:hasSimpleResult 84 .")
    assert {name: each.when for name, each in found.items()} == {"x": When("2026-03-02")}


def test_a_member_that_is_not_there_is_doubted() -> None:
    (found,) = members(PANEL.format(members="<x>")).values()
    assert found.item.doubts == (("a member of a collection that is not described", ""),)
    assert (found.result.values, found.when) == ((), When("2026-03-02"))


def test_a_result_that_says_whose_it_is() -> None:
    found = members("<x> a sosa:Observation . <r> sosa:isResultOf <x> ; qudt:numericValue 84 .")
    assert [each.result.values for each in found.values()] == [(Quantity(84),)]
