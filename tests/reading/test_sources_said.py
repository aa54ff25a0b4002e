"""What a source holds beside its items, or hides in them, is read or said (semantics, section 7)."""

from typing import Any

import pytest

from il2kg.bulk import load_engine
from il2kg.record import PassedOver, Problem, Record
from tests import planting
from tests.bundles import PATIENT, Resource, bundle, measurement, patients

LAB = measurement("SerumCreatinine", 5.2, "mg/dL", planting.ago(1))
OF_NOBODY = {key: value for key, value in LAB.items() if key != "subject"}


def read(content: Any) -> Record:
    (named,) = load_engine().named(patients(content))
    return named.record


def report(**content: Any) -> Resource:
    return {
        "resourceType": "DiagnosticReport",
        "status": "final",
        "subject": PATIENT,
        "code": {"text": "Panel"},
        **content,
    }


@pytest.mark.parametrize("inner", [LAB, OF_NOBODY])
def test_a_result_contained_in_a_report_is_read_as_of_its_patient(inner: Resource) -> None:
    record = read(bundle([report(contained=[{**inner, "id": "o"}])]))
    assert [(m.observable, m.low, m.item) for m in record.measurements] == [
        ("SerumCreatinine", 5.2, "DiagnosticReport/i0#o")
    ]


def test_resources_in_parameters_are_read() -> None:
    parameter = [{"name": "a", "resource": bundle([])}, {"name": "b", "part": [{"name": "c", "resource": LAB}]}]
    record = read({"resourceType": "Parameters", "parameter": parameter})
    assert [m.observable for m in record.measurements] == ["SerumCreatinine"]


def test_types_that_are_not_read_are_said() -> None:
    items = [
        report(),
        report(),
        {"resourceType": "MedicationDispense", "subject": PATIENT, "medicationCodeableConcept": {"text": "Proleukin"}},
        {"resourceType": "observation", "subject": PATIENT, "code": {"text": "Creatinine"}},
        {"resourceType": "Claim", "patient": PATIENT},
    ]
    assert read(bundle(items)).passed_over == (
        PassedOver(0, "MedicationDispense", "", "", "Proleukin", 1),
        PassedOver(1, "DiagnosticReport", "", "", "Panel", 2),
        PassedOver(1, "observation", "", "", "Creatinine", 1),
    )


def test_former_names_of_types_are_read() -> None:
    order = {"resourceType": "MedicationOrder", "status": "active", "subject": PATIENT, "authoredOn": planting.ago(3)}
    steroid = {"medicationCodeableConcept": {"text": "Prednisone 20 mg"}}
    assert planting.decision([*planting.clean(), {**order, **steroid}]) == "withhold"


def test_a_source_that_is_not_whole_is_said() -> None:
    content = bundle([LAB])
    content["link"] = [{"relation": "next", "url": "https://example.org/next"}]
    issue = {"severity": "error", "diagnostics": "not allowed"}
    content["entry"].append({"resource": {"resourceType": "OperationOutcome", "id": "x", "issue": [issue]}})
    assert read(content).problems == (
        Problem("an error that the source itself reports", "OperationOutcome/x", "not allowed"),
        Problem("the source says that there is more of it, which is not here", ""),
    )
