"""Bundles in which anything may be wrong, for whoever has to keep whatever a record says."""

from copy import deepcopy
from decimal import Decimal
from random import Random
from typing import Any

from tests.bundles import Resource
from tests.fuzz import record

KINDS = (
    *("Observation", "Condition", "Procedure", "Encounter", "MedicationAdministration", "MedicationStatement"),
    *("MedicationRequest", "MedicationOrder", "MedicationUsage", "MedicationDispense", "DiagnosticReport"),
    *("AllergyIntolerance", "AdverseEvent", "CarePlan", "DocumentReference", "Immunization", "Unheard"),
)
# What may stand anywhere.
ODD: tuple[Any, ...] = (
    *(None, [], {}, "", " ", "x", 7, -3, True, Decimal("1.50"), "yesterday", "2026-03", "2026-03-05T10:00:00"),
    *({"reference": "x"}, {"text": "Oliguria"}, [{"text": "Oliguria"}, {"text": "anuria"}], "Ünïcode \u0001 \n"),
    *({"coding": [{}]}, {"coding": [{"code": "1"}, {"system": "http://loinc.org", "code": "2160-0"}], "text": "t"}),
    *({"value": "<5", "unit": "mg/dL"}, {"value": Decimal(5), "comparator": "~"}, {"start": 7}, {"end": "2026-03-05"}),
    *({"start": "2026-03-05", "end": "2026-03-01"}, {"start": "", "end": ""}),
)
MIXTURE = {
    "resourceType": "Medication",
    "id": "m",
    "form": {"text": "cream"},
    "ingredient": [
        {"itemCodeableConcept": {"text": "Dopamine"}},
        {"itemReference": {"reference": "#m"}},
        {"item": {"reference": {"reference": "#none", "display": "Prednisone"}}},
    ],
    "modifierExtension": [{"url": "http://example.org/unheard-of"}],
}
INSTRUCTIONS = [
    {
        "route": {"text": "oral"},
        "timing": {"repeat": {"boundsPeriod": {"start": "2026-03-05", "end": "2026-03-07"}}},
    },
    {"route": {"coding": [{"system": "http://snomed.info/sct", "code": "47625008"}]}},
]
# What may be added to a resource, of whatever type.
ELEMENTS: dict[str, Any] = {
    "abatementDateTime": "2026-03-06",
    "abatementString": "gone",
    "authoredOn": "2026-03-05",
    "class": [{"coding": [{"code": "IMP"}]}, {"code": "AMB"}],
    "clinicalStatus": {"coding": [{"code": "resolved"}]},
    "component": [
        {"code": {"text": "Oliguria"}, "valueBoolean": True, "interpretation": {"coding": [{"code": "A"}]}},
        {"code": 7, "valueString": "?", "modifierExtension": [{}]},
    ],
    "conclusionCode": [{"text": "one"}, {"text": "another"}],
    "contained": [MIXTURE, {"resourceType": "Observation", "id": "q", "code": {"text": "Oliguria"}}],
    "dataAbsentReason": {"text": "not done"},
    "dosage": {
        "route": {"text": "topical"},
        "rateQuantity": {"value": 3, "unit": "ug/min"},
        "dose": {"value": Decimal("0.10"), "unit": "mg"},
    },
    "dosageInstruction": INSTRUCTIONS,
    "effectiveDateTime": "2026-03-05T08:00:00Z",
    "effectivePeriod": {"start": "2026-03-05"},
    "event": {"text": "a fall"},
    "focus": [{"reference": "Device/1"}],
    "interpretation": [{"coding": [{"code": "H"}]}, {"coding": [{"code": "N"}]}],
    "issued": "2026-03-05T08:00:00Z",
    "medication": {
        "concept": {"text": "Dopamine"},
        "reference": {"reference": "#m", "identifier": {"system": "urn:oid:1.2", "value": "v"}},
    },
    "medicationReference": {"reference": "Medication/none", "display": "Norepinephrine"},
    "modifierExtension": [{"url": "http://example.org/unheard-of"}],
    "notGiven": "no",
    "onsetPeriod": {"start": "2026-03-05"},
    "period": {"start": "2026-03-05", "end": "2026-03-06"},
    "recorded": "2026-03-05",
    "recordedDate": "2026-03-05",
    "status": None,
    "taken": "unk",
    "valueBoolean": False,
    "valueCodeableConcept": {"text": "yes"},
    "valueDateTime": "2026-03-05",
    "valueInteger": 3,
    "valueQuantity": {"value": Decimal("6.30"), "code": "mg/dL"},
    "valueRange": {"low": {"value": 1}},
    "valueString": "positive",
    "verificationStatus": "refuted",
}
SUBJECTS: tuple[Any, ...] = (
    *({"reference": "Patient/p1"}, {"reference": "Patient/p2"}, {"reference": "http://a.example/fhir/Patient/p1"}),
    *({"reference": "urn:uuid:1"}, {"identifier": {"system": "s", "value": "v"}}, {"reference": "Group/1"}, {}, None),
)
IDS = ("1", "1", "2", "3", "a_b", "ä", "x y", 4)
ADDRESSES = ("http://a.example/fhir/Observation/1", "http://b.example/fhir/Observation/1", "urn:uuid:9")
PATIENT_IDS = ("p1", "p1", "p2", "p_3", None)
PATIENT_ADDRESSES = ("http://a.example/fhir/Patient/p1", "http://b.example/fhir/Patient/p1", "urn:uuid:1")


def odd_bundle(random: Random) -> Resource:
    """A Bundle of some patients, or of nobody, in which anything may be wrong."""
    entries = [_entry(random) for _ in range(random.randint(1, 5))]
    for _ in range(random.choice((0, 1, 1, 2))):
        entry: Resource = {"resource": {"resourceType": "Patient", "id": random.choice(PATIENT_IDS)}}
        entries.append(_placed(random, entry, PATIENT_ADDRESSES))
    if random.random() < 0.1:
        outcome = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "diagnostics": "timed out"}]}
        entries.append({"resource": outcome})
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def _entry(random: Random) -> Any:
    resources, _ = record(random.randrange(10**6))
    content = deepcopy(random.choice(resources))
    if random.random() < 0.4:
        content["resourceType"] = random.choice(KINDS)
    for name in random.choices(sorted(ELEMENTS), k=random.choice((0, 0, 1, 1, 2, 4))):
        content[name] = deepcopy(ELEMENTS[name])
    if random.random() < 0.4:
        content["subject"] = random.choice(SUBJECTS)
    if random.random() < 0.6:
        content["id"] = random.choice(IDS)
    entry = _placed(random, {"resource": content}, ADDRESSES)
    return _spoilt(random, entry) if random.random() < 0.6 else entry


def _placed(random: Random, entry: Resource, addresses: tuple[str, ...]) -> Resource:
    return {**entry, "fullUrl": random.choice(addresses)} if random.random() < 0.3 else entry


def _spoilt(random: Random, value: Any) -> Any:
    """A value with things gone, or of other types."""
    if random.random() < 0.04:
        return deepcopy(random.choice(ODD))
    if isinstance(value, list):
        return [_spoilt(random, each) for each in value]
    if isinstance(value, dict):
        return {
            name: each if name == "resourceType" else _spoilt(random, each)
            for name, each in value.items()
            if name == "resourceType" or random.random() > 0.03
        }
    return value
