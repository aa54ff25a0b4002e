"""Statements as FHIR R4 resources, all but those of drugs.

FHIR asks for more than a statement says: a status is written as the one that counts, and what has to be there without
anybody knowing it is marked as unknown, as FHIR does that.
"""

import re
from typing import Final

from il2kg.read.fhir.doubts import NO_STATUS
from il2kg.statements import (
    UNSAID,
    CodedText,
    Condition,
    Item,
    Observation,
    Other,
    Procedure,
    Quantity,
    Result,
    Stay,
    Unreadable,
    Value,
)
from il2kg.write.fhir_elements import ABSENT, Beyond, Element, concept, period, quantity, timed, without_none

_REFUTED: Final = ("http://terminology.hl7.org/CodeSystem/condition-ver-status", "refuted")
_RESOLVED: Final = ("http://terminology.hl7.org/CodeSystem/condition-clinical", "resolved")
_UNKNOWN: Final = ("http://terminology.hl7.org/CodeSystem/data-absent-reason", "unknown")
_TEXTS: Final = frozenset({"DateTime", "Time"})
"""The types of value that are not read and are texts, as they are shown."""

# What R4 wants of types that are not read: the element that says whose it is, and those that have to be there. ``_`` is
# before one that is no object, ``*`` behind one that is a list, of objects with what follows it, ``=`` before a text.
_WANTED: Final = {
    "AdverseEvent": "subject _actuality",
    "AllergyIntolerance": "patient",
    "CarePlan": "subject _status _intent",
    "ClinicalImpression": "subject _status",
    "Communication": "subject _status",
    "Composition": "subject _status type _date author* _title",
    "DetectedIssue": "patient _status",
    "DeviceUseStatement": "subject _status device",
    "DiagnosticReport": "subject _status code",
    "DocumentReference": "subject _status content*attachment",
    "FamilyMemberHistory": "patient _status relationship",
    "Flag": "subject _status code",
    "Goal": "subject _lifecycleStatus description",
    "Immunization": "patient _status vaccineCode occurrenceString=unknown",
    "List": "subject _status _mode",
    "Media": "subject _status content",
    "MedicationDispense": "subject _status medicationCodeableConcept",
    "NutritionOrder": "patient _status _intent _dateTime",
    "QuestionnaireResponse": "subject _status",
    "RiskAssessment": "subject _status",
    "ServiceRequest": "subject _status _intent",
    "Specimen": "subject",
}
_ABOUT: Final = {
    **dict.fromkeys(("AllergyIntolerance", "ClinicalImpression", "DetectedIssue", "DiagnosticReport"), "code"),
    **dict.fromkeys(("Basic", "Flag", "List", "RiskAssessment", "ServiceRequest"), "code"),
    "AdverseEvent": "event",
    "MedicationDispense": "medicationCodeableConcept",
}
"""Where they say what they are about, those that do."""
_OF_NO_TYPE: Final = "Basic"
"""The type of what is no type that R4 writes about a patient."""


def status(item: Item, counts: str) -> Element:
    """The status that says that an item counts, unless it is known that there was none."""
    return {"_status": ABSENT} if NO_STATUS in item.remarks else {"status": counts}


def observation(said: Observation, subject: Element, beyond: Beyond) -> Element:
    """An Observation, with its components."""
    components = [_result(each, f"components.{n}", beyond) for n, each in enumerate(said.components)]
    return {
        "resourceType": "Observation",
        **status(said.item, "final"),
        "subject": subject,
        **timed("effective", said.when, "when", beyond),
        **without_none(issued=said.issued),
        **_result(said.result, "result", beyond),
        **({"component": components} if components else {}),
    }


