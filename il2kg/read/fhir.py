"""FHIR R4 and R5 resources as a record (semantics, section 7).

A resource is looked at only as far as the record needs. What is there and cannot be trusted becomes a problem, and its
doubt goes into the record: a value that is unknown, a finding that may be present, a treatment that may run.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from il2kg.guideline.model import Guideline
from il2kg.read.builder import Item, RecordBuilder
from il2kg.read.conditions import read_condition
from il2kg.read.elements import Element, as_element, as_list, as_text, codes, codings, values, well_formed_concept
from il2kg.read.files import PatientResources, Resource
from il2kg.read.observations import read_measurement, read_observed_finding
from il2kg.read.spans import NO_START, read_span, span_between
from il2kg.read.treatments import read_treatment
from il2kg.read.units import UnitConverter
from il2kg.record import Record
from il2kg.vocabulary import IL2

_NOT_OF_THE_RECORD = frozenset({"entered-in-error", "cancelled", "not-done", "registered", "unknown", "not-taken"})
_DISCHARGED = frozenset({"finished", "completed", "discharged"})
_NO_ADMISSION = frozenset({"AMB", "EMER", "FLD", "HH", "PRENC", "VR"})


@dataclass(frozen=True)
class FhirReader:
    """Reads the resources of patients, for one guideline."""

    guideline: Guideline
    converter: UnitConverter

    @classmethod
    def of(cls, guideline: Guideline, root: Path) -> "FhirReader":
        """The reader of a guideline whose compiled unit conversions lie under ``root``."""
        return cls(guideline, UnitConverter.of(guideline, root))

    @cached_property
    def _known(self) -> dict[tuple[str, str], tuple[str, ...]]:
        return {**self.guideline.codings, **{(IL2, name): (name,) for name in self.guideline.labels}}

    def record(self, patient: PatientResources) -> Record:
        """The record of one patient. Never raises for what a resource holds."""
        builder = RecordBuilder(problems=list(patient.problems))
        for resource, doubt in _without_duplicates(patient.resources):
            self._resource(builder, resource, patient.medications, doubt)
        return builder.record(patient.patient)

    def concepts(self, concept: object) -> tuple[list[str], str | None]:
        """The identifiers that a CodeableConcept stands for, each once.

        Also a code that claims to be one of the product's identifiers and is not, if there is one.
        """
        names: list[str] = []
        stranger = None
        for coding in codings(concept):
            known = self._known.get(coding)
            if known is not None:
                names += [name for name in known if name not in names]
            elif coding[0] == IL2:
                stranger = coding[1]
        return names, stranger

    def _resource(
        self, builder: RecordBuilder, resource: Resource, medications: dict[str, Element], doubt: str | None
    ) -> None:
        content, kind = resource.content, resource.content["resourceType"]
        item = Item(resource.item, kind, content)
        status = content.get("status")
        if (isinstance(status, str) and status in _NOT_OF_THE_RECORD) or content.get("doNotPerform") is True:
            return
        if kind == "Encounter":
            _read_encounter(builder, item)
            return
        concept = self._medication(builder, item, medications) if kind.startswith("Medication") else content.get("code")
        names, stranger = self.concepts(concept)
        if stranger is not None:
            builder.problem(item, f"{stranger[:60]!r} is no identifier of {IL2}")
        parts = [
            (part, name)
            for part in (map(as_element, as_list(content.get("component"))) if kind == "Observation" else ())
            for name in self.concepts(part.get("code"))[0]
        ]
        if not names and not parts:
            builder.passed_over += 1
            return
        if status is None and kind != "Condition":
            builder.problem(item, "no status; read as one that counts")
        item = Item(resource.item, kind, content, doubt or _doubt(resource, bool(names), concept))
        if kind != "Observation" or values(content) or not parts:
            for name in names:
                self._about(builder, item, content, name)
        for part, name in parts:
            self._about(builder, item, part, name)

    def _about(self, builder: RecordBuilder, item: Item, holder: Element, name: str) -> None:
        """Read what a resource, or a part of one, says of one concept."""
        guideline, kind = self.guideline, item.kind
        finding, observable = name in guideline.findings, guideline.observables.get(name)
        if item.doubt:
            builder.problem(item, item.doubt)
        if finding and kind == "Observation":
            read_observed_finding(builder, item, holder, name)
        elif finding and kind == "Condition":
            read_condition(builder, item, name)
        elif finding and kind == "Procedure":
            builder.episode(name, item, read_span(item.content))
        elif observable is not None and kind == "Observation":
            hour = guideline.conventions.hourly_rate_hours
            read_measurement(builder, item, holder, observable, self.converter, hour)
        elif name in guideline.treatments and kind not in ("Observation", "Condition"):
            read_treatment(builder, item, name, guideline, self.converter)
        else:
            builder.problem(item, f"{guideline.labels[name]} is nothing that a {kind} can say anything of")

    def _medication(self, builder: RecordBuilder, item: Item, medications: dict[str, Element]) -> object:
        """The code of a medication, wherever it stands; of its ingredients, where the whole has no known one."""
        content = item.content
        medication = as_element(content.get("medication"))
        concept = content.get("medicationCodeableConcept") or medication.get("concept")
        pointer = as_element(content.get("medicationReference") or medication.get("reference"))
        reference = as_text(pointer.get("reference"))
        if concept is not None or reference is None:
            return concept
        contained = {f"#{as_element(c).get('id')}": as_element(c) for c in as_list(content.get("contained"))}
        found = contained.get(reference) or medications.get(reference.partition("/_history/")[0])
        if found is None:
            builder.problem(item, f"medication reference to nowhere: {reference[:60]!r}")
            return None
        if self.concepts(found.get("code"))[0]:
            return found.get("code")
        ingredients = [as_element(each) for each in as_list(found.get("ingredient"))]
        inner = [i.get("itemCodeableConcept") or as_element(i.get("item")).get("concept") for i in ingredients]
        return {"coding": [c for i in inner for c in as_list(as_element(i).get("coding"))]}


def _doubt(resource: Resource, named: bool, concept: object) -> str | None:
    """Why a resource cannot be trusted as a whole, if so."""
    status = resource.content.get("status")
    if resource.stray:
        return "no patient stated, in a file that names some"
    if status is not None and not isinstance(status, str):
        return "status of the wrong type"
    if named and not well_formed_concept(concept):
        return "code of the wrong type"
    return None


def _read_encounter(builder: RecordBuilder, item: Item) -> None:
    """The end of an admission is a discharge."""
    content = item.content
    # R4 has one Coding, R5 several CodeableConcepts.
    codings_of_r4 = [as_element(each).get("code") for each in as_list(content.get("class"))]
    kinds = {code for code in codings_of_r4 if isinstance(code, str)} | codes(content.get("class"))
    period = as_element(content.get("actualPeriod") or content.get("period"))
    if kinds & _NO_ADMISSION or content.get("status") not in (None, *_DISCHARGED) or period.get("end") is None:
        builder.passed_over += 1
        return
    span = span_between(period.get("start"), period.get("end"))
    if span.problem and span.problem != NO_START:
        builder.problem(item, span.problem)
    if span.end is not None and not span.reversed:
        builder.discharges.append(span.end)


def _without_duplicates(resources: Iterable[Resource]) -> list[tuple[Resource, str | None]]:
    """Resources, copies left out; those that share their id and differ cannot be trusted."""
    by_id: dict[str, list[Resource]] = {}
    kept: list[Resource] = []
    for resource in resources:
        if resource.content.get("id") is None:
            kept.append(resource)
            continue
        same = by_id.setdefault(resource.item, [])
        if all(other.content != resource.content for other in same):
            same.append(resource)
            kept.append(resource)
    shared = {item for item, same in by_id.items() if len(same) > 1}
    return [(r, "shares its id with another item" if r.item in shared else None) for r in kept]
