"""Items of the tables of cases as FHIR resources, spelled otherwise from case to case where FHIR leaves the choice.

An absence is a false value, a coded one or a refuted Condition, a finding an Observation or a Condition, a dose an
instant or a short period, and every case keeps its clocks in another zone: the number of the case decides.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Final

from il2kg.guideline.model import Guideline, Observable
from tests.bundles import PATIENT, Resource, quantity
from tests.case_notation import DISCHARGE, Item, Span, events_of

T: Final = datetime(2026, 3, 10, 14, tzinfo=UTC)
"""The instant at which every case is assessed."""

ZONES = (timedelta(0), timedelta(hours=-5), timedelta(hours=5, minutes=30), timedelta(hours=1), timedelta(hours=-8))
SYSTEMS = {
    "loinc": "http://loinc.org",
    "snomed": "http://snomed.info/sct",
    "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "icd10cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "hp": "http://purl.obolibrary.org/obo/hp.owl",
}
_VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
_CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
_ABSENT = ("2667000", "260385009")
_SUSPECTED = ("provisional", "differential", "unconfirmed")
_INFUSION: Final = Decimal("0.25")  # hours


@dataclass(frozen=True)
class Speller:
    """Spells the items of one case."""

    guideline: Guideline
    case: int

    @property
    def _events(self) -> dict[str, str]:
        return events_of(self.guideline)

    def resource(self, item: Item, number: int) -> Resource:
        """The resource of an item, the ``number``-th of its case."""
        if item.concept == DISCHARGE:
            resource = self._discharge(item)
        elif item.concept in self._events or item.concept in self.guideline.treatments:
            resource = self._treatment(item, number)
        elif item.concept in self.guideline.observables:
            resource = self._measurement(item, number)
        else:
            resource = self._finding(item, number)
        return {"id": f"i{number}", "subject": PATIENT, **resource}

    # Times

    def _time(self, hours: Decimal) -> str:
        zone = timezone(ZONES[self.case % len(ZONES)])
        instant = T + timedelta(microseconds=int((hours * 3_600_000_000).to_integral_value()))
        return instant.astimezone(zone).isoformat()

    def _when(self, span: Span | None, name: str, forms: tuple[str, ...] = ()) -> Resource:
        """``effective`` or ``performed``, as a time or a period."""
        if span is None:
            return {}
        if span.instant:
            written = self._time(span.start)
            return {f"{name}DateTime": written[:19] if "without zone" in forms else written}
        period = {"start": self._time(span.start)}
        if span.end is not None:
            period["end"] = self._time(span.end)
        return {f"{name}Period": period}

    # Codes

    def _code(self, item: Item, concept: str | None = None) -> Resource:
        for form in item.forms:
            system, _, code = form.partition(" ")
            if system in SYSTEMS:
                return {"coding": [{"system": SYSTEMS[system], "code": code}]}
            if system == "named":
                return {"text": code}
        return {"coding": [{"system": self.guideline.namespace, "code": concept or item.concept}]}

    # Kinds of items

    def _measurement(self, item: Item, number: int) -> Resource:
        observable = self.guideline.observables[item.concept]
        resource: Resource = {"resourceType": "Observation", "status": "final", "code": self._code(item)}
        if "in error" in item.forms:
            resource["status"] = "entered-in-error"
        resource |= self._when(item.span, "effective", item.forms)
        value = self._value(item, observable, number)
        if "panel" in item.forms:
            panel = {"coding": [{"system": SYSTEMS["loinc"], "code": "85354-9"}]}
            return resource | {"code": panel, "component": [{"code": resource["code"], **value}]}
        for form in item.forms:
            if form.startswith("interpretation "):
                code = form.removeprefix("interpretation ")
                resource["interpretation"] = [{"coding": [{"system": _INTERPRETATION, "code": code}]}]
        return resource | value

    def _value(self, item: Item, observable: Observable, number: int) -> Resource:
        if isinstance(item.value, str):
            return {"valueString": item.value}
        if item.value is None:
            return {"valueString": "see comment"}
        unitless = observable.unit.startswith("{")
        if unitless and item.unit is None and item.relation == "=" and (self.case + number) % 2 and not item.value % 1:
            return {"valueInteger": int(item.value)}
        return {"valueQuantity": _quantity(item, observable.unit)}

    def _treatment(self, item: Item, number: int) -> Resource:
        coded = {"medicationCodeableConcept": self._code(item, self._treatment_of(item))}
        if "order" in item.forms:
            begun = {} if item.span is None else {"authoredOn": self._time(item.span.start)}
            return {"resourceType": "MedicationRequest", "status": "active", "intent": "order", **coded, **begun}
        kind = "MedicationStatement" if "statement" in item.forms else "MedicationAdministration"
        running = item.span is not None and not item.span.instant and item.span.end is None
        status = {"MedicationStatement": "active", "MedicationAdministration": "in-progress"}[kind]
        resource = {"resourceType": kind, "status": status if running else "completed", **coded}
        for form, other in (("in error", "entered-in-error"), ("not done", "not-done")):
            if form in item.forms:
                resource["status"] = other
        resource |= self._when(self._infused(item, number), "effective", item.forms)
        if item.relation is not None:
            resource["dosage"] = {"rateQuantity": _quantity(item, "ug/kg/min")} if item.value is not None else {}
        return resource

    def _infused(self, item: Item, number: int) -> Span | None:
        """When it was given; an event is an instant, its start, however long it took."""
        span = item.span
        if span is None or item.concept not in self._events or span.start > -_INFUSION or (self.case + number) % 2:
            return span
        return Span(span.start, span.start + _INFUSION, instant=False)

    def _treatment_of(self, item: Item) -> str:
        return self._events.get(item.concept, item.concept)

    def _discharge(self, item: Item) -> Resource:
        assert item.span is not None
        stay = {"start": self._time(item.span.start - 24), "end": self._time(item.span.start)}
        return {"resourceType": "Encounter", "status": "finished", "class": {"code": "IMP"}, "period": stay}

    def _finding(self, item: Item, number: int) -> Resource:
        code, span = self._code(item), item.span
        if self.guideline.findings[item.concept].closed and not item.absent:
            done = span is not None and (span.instant or span.end is not None)
            when = self._when(None if span is None else Span(span.start, span.end, False), "performed")
            status = "completed" if done and span is not None and not span.instant else "in-progress"
            return {"resourceType": "Procedure", "status": status, "code": code, **when}
        if item.absent:
            return self._absence(item, code, number)
        suspected = [form for form in item.forms if form in _SUSPECTED]
        spelling = (self.case + number) % 4
        if span is not None and span.instant and not suspected and spelling % 2:
            observed = {"resourceType": "Observation", "status": "final", "code": code}
            said = {"valueBoolean": True} if spelling == 1 else {}
            return observed | said | self._when(span, "effective", item.forms)
        ended = span is not None and span.end is not None
        condition: Resource = {
            "resourceType": "Condition",
            "clinicalStatus": {"coding": [{"system": _CLINICAL, "code": "resolved" if ended else "active"}]},
            "verificationStatus": {"coding": [{"system": _VERIFICATION, "code": (suspected or ["confirmed"])[0]}]},
            "code": code,
        }
        if span is None:
            return condition
        if span.end is None:
            return condition | {"onsetDateTime" if spelling else "recordedDate": self._time(span.start)}
        # Resolved without an abatement ends at the recorded date.
        end = "abatementDateTime" if spelling else "recordedDate"
        return condition | {"onsetDateTime": self._time(span.start), end: self._time(span.end)}

    def _absence(self, item: Item, code: Resource, number: int) -> Resource:
        assert item.span is not None
        spelling = (self.case + number) % 4
        if spelling == 3:
            refuted = {"coding": [{"system": _VERIFICATION, "code": "refuted"}]}
            condition = {"resourceType": "Condition", "verificationStatus": refuted, "code": code}
            return condition | {"recordedDate": self._time(item.span.start)}
        observation = {"resourceType": "Observation", "status": "final", "code": code}
        observation |= self._when(item.span, "effective", item.forms)
        if spelling == 0:
            return observation | {"valueBoolean": False}
        coding = {"system": SYSTEMS["snomed"], "code": _ABSENT[spelling % 2]}
        return observation | {"valueCodeableConcept": {"coding": [coding]}}


def _quantity(item: Item, unit: str) -> dict[str, Any]:
    """The value with its unit; one written ``?`` has none."""
    assert isinstance(item.value, Decimal)
    if item.unit == "?":
        return {"value": item.value}
    written = quantity(item.value, item.unit or unit)
    return written if item.relation in (None, "=") else {**written, "comparator": item.relation}
