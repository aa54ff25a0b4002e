"""Resources read into records, without a file or an engine around them."""

import math
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec

from il2kg.guideline.model import Guideline
from il2kg.loading import load_guideline
from il2kg.read.fhir.patients import PatientResources
from il2kg.read.fhir.resources import Resource
from il2kg.read.patient_reader import PatientReader
from il2kg.read.times import read_moment, read_zone
from il2kg.recognise.maps import CodeMap
from il2kg.record import Measurement, Problem, Record
from tests.folders import OWN

Content = dict[str, Any]

T7, T8, T9, T10 = (f"2026-03-02T{hour:02}:00:00Z" for hour in (7, 8, 9, 10))
ANY_RATE = (0.0, math.inf)
HOUR = 3_600_000_000
DAY = 24 * HOUR
IL2 = "https://w3id.org/il2kg/"
SNOMED, LOINC = "http://snomed.info/sct", "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
_JSON = msgspec.json.Decoder(float_hook=Decimal)
_ENCODER = msgspec.json.Encoder(decimal_format="number")


@cache
def guideline() -> Guideline:
    return load_guideline(OWN)


@cache
def reader(zone: str | None = None) -> PatientReader:
    return PatientReader.of(guideline(), zone=None if zone is None else read_zone(zone))


def read(
    *contents: Content,
    zone: str | None = None,
    doubt: str | None = None,
    medications: Callable[[str], list[Content]] = lambda _: [],
    code_map: CodeMap | None = None,
) -> Record:
    """The record of one patient's resources, named by their type and ``id``, else by their place (``i0``)."""
    parsed = [_JSON.decode(_ENCODER.encode(content)) for content in contents]
    resources = [Resource(f"{c['resourceType']}/{c.get('id', f'i{n}')}", c, doubt) for n, c in enumerate(parsed)]
    mapped = None if code_map is None else PatientReader.of(guideline(), code_map=code_map)
    return (mapped or reader(zone)).record(PatientResources("Patient/p1", resources, medications))


def record(**parts: Any) -> Record:
    """What is expected of `read`: ``latest`` is 8 o'clock where nothing else is said."""
    return Record("Patient/p1", **{"latest": at(T8), **parts})


def at(text: str) -> int:
    time = read_moment(text).time
    assert time is not None
    return time


def coded(system: str, code: str, **more: str) -> Content:
    return {"coding": [{"system": system, "code": code, **more}]}


def own(name: str) -> Content:
    return coded("https://w3id.org/il2kg/", name)


def quantity(value: Any, unit: str) -> Content:
    return {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}


def observation(code: Content | None, /, **content: Any) -> Content:
    """An Observation at 8 o'clock; what is None is left out."""
    whole = {"resourceType": "Observation", "status": "final", "code": code, "effectiveDateTime": T8, **content}
    return {name: value for name, value in whole.items() if value is not None}


def creatinine(value: Any = 1.2, unit: str = "mg/dL", **content: Any) -> Content:
    return observation(own("SerumCreatinine"), **{"valueQuantity": quantity(value, unit), **content})


def condition(code: Content, /, **content: Any) -> Content:
    return {"resourceType": "Condition", "code": code, **content}


def procedure(code: Content, /, **content: Any) -> Content:
    return {"resourceType": "Procedure", "status": "completed", "code": code, **content}


def administration(code: Content | None, /, **content: Any) -> Content:
    """A MedicationAdministration at 8 o'clock, unless a time is given."""
    whole = {"resourceType": "MedicationAdministration", "status": "completed", "medicationCodeableConcept": code}
    if not any(name.startswith(("effective", "occurence", "occurrence")) for name in content):
        whole["effectiveDateTime"] = T8
    return {name: value for name, value in {**whole, **content}.items() if value is not None}


def statement(code: Content, /, **content: Any) -> Content:
    return {"resourceType": "MedicationStatement", "status": "active", "medicationCodeableConcept": code, **content}


def order(code: Content, /, **content: Any) -> Content:
    return {"resourceType": "MedicationRequest", "status": "active", "medicationCodeableConcept": code, **content}


def status(code: str) -> Content:
    return {"coding": [{"code": code}]}


def point(observable: str, value: float, written: str, time: str = T8, item: str = "Observation/i0") -> Measurement:
    return Measurement(observable, value, value, at(time), None, item, written)


def problem(kind: str, item: str = "Observation/i0", detail: str = "", concept: str = "") -> Problem:
    return Problem(kind, item, detail, concept)
