"""Statements as a FHIR R4 Bundle in JSON, from which the same record is read again.

A Bundle is one patient's. Each item keeps its id and its address where it has them; what FHIR has no element for stands
in extensions of this project (see `il2kg.read.fhir.doubts`). Numbers and times are written as they were written.
"""

from dataclasses import dataclass
from typing import Final

import msgspec

from il2kg.read.fhir.doubts import NAME, NO_STATUS, PROBLEM, UNNAMED, UNUSABLE
from il2kg.read.sources.subjects import server_of
from il2kg.record import Problem
from il2kg.statements import (
    Condition,
    Medication,
    Observation,
    Other,
    Patient,
    Procedure,
    Statement,
    Stay,
)
from il2kg.write.fhir_elements import Beyond, Element, extension, is_id
from il2kg.write.fhir_items import condition, observation, other, procedure, stay
from il2kg.write.fhir_medications import medication
from il2kg.write.iris import is_iri, patient_iri

_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_REFERRED_TO: Final = ("urn:", "http://", "https://")
"""How the addresses begin that a reference may be."""
_UNNAMED: Final[Element] = {"display": "not named in the source"}


def fhir_json(patient: Patient, address: str = "") -> bytes:
    """The Bundle of a patient (see `fhir_bundle`) as JSON text, on one line."""
    return _ENCODER.encode(fhir_bundle(patient, address))


def fhir_bundle(patient: Patient, address: str = "") -> Element:
    """The Bundle of a patient: a Patient, at an ``address`` if he has one, and the items in their order."""
    entry, subject = _patient(patient, address)
    taken = _Taken({""}, set())
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [entry, *(_entry(statement, subject, taken) for statement in patient.statements)],
    }


@dataclass(frozen=True, slots=True)
class _Taken:
    """The addresses and the names of the items that were written before."""

    addresses: set[str]
    names: set[str]


def _entry(statement: Statement, subject: Element, taken: _Taken) -> Element:
    """The entry of one item; an address and an id that were ``taken`` are not given again."""
    item, beyond = statement.item, Beyond()
    content = _content(statement, subject, beyond)
    kind = content["resourceType"]
    if kind != item.kind:
        beyond.said("item.kind", valueString=item.kind)
    address = {} if item.iri in taken.addresses else {"fullUrl": item.iri}
    identifier = item.name.removeprefix(f"{kind}/")
    again = item.name in taken.names or (item.iri != "" and not address)
    # What is in doubt may stand in the records of several patients, and an id would join them.
    named = item.name != identifier and is_id(identifier) and not again and not item.doubts
    if not named:
        beyond.said("item.name", valueString=item.name)
    taken.addresses.add(item.iri)
    taken.names.add(item.name)
    beyond.doubts(item.doubts)
    beyond.remarks(remark for remark in item.remarks if remark != NO_STATUS or "_status" not in content)
    own = {"resourceType": kind, **({"id": identifier} if named else {})}
    return {**address, "resource": {**own, **content, **beyond.elements()}}


def _content(statement: Statement, subject: Element, beyond: Beyond) -> Element:
    match statement:
        case Observation():
            return observation(statement, subject, beyond)
        case Condition():
            return condition(statement, subject, beyond)
        case Procedure():
            return procedure(statement, subject, beyond)
        case Medication():
            return medication(statement, subject, beyond)
        case Stay():
            return stay(statement, subject, beyond)
        case Other():
            return other(statement, subject, beyond)


def _patient(patient: Patient, address: str) -> tuple[Element, Element]:
    """The entry of the patient, and how items refer to him.

    A relative reference means the server at which an item lies: it will not do where they lie at several.
    """
    extensions = [_problem(each) for each in dict.fromkeys(patient.problems)]
    if patient.unusable is not None:
        extensions.append({"url": UNUSABLE, "valueString": patient.unusable})
    content: Element = {"resourceType": "Patient"}
    if patient.patient is None:
        extensions.append({"url": UNNAMED, "valueBoolean": True})
        return {"resource": {**content, "extension": extensions}}, _UNNAMED
    if not (is_iri(address) and address.startswith(_REFERRED_TO)):
        address = ""
    identifier = patient.patient.removeprefix("Patient/")
    if patient.patient != identifier and is_id(identifier):
        content["id"] = identifier
        if len({server_of(statement.item.iri) for statement in patient.statements} - {None}) > 1:
            address = address or patient_iri(patient.patient)
    else:
        address = address or patient_iri(patient.patient)
        extensions.append({"url": NAME, "valueString": patient.patient})
    if extensions:
        content["extension"] = extensions
    entry = {**({"fullUrl": address} if address else {}), "resource": content}
    return entry, {"reference": address or patient.patient}


def _problem(problem: Problem) -> Element:
    return extension(PROBLEM, kind=problem.kind, item=problem.item, detail=problem.detail, concept=problem.concept)
