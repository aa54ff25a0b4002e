"""Statements as FHIR R4: each kind as the whole resource that is written."""

from decimal import Decimal
from typing import Any

import pytest

from il2kg.read.fhir.doubts import NO_STATUS
from il2kg.recognise.coding import Coding
from il2kg.record import Problem
from il2kg.statements import (
    UNSAID,
    CodedText,
    Condition,
    Item,
    Medication,
    Observation,
    Other,
    PatientStatements,
    Procedure,
    Product,
    Quantity,
    Result,
    Statement,
    Stay,
    Unreadable,
    When,
)
from il2kg.write.fhir_json import fhir_bundle, fhir_json

T8, T9 = "2026-03-02T08:00:00Z", "2026-03-02T09:00:00+01:00"
CREATININE = CodedText((Coding("http://loinc.org", "2160-0", "Creatinine"),), ("creatinine, serum",))
CREATININE_CONCEPT = {
    "coding": [{"system": "http://loinc.org", "code": "2160-0", "display": "Creatinine"}],
    "text": "creatinine, serum",
}
UNKNOWN = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]}
SUBJECT = {"subject": {"reference": "Patient/p1"}}
OWN = "https://w3id.org/il2kg/fhir/"


def written(*statements: Statement) -> list[dict[str, Any]]:
    """What stands in the entries beside the Patient."""
    patient, *entries = fhir_bundle(PatientStatements("Patient/p1", statements))["entry"]
    assert patient == {"resource": {"resourceType": "Patient", "id": "p1"}}
    return entries


def resource(statement: Statement) -> dict[str, Any]:
    (entry,) = written(statement)
    assert list(entry) == ["resource"]
    found: dict[str, Any] = entry["resource"]
    return found


def item(kind: str = "Observation", **more: Any) -> Item:
    return Item(f"{kind}/7", kind, **more)


def text(words: str) -> CodedText:
    return CodedText(words=(words,))


def said(url: str, **parts: str) -> dict[str, Any]:
    return {"url": OWN + url, "extension": [{"url": name, "valueString": value} for name, value in parts.items()]}


def test_a_measurement() -> None:
    value = Quantity(Decimal("6.30"), ">=", "mg/dL", None, "mg/dL")
    assert resource(Observation(item(), Result(CREATININE, (value,)), When(T8), issued=T9)) == {
        "resourceType": "Observation",
        "id": "7",
        "status": "final",
        **SUBJECT,
        "effectiveDateTime": T8,
        "issued": T9,
        "code": CREATININE_CONCEPT,
        "valueQuantity": {
            "value": Decimal("6.30"),
            "comparator": ">=",
            "unit": "mg/dL",
            "system": "http://unitsofmeasure.org",
            "code": "mg/dL",
        },
    }


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (Decimal("6.30"), b"6.30"),
        (Decimal("1E+3"), b"1E+3"),
        (Decimal("-0.0"), b"-0.0"),
        (318, b"318"),
        (10**30, b"1" + b"0" * 30),
        ("<5", b'"<5"'),
        (Decimal("NaN"), b'"NaN"'),
    ],
)
def test_numbers_stay_as_they_were_written(number: Any, shown: bytes) -> None:
    result = Result(UNSAID, (Quantity(number),))
    bundle = fhir_json(PatientStatements("Patient/p1", (Observation(item(), result, When(T8)),)))
    assert b'"valueQuantity":{"value":%b}' % shown in bundle


