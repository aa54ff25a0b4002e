"""Whose an item is, what was given, and which of several versions counts (semantics, sections 1 and 7)."""

from typing import Any

import pytest

from il2kg.read.fhir.patients import PatientResources
from il2kg.read.sources.versions import SHARED_ID
from il2kg.statements import NOBODY_STATED
from tests.bundles import patients

Json = dict[str, Any]

SERVER, OTHER = "https://a.example/fhir", "https://b.example/fhir"
ONE, TWO = {"resourceType": "Patient", "id": "1"}, {"resourceType": "Patient", "id": "2"}


def about(subject: object, name: str = "x", **more: Any) -> Json:
    """An Observation with a subject: a reference, or the element itself; None for none."""
    element = {"reference": subject} if isinstance(subject, str) else subject
    own = {} if element is None else {"subject": element}
    return {"resourceType": "Observation", "id": name, **own, **more}


def entries(*resources: Json | tuple[str, Json]) -> Json:
    """A Bundle of resources, each alone or with its address."""
    listed = [{"resource": r} if isinstance(r, dict) else {"fullUrl": r[0], "resource": r[1]} for r in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": listed}


def told(*resources: Json | tuple[str, Json]) -> dict[str | None, dict[str, str | None]]:
    """For each patient his items and why each is in doubt."""
    return {p.patient: {r.item: r.doubt for r in p.resources} for p in patients(entries(*resources))}


def own(*references: str) -> dict[str, str | None]:
    """Items 0, 1, ... that are not in doubt."""
    return {f"Observation/{number}": None for number in range(len(references))}


@pytest.mark.parametrize(
    "reference",
    [
        "Patient/1",
        " Patient/1\n",
        "Patient/1/_history/3",
        f"{SERVER}/Patient/1",
        f"{SERVER}/Patient/1/_history/2",
        f"\t{SERVER}/Patient/1 ",
    ],
)
def test_a_patient_is_found_by_id_and_by_address(reference: str) -> None:
    assert told((f"{SERVER}/Patient/1", ONE), about(reference)) == {"Patient/1": {"Observation/x": None}}


def test_a_patient_is_found_by_urn_with_or_without_an_id() -> None:
    urn = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"
    assert told((urn, ONE), about(urn, "0"), about("Patient/1", "1")) == {"Patient/1": own("0", "1")}
    nameless = {"resourceType": "Patient"}
    assert told((urn, nameless), about(urn, "0"), about(f" {urn}", "1")) == {urn: own("0", "1")}


@pytest.mark.parametrize(
    "reference", ["patient/1", "Patient/01", "Patient/1 2", "Patient/1/", "Patient//1", "Patient/"]
)
def test_references_compare_exactly(reference: str) -> None:
    (patient, *others) = patients(entries(ONE, about(reference)))
    doubts = {r.item: r.doubt for r in patient.resources}
    assert patient.patient == "Patient/1"
    if others:
        assert (doubts, [p.patient for p in others]) == ({}, [reference])
    else:
        assert doubts == {"Observation/x": f"its subject is no patient: {reference!r}"}


def test_a_patient_at_another_address_is_another_patient_and_that_is_said() -> None:
    found = list(patients(entries((f"{SERVER}/Patient/1", ONE), about(f"{OTHER}/Patient/1"))))
    assert {p.patient: [r.item for r in p.resources] for p in found} == {
        "Patient/1": [],
        f"{OTHER}/Patient/1": ["Observation/x"],
    }
    said = "a patient of the same id at another address is in the source, and is read as another"
    assert [[problem.kind for problem in p.problems] for p in found] == [[said], [said]]


def test_a_relative_reference_is_one_to_the_server_of_its_item() -> None:
    items = [
        (f"{SERVER}/Observation/a", about("Patient/1", "a")),
        (f"{OTHER}/Observation/b", about("Patient/1", "b")),
    ]
    both = [(f"{SERVER}/Patient/1", ONE), (f"{OTHER}/Patient/1", ONE), *items]
    assert told(*both) == {
        f"{SERVER}/Patient/1": {"Observation/a": None},
        f"{OTHER}/Patient/1": {"Observation/b": None},
    }
    assert told((f"{SERVER}/Patient/1", ONE), items[0]) == {"Patient/1": {"Observation/a": None}}
    # An item without an address of its own may be of either server.
    doubt = "its patient is found at several addresses: 'Patient/1'"
    unclear = told(*both, about("Patient/1", "c"))
    assert [found["Observation/c"] for found in unclear.values()] == [doubt, doubt]


def test_two_patients_under_one_id_and_several_urns_are_two() -> None:
    ann, bea = {**ONE, "gender": "female"}, {**ONE, "gender": "male"}
    found = told(("urn:uuid:a", ann), ("urn:uuid:b", bea), about("urn:uuid:a", "0"), about("Patient/1", "1"))
    doubt = "its patient is found at several addresses: 'Patient/1'"
    assert found == {
        "urn:uuid:a": {"Observation/0": None, "Observation/1": doubt},
        "urn:uuid:b": {"Observation/1": doubt},
    }
    assert told(("urn:uuid:a", ann), ("urn:uuid:b", ann), about("urn:uuid:b", "0")) == {"Patient/1": own("0")}


def test_an_address_may_have_any_form() -> None:
    address = "https://a.example/people/jane"
    assert told((address, ONE), about(address, "0"), about("Patient/1", "1")) == {"Patient/1": own("0", "1")}
    doubt = f"its patient is not found in the source: '{address}'"
    assert told(ONE, about(address)) == {"Patient/1": {"Observation/x": doubt}}


NO_PATIENT: dict[str, tuple[object, str]] = {
    "group": ("Group/7", "its subject is no patient: 'Group/7'"),
    "device elsewhere": (f"{OTHER}/Device/7", f"its subject is no patient: '{OTHER}/Device/7'"),
    "words": ("Jane Doe", "its subject is no patient: 'Jane Doe'"),
    "a subject that is text": ([], "its subject is no patient: a subject of the wrong type"),
    "a reference that is a number": ({"reference": 7}, "its subject is no patient: a reference of the wrong type"),
    "contained nowhere": ("#p", "its subject is no patient: '#p', which is not contained in it"),
    "a urn of nobody": ("urn:uuid:9", "its patient is not found in the source: 'urn:uuid:9'"),
    "a urn of a device": ("urn:uuid:d", "its subject is no patient: 'urn:uuid:d'"),
    "an identifier of nobody": (
        {"identifier": {"system": "urn:mrn", "value": "9"}},
        "its patient is not found in the source: 'urn:mrn|9'",
    ),
}


@pytest.mark.parametrize("name", NO_PATIENT)
def test_an_item_about_no_patient_is_a_doubt_of_every_patient(name: str) -> None:
    subject, doubt = NO_PATIENT[name]
    device = ("urn:uuid:d", {"resourceType": "Device"})
    item = about(subject)
    assert told(ONE, item, device) == {"Patient/1": {"Observation/x": doubt}}
    assert told(item, TWO, ONE, device) == {p: {"Observation/x": doubt} for p in ("Patient/2", "Patient/1")}


@pytest.mark.parametrize("nobody", [None, {}, {"display": "Jane Doe"}, {"reference": "  "}])
def test_an_item_without_a_patient_is_the_only_ones_or_in_doubt_for_all(nobody: object) -> None:
    assert told(about(nobody)) == {None: {"Observation/x": None}}
    assert told(ONE, about(nobody)) == {"Patient/1": {"Observation/x": None}}
    assert told(about(nobody), about("Patient/1", "0")) == {"Patient/1": {"Observation/0": None, "Observation/x": None}}
    assert told(ONE, TWO, about(nobody)) == {p: {"Observation/x": NOBODY_STATED} for p in ("Patient/1", "Patient/2")}
    # Somebody who is not in the source may be another.
    found = told(ONE, about(nobody), about({"identifier": {"value": "9"}}, "y"))
    assert found["Patient/1"]["Observation/x"] == NOBODY_STATED


def test_a_patient_may_be_named_by_an_identifier() -> None:
    jane = {**ONE, "identifier": [{"system": "urn:mrn", "value": "77"}, {"value": "78"}]}
    by_mrn, by_value = {"identifier": {"system": "urn:mrn", "value": " 77"}}, {"identifier": {"value": "78"}}
    conditional = "Patient?identifier=urn:mrn|77"
    found = told(jane, TWO, about(by_mrn, "0"), about(by_value, "1"), about(conditional, "2"))
    assert found == {"Patient/1": own("0", "1", "2"), "Patient/2": {}}
    twice = told(jane, {**jane, "id": "2"}, about(by_mrn))
    assert {doubt for items in twice.values() for doubt in items.values()} == {
        "its patient is not found in the source: 'urn:mrn|77'"
    }


def test_patients_who_are_named_by_identifiers_or_urns_alone_are_told_apart_by_them() -> None:
    first, second = ({"identifier": {"system": "urn:mrn", "value": v}} for v in "12")
    assert told(about(first, "0"), about(second, "1")) == {
        "urn:mrn|1": {"Observation/0": None},
        "urn:mrn|2": {"Observation/1": None},
    }
    assert told(about("urn:uuid:1", "0"), about("urn:uuid:1", "1")) == {"urn:uuid:1": own("0", "1")}
    # Numbers of different systems may be one person's.
    other = {"identifier": {"system": "urn:ssn", "value": "1"}}
    doubted = told(about(first, "0"), about(other, "1"))
    assert {p: sorted(items) for p, items in doubted.items()} == {None: ["Observation/0", "Observation/1"]}
    assert None not in doubted[None].values()


def test_a_contained_patient() -> None:
    someone = {"resourceType": "Patient", "id": "p", "gender": "female"}
    known = {**someone, "identifier": [{"system": "urn:mrn", "value": "77"}]}
    alone = about("#p", contained=[someone])
    assert told(alone, {**alone, "id": "y"}) == {"Patient (contained)": {"Observation/x": None, "Observation/y": None}}
    doubt = "its patient is contained in it and cannot be told from others"
    assert told(ONE, alone) == {"Patient/1": {"Observation/x": doubt}}
    jane = {**ONE, "identifier": [{"system": "urn:mrn", "value": "77"}]}
    assert told(jane, TWO, about("#p", contained=[known])) == {"Patient/1": {"Observation/x": None}, "Patient/2": {}}
    group = about("#g", contained=[{"resourceType": "Group", "id": "g"}])
    assert told(ONE, group) == {"Patient/1": {"Observation/x": "its subject is no patient: '#g'"}}


# ---- items of one type and id

EARLY, LATE = "2026-03-02T08:00:00Z", "2026-03-02T08:30:00+00:00"


def version(value: int, updated: object = None, subject: str = "Patient/1") -> Json:
    meta = {} if updated is None else {"meta": {"lastUpdated": updated}}
    return about(subject, "x", valueInteger=value, **meta)


def values(*resources: Json | tuple[str, Json]) -> dict[str | None, list[tuple[int, bool]]]:
    """For each patient the values that count, and whether each is in doubt for its id."""
    return {
        p.patient: [(r.content["valueInteger"], r.doubt == SHARED_ID) for r in p.resources]
        for p in patients(entries(ONE, *resources))
    }


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ([version(1, EARLY), version(2, LATE)], [(2, False)]),
        ([version(2, LATE), version(1, EARLY)], [(2, False)]),
        ([version(1, "2026-03-02T09:00:00+01:00"), version(2, "2026-03-02T08:00:01Z")], [(2, False)]),
        ([version(1), version(1)], [(1, False)]),
        ([version(1), version(2)], [(1, True), (2, True)]),
        ([version(1, EARLY), version(2, EARLY)], [(1, True), (2, True)]),
        ([version(1, EARLY), version(1, EARLY)], [(1, False)]),
        ([version(1, EARLY), version(2, LATE), version(3, LATE)], [(2, True), (3, True)]),
        # One that does not say when it was written may be the latest of all.
        ([version(1, LATE), version(2)], [(1, True), (2, True)]),
        ([version(1, LATE), version(2, "yesterday")], [(1, True), (2, True)]),
        ([version(1, LATE), version(2, "2026-03-02T09:00:00")], [(1, True), (2, True)]),
    ],
)
def test_the_latest_version_counts_alone_and_without_one_none(
    versions: list[Json], expected: list[tuple[int, bool]]
) -> None:
    assert values(*versions) == {"Patient/1": expected}