def _result(said: Result, of: str, beyond: Beyond) -> Element:
    """What an Observation and a component of one have in common. FHIR has room for one value."""
    beyond.doubts(said.doubts, of)
    element: Element = {"code": concept(said.about, f"{of}.about", beyond)}
    beside = False
    for number, value in enumerate(said.values):
        within = f"{of}.values"
        if isinstance(value, Unreadable) and (beside or value.type not in _TEXTS):
            beyond.unreadable(within, value, beside=beside)
        elif beside:
            beyond.also(within, **_value(value, f"{within}.{number}", beyond))
        else:
            element |= _value(value, f"{within}.{number}", beyond)
        beside = True
    if said.absent_reason:
        element["dataAbsentReason"] = _coded(*_UNKNOWN)
    if said.flags:
        element["interpretation"] = [concept(each, f"{of}.flags.{n}", beyond) for n, each in enumerate(said.flags)]
    return element


def _value(value: Value, of: str, beyond: Beyond) -> Element:
    match value:
        case bool():
            return {"valueBoolean": value}
        case str():
            return {"valueString": value}
        case Quantity():
            return {"valueQuantity": quantity(value)}
        case CodedText():
            return {"valueCodeableConcept": concept(value, of, beyond)}
        case Unreadable():
            return {f"value{value.type}": value.shown}


def condition(said: Condition, subject: Element, beyond: Beyond) -> Element:
    """A Condition; one that has an abatement is over, which R4 wants to be said."""
    for name, time in (("onset", said.onset), ("abatement", said.abatement)):
        if time == "":
            beyond.said(name, valueString=time)  # as a time it would be read as none at all
    over = said.over or bool(said.abatement)
    return {
        "resourceType": "Condition",
        **({"clinicalStatus": _coded(*_RESOLVED)} if over else {}),
        **({"verificationStatus": _coded(*_REFUTED)} if said.refuted else {}),
        "code": concept(said.about, "about", beyond),
        "subject": subject,
        **without_none(
            onsetDateTime=said.onset or None, abatementDateTime=said.abatement or None, recordedDate=said.recorded
        ),
    }


def procedure(said: Procedure, subject: Element, beyond: Beyond) -> Element:
    """A Procedure; R4 does not say when it was recorded."""
    if said.recorded is not None:
        beyond.said("recorded", valueString=said.recorded)
    running = said.when.period and said.when.end is None
    return {
        "resourceType": "Procedure",
        **status(said.item, "in-progress" if running else "completed"),
        "code": concept(said.about, "about", beyond),
        "subject": subject,
        **timed("performed", said.when, "when", beyond),
    }


def stay(said: Stay, subject: Element, beyond: Beyond) -> Element:
    """An Encounter, which is of one class in R4."""
    first, *more = said.kinds or ("",)
    for kind in more:
        beyond.also("kinds", valueString=kind)
    beyond.flaws(said.when.flaws, "when")
    times = period(said.when)
    return {
        "resourceType": "Encounter",
        **status(said.item, "finished" if said.finished else "in-progress"),
        "class": {"code": first} if first else ABSENT,
        "subject": subject,
        **({"period": times} if times else {}),
    }


def other(said: Other, subject: Element, beyond: Beyond) -> Element:
    """An item of a kind that is not read, with what R4 wants of it."""
    kind = said.item.kind if said.item.kind in _WANTED else _OF_NO_TYPE
    whose, *wanted = _WANTED.get(kind, "subject code").split()
    resource: Element = {"resourceType": kind, whose: subject}
    for each in wanted:
        name, mark, inner = re.split("([*=]|$)", each, maxsplit=1)
        unknown = {inner: ABSENT} if mark == "*" and inner else ABSENT
        resource[name] = inner if mark == "=" else [unknown] if mark else unknown
    if said.about == UNSAID:
        return resource
    about = concept(said.about, "about", beyond)
    if kind in _ABOUT:
        return {**resource, _ABOUT[kind]: about}
    beyond.said("about", valueCodeableConcept=about)
    return resource


def _coded(system: str, code: str) -> Element:
    return {"coding": [{"system": system, "code": code}]}