def test_an_observation_with_components_and_without_a_value() -> None:
    part = Result(text("Oliguria"), (True,), (text("abnormal"),), doubts=(("strange", "part"),))
    nothing = Result(UNSAID, absent_reason=True)
    assert resource(Observation(item(), nothing, When(None, T9, period=True), components=(nothing, part))) == {
        "resourceType": "Observation",
        "id": "7",
        "status": "final",
        **SUBJECT,
        "effectivePeriod": {"end": T9},
        "code": UNKNOWN,
        "dataAbsentReason": {
            "coding": [{"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "unknown"}]
        },
        "component": [
            {
                "code": UNKNOWN,
                "dataAbsentReason": {
                    "coding": [
                        {"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "unknown"}
                    ]
                },
            },
            {"code": {"text": "Oliguria"}, "valueBoolean": True, "interpretation": [{"text": "abnormal"}]},
        ],
        "modifierExtension": [said("doubt", of="components.1", kind="strange", detail="part")],
    }


def test_what_fhir_has_no_element_for() -> None:
    values = (Quantity(3), Unreadable("Range", "1 to 2"), CodedText((Coding(None, None, None),), ("a", "b")))
    flawed = CodedText(words=("Creatinine",), flaws=(("code of the wrong type", ""),))
    when = When(flaws=(("not a date or time", "7"),))
    odd = Item("Observation (line 3)", "Observation", (("in doubt", "why"),), (("odd", ""),), "urn:uuid:1")
    (entry,) = written(Observation(odd, Result(flawed, values), when))
    assert entry == {
        "fullUrl": "urn:uuid:1",
        "resource": {
            "resourceType": "Observation",
            "status": "final",
            **SUBJECT,
            "code": {"text": "Creatinine"},
            "valueQuantity": {"value": 3},
            "extension": [
                {
                    "url": OWN + "said",
                    "extension": [
                        {"url": "of", "valueString": "item.name"},
                        {"url": "value", "valueString": "Observation (line 3)"},
                    ],
                },
                said("remark", kind="odd"),
            ],
            "modifierExtension": [
                said("flaw", of="when", kind="not a date or time", detail="7"),
                said("flaw", of="result.about", kind="code of the wrong type"),
                said("said", of="result.values", type="Range", shown="1 to 2"),
                {
                    "url": OWN + "said",
                    "extension": [
                        {"url": "of", "valueString": "result.values"},
                        {
                            "url": "value",
                            "valueCodeableConcept": {"coding": [{"display": "b"}, UNKNOWN], "text": "a"},
                        },
                    ],
                },
                said("doubt", kind="in doubt", detail="why"),
            ],
        },
    }


@pytest.mark.parametrize(
    ("value", "element"),
    [
        (Unreadable("DateTime", "2026-03-02"), {"valueDateTime": "2026-03-02"}),
        (text("positive"), {"valueCodeableConcept": {"text": "positive"}}),
        (UNSAID, {"valueCodeableConcept": UNKNOWN}),
        (Quantity(None), {"valueQuantity": UNKNOWN}),
        ("positive", {"valueString": "positive"}),
        (False, {"valueBoolean": False}),
        (Unreadable("Range", ""), {"extension": [said("said", of="result.values", type="Range")]}),
    ],
)
def test_values(value: Any, element: dict[str, Any]) -> None:
    found = resource(Observation(item(), Result(UNSAID, (value,)), When(T8)))
    assert {name: found[name] for name in found if name.startswith("value") or name == "extension"} == element


def test_a_status_that_was_not_there_is_not_made_up() -> None:
    found = resource(Procedure(item("Procedure", remarks=(NO_STATUS,)), text("Dialysis"), When(T8)))
    assert found == {
        "resourceType": "Procedure",
        "id": "7",
        "_status": UNKNOWN,
        "code": {"text": "Dialysis"},
        **SUBJECT,
        "performedDateTime": T8,
    }


def test_a_procedure_that_goes_on_and_was_recorded() -> None:
    found = resource(Procedure(item("Procedure"), text("Dialysis"), When(T8, period=True), T9))
    recorded = [{"url": "of", "valueString": "recorded"}, {"url": "value", "valueString": T9}]
    assert found == {
        "resourceType": "Procedure",
        "id": "7",
        "status": "in-progress",
        "code": {"text": "Dialysis"},
        **SUBJECT,
        "performedPeriod": {"start": T8},
        "extension": [{"url": OWN + "said", "extension": recorded}],
    }


@pytest.mark.parametrize(
    ("parts", "elements"),
    [
        ({"onset": T8}, {"onsetDateTime": T8}),
        ({"recorded": T8, "over": True}, {"recordedDate": T8, "clinicalStatus": "resolved"}),
        (
            {"onset": T8, "abatement": T9},
            {"onsetDateTime": T8, "abatementDateTime": T9, "clinicalStatus": "resolved"},
        ),
        ({"recorded": T8, "refuted": True}, {"recordedDate": T8, "verificationStatus": "refuted"}),
    ],
)
def test_conditions(parts: dict[str, Any], elements: dict[str, Any]) -> None:
    systems = {"clinicalStatus": "condition-clinical", "verificationStatus": "condition-ver-status"}
    for name, system in systems.items():
        if name in elements:
            address = f"http://terminology.hl7.org/CodeSystem/{system}"
            elements = {**elements, name: {"coding": [{"system": address, "code": elements[name]}]}}
    assert resource(Condition(item("Condition"), text("Oliguria"), **parts)) == {
        "resourceType": "Condition",
        "id": "7",
        "code": {"text": "Oliguria"},
        **SUBJECT,
        **elements,
    }


def test_a_mixture_with_a_rate() -> None:
    part = Product(UNSAID, text("the bag"), (Product(text("Dopamine")),), (text("solution"),), (("strange", ""),))
    product = Product(text("Pressor mix"), None, (Product(text("Norepinephrine")), part))
    given = Medication(
        item("MedicationAdministration"),
        (),
        When(T8, T9, period=True),
        product,
        routes=(text("i.v."), text("central line")),
        rate=Quantity(Decimal("0.50"), unit="ug/kg/min"),
        amount=Quantity(4, unit="mg"),
    )
    assert resource(given) == {
        "resourceType": "MedicationAdministration",
        "id": "7",
        "status": "completed",
        "medicationReference": {"reference": "#m1"},
        **SUBJECT,
        "effectivePeriod": {"start": T8, "end": T9},
        "dosage": {
            "route": {"text": "i.v."},
            "dose": {"value": 4, "unit": "mg"},
            "rateQuantity": {"value": Decimal("0.50"), "unit": "ug/kg/min"},
        },
        "contained": [
            {
                "resourceType": "Medication",
                "id": "m1",
                "code": {"text": "Pressor mix"},
                "ingredient": [
                    {"itemCodeableConcept": {"text": "Norepinephrine"}},
                    {"itemReference": {"reference": "#m2", "display": "the bag"}},
                ],
            },
            {
                "resourceType": "Medication",
                "id": "m2",
                "form": {"text": "solution"},
                "ingredient": [{"itemCodeableConcept": {"text": "Dopamine"}}],
            },
        ],
        "extension": [
            {
                "url": OWN + "said",
                "extension": [
                    {"url": "of", "valueString": "product.ingredients.1.pointer"},
                    {"url": "value", "valueCodeableConcept": {"text": "the bag"}},
                ],
            }
        ],
        "modifierExtension": [
            said("doubt", of="product.ingredients.1", kind="strange"),
            {
                "url": OWN + "said",
                "extension": [
                    {"url": "of", "valueString": "routes"},
                    {"url": "value", "valueCodeableConcept": {"text": "central line"}},
                ],
            },
        ],
    }


def test_an_order_that_holds_until_then() -> None:
    ordered = When(T8, T9, period=True)
    given = Medication(
        item("MedicationRequest"), (text("Prednisone"),), When(), ordered=ordered, routes=(text("oral"),), over=True
    )
    assert resource(given) == {
        "resourceType": "MedicationRequest",
        "id": "7",
        "intent": "order",
        "status": "completed",
        "medicationCodeableConcept": {"text": "Prednisone"},
        **SUBJECT,
        "dosageInstruction": [
            {"timing": {"repeat": {"boundsPeriod": {"start": T8, "end": T9}}}, "route": {"text": "oral"}}
        ],
    }


def test_a_statement_that_is_only_meant() -> None:
    ordered = When(T8, period=True)
    given = Medication(
        item("MedicationStatement"), (text("Prednisone"), text("Cortisone")), When(), ordered=ordered, meant=True
    )
    assert resource(given) == {
        "resourceType": "MedicationStatement",
        "id": "7",
        "status": "intended",
        "medicationCodeableConcept": {"text": "Prednisone"},
        **SUBJECT,
        "dateAsserted": T8,
        "modifierExtension": [
            {
                "url": OWN + "said",
                "extension": [
                    {"url": "of", "valueString": "about"},
                    {"url": "value", "valueCodeableConcept": {"text": "Cortisone"}},
                ],
            }
        ],
    }


def test_a_drug_that_nobody_can_name() -> None:
    given = Medication(item("MedicationAdministration"), (), When(), pointer=None, unresolved="'#m' finds nothing")
    assert resource(given) == {
        "resourceType": "MedicationAdministration",
        "id": "7",
        "status": "completed",
        "medicationReference": UNKNOWN,
        **SUBJECT,
        "effectivePeriod": UNKNOWN,
        "extension": [
            {
                "url": OWN + "said",
                "extension": [
                    {"url": "of", "valueString": "unresolved"},
                    {"url": "value", "valueString": "'#m' finds nothing"},
                ],
            }
        ],
    }


def said_of(of: str, **value: Any) -> dict[str, Any]:
    return {"url": OWN + "said", "extension": [{"url": "of", "valueString": of}, {"url": "value", **value}]}


def test_an_administration_that_says_only_when_it_was_ordered() -> None:
    given = Medication(
        item("MedicationAdministration"), (text("Dopamine"),), When(), ordered=When(T8, T9, period=True), meant=True
    )
    found = resource(given)
    assert found["_effectiveDateTime"] == UNKNOWN
    assert found["extension"] == [
        said_of("ordered.start", valueString=T8),
        said_of("ordered.end", valueString=T9),
        said_of("ordered.period", valueBoolean=True),
    ]
    assert found["modifierExtension"] == [said_of("meant", valueBoolean=True)]


def test_an_order_that_says_when_it_was_given() -> None:
    given = Medication(item("MedicationRequest"), (text("Dopamine"),), When(T8))
    assert resource(given) == {
        "resourceType": "MedicationRequest",
        "id": "7",
        "intent": "order",
        "status": "active",
        "medicationCodeableConcept": {"text": "Dopamine"},
        **SUBJECT,
        "extension": [said_of("when.start", valueString=T8)],
    }


def test_a_route_alone_and_a_rate_that_is_none() -> None:
    given = Medication(
        item("MedicationAdministration"),
        (text("Dopamine"),),
        When(T8),
        routes=(text("i.v."),),
        rate=Unreadable("Quantity", "fast"),
    )
    found = resource(given)
    assert found["dosage"] == {"route": {"text": "i.v."}, "dose": UNKNOWN}
    assert found["extension"] == [said("said", of="rate", type="Quantity", shown="fast")]


def test_an_onset_that_is_an_empty_text() -> None:
    found = resource(Condition(item("Condition"), text("Oliguria"), onset="", abatement=""))
    assert found == {
        "resourceType": "Condition",
        "id": "7",
        "code": {"text": "Oliguria"},
        **SUBJECT,
        "extension": [said_of("onset", valueString=""), said_of("abatement", valueString="")],
    }


def test_a_stay() -> None:
    stay = Stay(item("Encounter"), ("IMP",), finished=True, when=When(T8, T9, period=True))
    assert resource(stay) == {
        "resourceType": "Encounter",
        "id": "7",
        "status": "finished",
        "class": {"code": "IMP"},
        **SUBJECT,
        "period": {"start": T8, "end": T9},
    }


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("DiagnosticReport", {**SUBJECT, "_status": UNKNOWN, "code": {"text": "x-ray"}}),
        (
            "CarePlan",
            {
                **SUBJECT,
                "_status": UNKNOWN,
                "_intent": UNKNOWN,
                "extension": [
                    {
                        "url": OWN + "said",
                        "extension": [
                            {"url": "of", "valueString": "about"},
                            {"url": "value", "valueCodeableConcept": {"text": "x-ray"}},
                        ],
                    }
                ],
            },
        ),
    ],
)
def test_items_of_other_kinds(kind: str, found: dict[str, Any]) -> None:
    assert resource(Other(item(kind), text("x-ray"))) == {"resourceType": kind, "id": "7", **found}


def test_an_item_of_a_kind_that_r4_does_not_have() -> None:
    found = resource(Other(item("Unheard"), UNSAID))
    assert found["resourceType"] == "Basic"
    assert found["code"] == UNKNOWN
    assert [each["extension"][1]["valueString"] for each in found["extension"]] == ["Unheard", "Unheard/7"]


def test_lists_and_texts_that_have_to_be_there() -> None:
    assert resource(Other(item("DocumentReference"), UNSAID))["content"] == [{"attachment": UNKNOWN}]
    assert resource(Other(item("Composition"), UNSAID))["author"] == [UNKNOWN]
    assert resource(Other(item("Immunization"), UNSAID))["occurrenceString"] == "unknown"
    assert resource(Other(item("Immunization"), UNSAID))["patient"] == SUBJECT["subject"]


def test_an_id_and_an_address_stand_once() -> None:
    stay = Stay(item("Encounter", iri="urn:uuid:1"), ("IMP",), finished=True, when=When())
    first, second = written(stay, stay)
    assert (first["fullUrl"], first["resource"]["id"]) == ("urn:uuid:1", "7")
    assert "fullUrl" not in second
    assert "id" not in second["resource"]
    assert second["resource"]["extension"][0]["extension"][1]["valueString"] == "Encounter/7"


def entry(found: PatientStatements, address: str = "") -> tuple[dict[str, Any], Any]:
    """The entry of the Patient, and how his items refer to him."""
    patient, *entries = fhir_bundle(found, address)["entry"]
    return patient, entries[0]["resource"]["subject"]


def test_patients() -> None:
    stay = Stay(item("Encounter"), (), finished=False, when=When())
    plain = {"resourceType": "Patient", "id": "p1"}
    assert entry(PatientStatements("Patient/p1", (stay,)), "http://a.example/Patient/p1") == (
        {"fullUrl": "http://a.example/Patient/p1", "resource": plain},
        {"reference": "http://a.example/Patient/p1"},
    )
    for address in ("chart 7, page 2", "mailto:somebody@hospital.example"):
        assert entry(PatientStatements("Patient/p1", (stay,)), address) == ({"resource": plain}, SUBJECT["subject"])
    name = {"url": OWN + "name", "valueString": "urn:uuid:1"}
    assert entry(PatientStatements("urn:uuid:1", (stay,))) == (
        {"fullUrl": "urn:il2kg:record:urn%3Auuid%3A1", "resource": {"resourceType": "Patient", "extension": [name]}},
        {"reference": "urn:il2kg:record:urn%3Auuid%3A1"},
    )
    unnamed = {"url": OWN + "unnamed", "valueBoolean": True}
    problems = (Problem("broken", "Bundle/1", "why", "Oliguria"), Problem("more of it", ""))
    assert entry(PatientStatements(None, (stay,), problems, "line 3 is not JSON")) == (
        {
            "resource": {
                "resourceType": "Patient",
                "extension": [
                    said("problem", kind="broken", item="Bundle/1", detail="why", concept="Oliguria"),
                    said("problem", kind="more of it"),
                    {"url": OWN + "unusable", "valueString": "line 3 is not JSON"},
                    unnamed,
                ],
            }
        },
        {"display": "not named in the source"},
    )


def test_items_at_several_servers_refer_to_the_patient_by_an_address() -> None:
    at = [item("Encounter", iri=f"http://{server}.example/Encounter/7") for server in "ab"]
    stays = tuple(Stay(each, (), finished=False, when=When()) for each in at)
    assert entry(PatientStatements("Patient/p1", stays[:1]))[1] == {"reference": "Patient/p1"}
    patient, subject = entry(PatientStatements("Patient/p1", stays))
    assert patient["fullUrl"] == subject["reference"] == "urn:il2kg:record:Patient%2Fp1"