def test_values_of_different_precision_are_different() -> None:
    found = patients(entries(*({**version(0), "valueQuantity": {"value": v}} for v in (1, 1.5, 1.5))))
    assert [r.doubt for p in found for r in p.resources] == [SHARED_ID, SHARED_ID]


def test_an_item_that_moves_to_another_patient_leaves_the_first() -> None:
    wrong, right = version(1, EARLY), version(1, LATE, "Patient/2")
    assert values(wrong, right) == {"Patient/1": [], "Patient/2": [(1, False)]}
    assert values(version(1), version(1, None, "Patient/2")) == {"Patient/1": [(1, True)], "Patient/2": [(1, True)]}


def test_items_of_different_servers_may_share_an_id() -> None:
    of_one, of_two = version(1, EARLY), version(2, LATE, "Patient/2")
    found = values((f"{SERVER}/Observation/x", of_one), (f"{OTHER}/Observation/x", of_two))
    assert found == {"Patient/1": [(1, False)], "Patient/2": [(2, False)]}


def test_items_without_an_id_are_each_their_own() -> None:
    nameless = {key: value for key, value in about("Patient/1").items() if key != "id"}
    assert told(ONE, nameless, nameless) == {
        "Patient/1": {"Observation (Bundle.entry[1])": None, "Observation (Bundle.entry[2])": None}
    }


