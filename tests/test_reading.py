"""Reading FHIR: what becomes of each kind of resource, compared whole."""

import gzip
import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from il2kg.bulk import load_engine
from il2kg.read.files import group_by_patient, parse, read_file
from il2kg.read.times import read_moment, zulu
from il2kg.record import Absence, Administration, Dose, Episode, Measurement, Record, exact_bound, interval
from tests.bundles import IL2, PATIENT, Resource, bundle, concept, condition, finding, measurement

ENGINE = load_engine()
T8, T9 = "2026-03-02T08:00:00Z", "2026-03-02T09:00:00Z"


def at(text: str) -> int:
    moment = read_moment(text)
    assert moment.time is not None
    return moment.time


def read(*resources: Resource) -> Record:
    encoded = msgspec.json.Encoder(decimal_format="number").encode(bundle(resources))
    (named,) = ENGINE.named("r", group_by_patient(parse(encoded)))
    return named.record


def coded(system: str, code: str) -> Resource:
    return {"coding": [{"system": system, "code": code}]}


def observation(**content: Any) -> Resource:
    return {"resourceType": "Observation", "status": "final", "subject": PATIENT, "effectiveDateTime": T8, **content}


# ---- values

VALUES: dict[str, tuple[str, Resource, float]] = {
    "its own unit": ("SerumCreatinine", {"value": 1.25, "code": "mg/dL"}, 1.25),
    "umol/L": ("SerumCreatinine", {"value": 397.8, "code": "umol/L"}, 4.5),
    "mmol/L": ("SerumCreatinine", {"value": 0.3536, "code": "mmol/L"}, 4.0),
    "spelled": ("SerumCreatinine", {"value": 88.4, "unit": "µmol/L"}, 1.0),
    "rounded to six digits": ("SerumCreatinine", {"value": 100, "code": "umol/L"}, 1.13122),
    "platelets per uL": ("PlateletCount", {"value": 30000, "code": "/uL"}, 30),
    "platelets 10*9/L": ("PlateletCount", {"value": 45, "code": "10*9/L"}, 45),
    "platelets K/uL is no kelvin": ("PlateletCount", {"value": 45, "unit": "K/uL", "code": "K/uL"}, 45),
    "Fahrenheit": ("BodyTemperature", {"value": 98.6, "code": "[degF]"}, 37),
    "pounds": ("BodyWeight", {"value": 150, "unit": "lbs"}, 68.0389),
    "grams": ("BodyWeight", {"value": 80000, "code": "g"}, 80),
    "meq": ("SerumBicarbonate", {"value": 18, "unit": "mEq/L"}, 18),
    "beats": ("HeartRate", {"value": 88, "code": "{beats}/min"}, 88),
    "bpm": ("HeartRate", {"value": 88, "unit": "bpm"}, 88),
    "hertz": ("HeartRate", {"value": 1.5, "code": "Hz"}, 90),
    "fraction": ("OxygenSaturation", {"value": 0.97, "code": "1"}, 97),
    "not asked of the table": ("BodyWeight", {"value": 0.08, "code": "t"}, 80),
    "score": ("EcogPerformanceStatus", {"value": 1, "code": "{score}"}, 1),
    "plain": ("EcogPerformanceStatus", {"value": 1}, 1),
}


@pytest.mark.parametrize("name", VALUES)
def test_a_quantity_is_read_in_its_observables_unit(name: str) -> None:
    observable, quantity, value = VALUES[name]
    record = read(observation(code=concept(observable), valueQuantity=quantity))
    assert record.problems == ()
    assert record.measurements == (Measurement(observable, value, value, at(T8), None, "Observation/i0"),)


@pytest.mark.parametrize(
    ("written", "grade"), [("3+", 3), ("negative", 0), ("Negative ", 0), ("trace", 1), ("4+", 4), ("0", 0)]
)
def test_a_grade_is_read_from_text(written: str, grade: int) -> None:
    for value in ({"valueString": written}, {"valueCodeableConcept": {"text": written}}):
        (found,) = read(observation(code=concept("StoolGuaiac"), **value)).measurements
        assert (found.low, found.high) == (grade, grade)


def test_components_are_measurements_of_their_own() -> None:
    part = {"code": coded("http://loinc.org", "8480-6"), "valueQuantity": {"value": 112, "code": "mm[Hg]"}}
    panel = observation(code=coded("http://loinc.org", "85354-9"), component=[part, {"code": coded("x", "y")}])
    assert read(panel).measurements == (Measurement("SystolicBloodPressure", 112, 112, at(T8), None, "Observation/i0"),)


