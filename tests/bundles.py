"""FHIR bundles made for tests, and what il2kg says of them."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from il2kg.engine import Engine, NamedRecord, Request
from il2kg.errors import EvaluatorDisagreement
from il2kg.explain.as_json import as_document
from il2kg.read.fhir.patients import PatientResources
from il2kg.read.sources.json_text import decode
from il2kg.read.sources.source import patients_of

IL2 = "https://w3id.org/il2kg/"
UCUM = "http://unitsofmeasure.org"
PATIENT = {"reference": "Patient/p1"}
Resource = dict[str, Any]

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def concept(name: str) -> Resource:
    return {"coding": [{"system": IL2, "code": name}]}


def quantity(value: Any, unit: str) -> Resource:
    """A quantity in a UCUM unit."""
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def measurement(name: str, value: Any, unit: str, time: str, **more: Any) -> Resource:
    return {
        "resourceType": "Observation",
        "status": "final",
        "subject": PATIENT,
        "code": concept(name),
        "effectiveDateTime": time,
        "valueQuantity": quantity(value, unit),
        **more,
    }


def finding(name: str, present: bool, time: str) -> Resource:
    return {
        "resourceType": "Observation",
        "status": "final",
        "subject": PATIENT,
        "code": concept(name),
        "effectiveDateTime": time,
        "valueBoolean": present,
    }


def condition(name: str, start: str, end: str | None = None) -> Resource:
    content = {"resourceType": "Condition", "subject": PATIENT, "code": concept(name), "onsetDateTime": start}
    return content if end is None else {**content, "abatementDateTime": end}


def administration(name: str, start: str, end: str | None = None, rate: float | None = None) -> Resource:
    content: Resource = {
        "resourceType": "MedicationAdministration",
        "status": "completed",
        "subject": PATIENT,
        "medicationCodeableConcept": concept(name),
    }
    if end is None:
        content["effectiveDateTime"] = start
    else:
        content["effectivePeriod"] = {"start": start, "end": end}
    if rate is not None:
        content["dosage"] = {"rateQuantity": quantity(rate, "ug/kg/min")}
    return content


def bundle(resources: Iterable[Resource]) -> Resource:
    entries = [{"resource": {"resourceType": "Patient", "id": "p1"}}]
    entries += [{"resource": {"id": f"i{n}", **resource}} for n, resource in enumerate(resources)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def patients(content: Any, name: str = "record") -> Iterator[PatientResources]:
    """The patients of what a file would hold."""
    return patients_of([decode(_ENCODER.encode(content))], name)


def named_record(engine: Engine, name: str, content: Any) -> NamedRecord:
    """The record of a bundle about one patient."""
    (record,) = engine.named(patients(content, name))
    return record


def assessed(engine: Engine, content: Any, request: Request | None = None) -> list[dict[str, Any]]:
    """The JSON documents of a record's assessments; a disagreement of the evaluators is raised."""
    records = list(engine.named(patients(content)))
    documents = []
    for outcome in engine.assess(records, request or Request()):
        if isinstance(outcome, EvaluatorDisagreement):
            raise outcome
        documents.append(as_document(outcome))
    return documents