# ---- what was given


def given(*resources: Json | tuple[str, Json]) -> PatientResources:
    (patient,) = patients(entries(ONE, *resources))
    return patient


def medication(name: str, code: str, **more: Any) -> Json:
    return {"resourceType": "Medication", "id": name, "code": {"text": code}, **more}


def test_a_medication_is_found_by_id_address_or_urn_in_the_same_source() -> None:
    by_id, by_address, by_urn = medication("a", "A"), medication("b", "B"), {"resourceType": "Medication"}
    found = given(by_id, (f"{SERVER}/Medication/b", by_address), ("urn:uuid:c", by_urn)).medications
    assert found("Medication/a") == found(" Medication/a/_history/4") == [by_id]
    assert found(f"{SERVER}/Medication/b") == found("Medication/b") == [by_address]
    assert found("urn:uuid:c") == [by_urn]
    for nowhere in ("Medication/x", f"{OTHER}/Medication/b", "medication/a", "", "#a"):
        assert found(nowhere) == []


def test_medications_that_differ_under_one_id_are_all_given() -> None:
    first, second = medication("a", "A"), medication("a", "B")
    assert given(first, second, first).medications("Medication/a") == [first, second]
    late = {**second, "meta": {"lastUpdated": LATE}}
    assert given({**first, "meta": {"lastUpdated": EARLY}}, late).medications("Medication/a") == [late]
