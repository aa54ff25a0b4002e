"""A FHIR resource, R4, R5 or what records still carry of earlier versions, as a statement (semantics, section 7).

A resource is looked at only as far as the record needs. It says here what it says; what that means is asked elsewhere.
"""

from typing import Final

from il2kg.read.fhir.condition_resources import condition_of
from il2kg.read.fhir.doubts import NO_STATUS, completed
from il2kg.read.fhir.elements import Element, as_element, as_list, as_text, coded_text, shape
from il2kg.read.fhir.encounters import stay_of
from il2kg.read.fhir.medications import Medications, medication_of
from il2kg.read.fhir.resources import Resource
from il2kg.read.fhir.times import time_of, when_of
from il2kg.read.fhir.trust import not_given, set_aside
from il2kg.read.fhir.values import values_of
from il2kg.statements import UNSAID, Doubt, Item, Observation, Other, Procedure, Result, Statement

NOT_OF_THE_RECORD: Final = frozenset(
    {"entered-in-error", "cancelled", "not-done", "registered", "unknown", "not-taken"}
)
"""The statuses of items that say nothing."""
# What earlier versions of FHIR called these.
_FORMER_NAMES: Final[dict[str, str]] = {
    "MedicationOrder": "MedicationRequest",
    "MedicationUsage": "MedicationStatement",
}
_GIVING: Final = frozenset({"MedicationAdministration", "MedicationStatement", "MedicationRequest"})
_WITH_STATUS: Final = _GIVING | {"Observation", "Procedure"}
_ABOUT: Final = ("code", "medicationCodeableConcept", "conclusionCode", "event", "medication")
"""The elements that say what a resource is about, whatever its type."""


def statement_of(resource: Resource, medications: Medications) -> Statement | None:
    """What a resource says, or None where it says nothing; ``medications`` follows references to what was given."""
    said = _statement_of(resource, medications)
    return None if said is None else completed(said, resource.content)


def _statement_of(resource: Resource, medications: Medications) -> Statement | None:
    """What its elements say."""
    content = resource.content
    status = content.get("status")
    written: str = content["resourceType"]
    kind = _FORMER_NAMES.get(written, written)
    if isinstance(status, str) and status in NOT_OF_THE_RECORD:
        return None
    doubts: tuple[Doubt, ...] = ()
    if shape(tuple(content)).unusual or resource.doubt is not None or not isinstance(status, str):
        if not_given(content):
            return None
        doubts = set_aside(content, resource.doubt)
    remarks = (NO_STATUS,) if status is None and kind in _WITH_STATUS else ()
    item = Item(resource.item, kind, doubts, remarks, resource.full_url or "")
    if kind == "Observation":
        return _observation(item, content)
    if kind == "Encounter":
        return stay_of(item, content)
    if kind == "Condition":
        return condition_of(item, content)
    if kind == "Procedure":
        recorded = time_of(content.get("recorded"))
        return Procedure(item, coded_text(content.get("code")), when_of(content), recorded)
    if kind in _GIVING:
        return medication_of(item, content, medications)
    about = next((content[name] for name in _ABOUT if content.get(name) is not None), None)
    return Other(item, UNSAID if about is None else coded_text(about))


def _observation(item: Item, content: Element) -> Observation:
    components = tuple(_result(as_element(each), inner=True) for each in as_list(content.get("component")))
    issued = as_text(content.get("issued"))
    return Observation(item, _result(content), when_of(content), issued, components)


def _result(holder: Element, *, inner: bool = False) -> Result:
    """What an Observation, or a component (``inner``), says."""
    return Result(
        coded_text(holder.get("code")),
        values_of(holder, shape(tuple(holder))),
        tuple(map(coded_text, as_list(holder.get("interpretation")))),
        holder.get("dataAbsentReason") is not None,
        set_aside(holder, None) if inner else (),
    )