def test_a_comparator_is_an_interval() -> None:
    assert interval("<", Decimal("5")) == (-math.inf, 4.999999999)
    assert interval("<=", Decimal("5")) == (-math.inf, 5.0)
    assert interval(">", Decimal("5")) == (5.000000001, math.inf)
    assert interval(">=", Decimal("5")) == (5.0, math.inf)
    assert interval(None, Decimal("5")) == (5.0, 5.0)


def test_long_decimals_lie_on_their_side_of_a_limit() -> None:
    assert exact_bound(Decimal("4.5")) == 4.5
    assert exact_bound(Decimal("4.5000000000000000001")) > 4.5
    assert exact_bound(Decimal("4.4999999999999999999")) < 4.5


def test_volumes_have_a_period() -> None:
    period = {"start": "2026-03-02T00:00:00Z", "end": T8}
    base = {"code": concept("UrineOutput")}
    volume = observation(**base, effectivePeriod=period, valueQuantity={"value": 80, "code": "mL"})
    rate = observation(**base, effectivePeriod=period, valueQuantity={"value": 10, "code": "mL/h"})
    hourly = observation(**base, valueQuantity={"value": 10, "code": "mL/h"})
    for resource in (volume, rate):
        del resource["effectiveDateTime"]
    start = at("2026-03-02T00:00:00Z")
    assert [(m.low, m.start, m.time) for m in read(volume, rate, hourly).measurements] == [
        (80, start, at(T8)),
        (80, start, at(T8)),
        (10, at("2026-03-02T07:00:00Z"), at(T8)),
    ]
    (alone,) = read(measurement("UrineOutput", 80, "mL", T8)).measurements
    assert alone.set_aside


# ---- times

MOMENTS = {
    "2026-03-02T09:00:00+01:00": (T8, None),
    "2026-03-02T13:30:00+05:30": (T8, None),
    "2026-03-02T08:00:00.000Z": (T8, None),
    "2026-03-02T08:00:00": (T8, "time without a zone"),
    "2026-03-02": ("2026-03-02T00:00:00Z", None),
    "2026-03": ("2026-03-01T00:00:00Z", None),
    "2026": ("2026-01-01T00:00:00Z", None),
}


@pytest.mark.parametrize("text", MOMENTS)
def test_a_moment_is_read(text: str) -> None:
    moment = read_moment(text)
    assert moment.time is not None
    assert (zulu(moment.time), moment.problem) == MOMENTS[text]


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2026-03-02", "2026-03-02T23:59:59.999999Z"),
        ("2026-02", "2026-02-28T23:59:59.999999Z"),
        ("2025", "2025-12-31T23:59:59.999999Z"),
        (T8, T8),
    ],
)
def test_a_date_ends_at_its_last_instant(text: str, end: str) -> None:
    moment = read_moment(text, as_end=True)
    assert moment.time is not None
    assert zulu(moment.time) == end


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-13-01",
        "2026-02-30",
        "20260302",
        "2026-03-02T25:00:00Z",
        "2026-W10",
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_what_is_no_moment_is_said_to_be_none(text: str) -> None:
    moment = read_moment(text)
    assert moment.time is None
    assert moment.problem is not None


# ---- findings

EPISODE = Episode("Infection", at(T8), None, "Observation/i0")
ABSENCE = Absence("Infection", at(T8), "Observation/i0")
STATED: dict[str, tuple[Resource, tuple[Any, ...]]] = {
    "true": ({"valueBoolean": True}, (EPISODE,)),
    "no value": ({}, (EPISODE,)),
    "coded present": ({"valueCodeableConcept": coded("http://snomed.info/sct", "52101004")}, (EPISODE,)),
    "false": ({"valueBoolean": False}, (ABSENCE,)),
    "absent": ({"valueCodeableConcept": coded("http://snomed.info/sct", "2667000")}, (ABSENCE,)),
    "negative": ({"valueCodeableConcept": coded("http://snomed.info/sct", "260385009")}, (ABSENCE,)),
    "not asked": ({"dataAbsentReason": coded("x", "not-asked")}, ()),
    "in error": ({"valueBoolean": True, "status": "entered-in-error"}, ()),
    "registered": ({"valueBoolean": True, "status": "registered"}, ()),
}


@pytest.mark.parametrize("name", STATED)
def test_an_observation_states_a_finding(name: str) -> None:
    content, expected = STATED[name]
    record = read(observation(code=concept("Infection"), **content))
    assert (*record.episodes, *record.absences) == expected


def status(code: str) -> Resource:
    return {"coding": [{"code": code}]}


CONDITIONS: dict[str, tuple[Resource, tuple[Any, ...]]] = {
    "open": (condition("Infection", T8), (Episode("Infection", at(T8), None, "Condition/i0"),)),
    "suspected": (
        {**condition("Infection", T8), "verificationStatus": status("provisional")},
        (Episode("Infection", at(T8), None, "Condition/i0"),),
    ),
    "over": (condition("Infection", T8, T9), (Episode("Infection", at(T8), at(T9), "Condition/i0"),)),
    "resolved when recorded": (
        {**condition("Infection", T8), "clinicalStatus": status("resolved"), "recordedDate": T9},
        (Episode("Infection", at(T8), at(T9), "Condition/i0"),),
    ),
    "recorded only": (
        {"resourceType": "Condition", "subject": PATIENT, "code": concept("Infection"), "recordedDate": T9},
        (Episode("Infection", at(T9), None, "Condition/i0"),),
    ),
    "refuted": (
        {**condition("Infection", T8), "verificationStatus": status("refuted")},
        (Absence("Infection", at(T8), "Condition/i0"),),
    ),
    "refuted when recorded": (
        {**condition("Infection", T8), "verificationStatus": status("refuted"), "recordedDate": T9},
        (Absence("Infection", at(T9), "Condition/i0"),),
    ),
    "in error": ({**condition("Infection", T8), "verificationStatus": status("entered-in-error")}, ()),
    "a code of two concepts": (
        {**condition("Infection", T8), "code": coded("http://hl7.org/fhir/sid/icd-10-cm", "R41.0")},
        (Episode("Confusion", at(T8), None, "Condition/i0"), Episode("Disorientation", at(T8), None, "Condition/i0")),
    ),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_is_an_episode_or_an_absence(name: str) -> None:
    content, expected = CONDITIONS[name]
    record = read(content)
    assert (*record.episodes, *record.absences) == expected


def test_a_creatine_kinase_flagged_as_high_states_a_finding() -> None:
    def result(flag: str) -> Record:
        value = {"valueQuantity": {"value": 9, "code": "ng/mL"}}
        return read(observation(code=concept("CreatineKinaseMB"), interpretation=[status(flag)], **value))

    raised = Episode("ElevatedCreatineKinaseMB", at(T8), None, "Observation/i0")
    assert [result(flag).episodes for flag in ("H", "HH", "A", "N", "L")] == [(raised,)] * 3 + [()] * 2
    assert [len(result(flag).absences) for flag in ("H", "N", "L")] == [0, 1, 0]


@pytest.mark.parametrize("names", [("performedPeriod",), ("occurrencePeriod",)])
def test_a_procedure_is_an_episode(names: tuple[str]) -> None:
    procedure = {"resourceType": "Procedure", "status": "completed", "subject": PATIENT, "code": concept("Dialysis")}
    record = read({**procedure, names[0]: {"start": T8, "end": T9}})
    assert record.episodes == (Episode("Dialysis", at(T8), at(T9), "Procedure/i0"),)


# ---- treatments

MEDICINE = {"status": "completed", "subject": PATIENT}
ANY_RATE = (0.0, math.inf)
TREATMENTS: dict[str, tuple[Resource, tuple[Any, ...]]] = {
    "at an instant": (
        {
            "resourceType": "MedicationAdministration",
            "medicationCodeableConcept": concept("Prednisone"),
            "effectiveDateTime": T8,
        },
        (Administration("Prednisone", at(T8), at(T8), *ANY_RATE, "MedicationAdministration/i0"),),
    ),
    "R5": (
        {
            "resourceType": "MedicationAdministration",
            "medication": {"concept": concept("Prednisone")},
            "occurencePeriod": {"start": T8, "end": T9},
        },
        (Administration("Prednisone", at(T8), at(T9), *ANY_RATE, "MedicationAdministration/i0"),),
    ),
    "contained": (
        {
            "resourceType": "MedicationAdministration",
            "effectiveDateTime": T8,
            "contained": [{"resourceType": "Medication", "id": "m", "code": concept("Prednisone")}],
            "medicationReference": {"reference": "#m"},
        },
        (Administration("Prednisone", at(T8), at(T8), *ANY_RATE, "MedicationAdministration/i0"),),
    ),
    "an order runs on": (
        {"resourceType": "MedicationRequest", "medicationCodeableConcept": concept("Prednisone"), "authoredOn": T8},
        (Administration("Prednisone", at(T8), None, *ANY_RATE, "MedicationRequest/i0"),),
    ),
    "a statement runs on": (
        {
            "resourceType": "MedicationStatement",
            "medicationCodeableConcept": concept("Prednisone"),
            "effectiveDateTime": T8,
        },
        (Administration("Prednisone", at(T8), None, *ANY_RATE, "MedicationStatement/i0"),),
    ),
    "not taken": (
        {
            "resourceType": "MedicationStatement",
            "status": "not-taken",
            "medicationCodeableConcept": concept("Prednisone"),
            "effectiveDateTime": T8,
        },
        (),
    ),
    "not to be given": (
        {
            "resourceType": "MedicationRequest",
            "doNotPerform": True,
            "medicationCodeableConcept": concept("Prednisone"),
            "authoredOn": T8,
        },
        (),
    ),
    "a rate": (
        {
            "resourceType": "MedicationAdministration",
            "medicationCodeableConcept": concept("Phenylephrine"),
            "effectivePeriod": {"start": T8},
            "dosage": {"rateQuantity": {"value": 0.06, "code": "mg/kg/h"}},
        },
        (Administration("Phenylephrine", at(T8), None, 1.0, 1.0, "MedicationAdministration/i0"),),
    ),
    "a rate that does not convert": (
        {
            "resourceType": "MedicationAdministration",
            "medicationCodeableConcept": concept("Phenylephrine"),
            "effectivePeriod": {"start": T8},
            "dosage": {"rateQuantity": {"value": 50, "code": "ug/min"}},
        },
        (Administration("Phenylephrine", at(T8), None, *ANY_RATE, "MedicationAdministration/i0"),),
    ),
    "a dose": (
        {
            "resourceType": "MedicationAdministration",
            "effectivePeriod": {"start": T8, "end": T9},
            "medicationCodeableConcept": coded("http://www.nlm.nih.gov/research/umls/rxnorm", "70223"),
        },
        (Dose(at(T8), at(T9), "MedicationAdministration/i0"),),
    ),
    "an order for a dose is none": (
        {"resourceType": "MedicationRequest", "medicationCodeableConcept": concept("Aldesleukin"), "authoredOn": T8},
        (),
    ),
}


@pytest.mark.parametrize("name", TREATMENTS)
def test_medications_are_treatments_and_doses(name: str) -> None:
    content, expected = TREATMENTS[name]
    record = read({**MEDICINE, **content})
    assert (*record.administrations, *record.doses) == expected


def test_the_end_of_an_admission_is_a_discharge() -> None:
    stay = {
        "resourceType": "Encounter",
        "status": "finished",
        "subject": PATIENT,
        "class": {"code": "IMP"},
        "period": {"start": T8, "end": T9},
    }
    r5 = {**stay, "status": "completed", "class": [status("IMP")], "actualPeriod": stay["period"], "period": None}
    assert read(stay).discharges == (at(T9),)
    assert read(r5).discharges == (at(T9),)
    for other in ({"class": {"code": "AMB"}}, {"status": "in-progress"}, {"status": "cancelled"}):
        assert read({**stay, **other}).discharges == ()


# ---- files


def test_patients_are_told_apart_however_they_are_referred_to() -> None:
    def of(reference: str) -> Resource:
        return {**finding("Fever", True, T8), "subject": {"reference": reference}}

    entries = [
        {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Patient", "id": "a"}},
        *({"resource": of(r)} for r in ("urn:uuid:1", "Patient/a", "https://example.org/fhir/Patient/a/_history/2")),
        {"resource": of("Patient/b")},
    ]
    groups = group_by_patient([("", {"resourceType": "Bundle", "entry": entries})])
    assert {g.patient: len(g.resources) for g in groups} == {"Patient/a": 3, "Patient/b": 1}


@pytest.mark.parametrize("form", ["bundle", "ndjson", "gzip", "bom", "single"])
def test_a_file_is_a_bundle_or_lines_or_one_resource(form: str, tmp_path: Path) -> None:
    one = measurement("SerumCreatinine", 5, "mg/dL", T8)
    whole = json.dumps(bundle([one]), indent=1).encode()
    content, name = {
        "bundle": (whole, "r.json"),
        "ndjson": (
            json.dumps({"resourceType": "Patient", "id": "p1"}).encode() + b"\n" + json.dumps(one).encode(),
            "r.json",
        ),
        "gzip": (gzip.compress(whole), "r.json.gz"),
        "bom": (b"\xef\xbb\xbf" + whole, "r.json"),
        "single": (json.dumps(one).encode(), "r.ndjson"),
    }[form]
    path = tmp_path / name
    path.write_bytes(content)
    (group,) = read_file(path)
    assert group.patient == "Patient/p1"
    assert [m.observable for m in ENGINE.reader.record(group).measurements] == ["SerumCreatinine"]


def test_other_things_are_passed_over_and_counted() -> None:
    record = read(observation(code=coded("http://loinc.org", "72166-2")), finding("Fever", True, T8))
    assert (record.passed_over, len(record.episodes), record.problems) == (1, 1, ())


def test_the_namespace_is_a_code_system() -> None:
    assert read(observation(code=coded(IL2, "Fever"))).episodes == (Episode("Fever", at(T8), None, "Observation/i0"),)
    assert read(observation(code=coded("https://example.org/", "Fever"))).passed_over == 1


def test_the_latest_time_of_a_record_is_its_instant() -> None:
    record = read(finding("Fever", True, T8), condition("Infection", T8, T9))
    assert max(record.times()) == at(T9)
