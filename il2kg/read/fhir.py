"""FHIR R4 and R5 resources as a record (semantics, section 7).

A resource is looked at only as far as the record needs. What is there and cannot be trusted becomes a problem, and its
doubt goes into the record: a value that is unknown, a finding that may be present, a treatment that may run.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from il2kg.guideline.model import Guideline, Observable
from il2kg.read.elements import Element, as_element, as_list, as_text, codes, codings, values, well_formed_concept
from il2kg.read.fhir_values import NEGATIVE, UNKNOWN, Bounds, Unusable, collected, measured, own_unit, read_quantity
from il2kg.read.files import PatientResources, Resource
from il2kg.read.times import Moment, read_moment
from il2kg.read.units import UnitConverter
from il2kg.record import Absence, Administration, Dose, DoubtfulFinding, Episode, Measurement, Problem, Record
from il2kg.vocabulary import IL2

_NOT_OF_THE_RECORD = frozenset({"entered-in-error", "cancelled", "not-done", "registered", "unknown", "not-taken"})
_OVER = frozenset({"inactive", "remission", "resolved"})
_ABNORMAL, _NORMAL = frozenset({"H", "HH", "A"}), frozenset({"N"})
_DISCHARGED = frozenset({"finished", "completed", "discharged"})
_NO_ADMISSION = frozenset({"AMB", "EMER", "FLD", "HH", "PRENC", "VR"})
_POINT = frozenset(
    {"effectiveDateTime", "effectiveInstant", "performedDateTime", "occurenceDateTime", "occurrenceDateTime"}
)
_PERIOD = frozenset({"effectivePeriod", "performedPeriod", "occurencePeriod", "occurrencePeriod"})


@dataclass(frozen=True)
class Span:
    """When something was: ``start`` and ``end`` as far as they can be read, and what cannot be trusted of them."""

    start: int | None
    end: int | None
    problem: str | None = None
    period: bool = False
    start_sound: bool = True
    end_sound: bool = True


_UNDATED = Span(None, None, "no time that can be read", start_sound=False)


def read_span(content: Element) -> Span:
    """The time or period of a resource, under any of the names that R4 and R5 give it."""
    point = next((content[name] for name in _POINT & content.keys()), None)
    period = next((content[name] for name in _PERIOD & content.keys()), None)
    if point is not None and period is not None:
        return Span(None, None, "a time and a period that cannot both be", start_sound=False)
    if point is not None:
        moment = _moment(point)
        return Span(moment.time, None, moment.problem, start_sound=moment.problem is None)
    if period is None:
        return _UNDATED
    if not isinstance(period, dict):
        return Span(None, None, "period of the wrong type", start_sound=False)
    return _period(period.get("start"), period.get("end"))


def _period(first: object, last: object) -> Span:
    if first is None and last is None:
        return _UNDATED
    start = Moment(None, None) if first is None else _moment(first)
    end = Moment(None, None) if last is None else _moment(last, as_end=True)
    problem = start.problem or end.problem
    if start.time is not None and end.time is not None and end.time < start.time:
        problem = problem or "period ends before it starts"
        return Span(start.time, end.time, problem, True, start.problem is None, end_sound=False)
    if start.time is None and problem is None:
        problem = "period without a start"
    sound_start = start.time is not None and start.problem is None
    return Span(start.time, end.time, problem, True, sound_start, end.problem is None)


def _moment(value: object, *, as_end: bool = False) -> Moment:
    if not isinstance(value, str):
        return Moment(None, f"not a date or time: {str(value)[:40]}")
    return read_moment(value, as_end=as_end)


@dataclass
class FhirReader:
    """Reads the resources of patients, for one guideline."""

    guideline: Guideline
    converter: UnitConverter
    _rates: dict[str, tuple[Observable, ...]] = field(init=False, repr=False)
    _known: dict[tuple[str, str], tuple[str, ...]] = field(init=False, repr=False)

    @classmethod
    def of(cls, guideline: Guideline, root: Path) -> "FhirReader":
        """The reader of a guideline whose compiled unit conversions lie under ``root``."""
        return cls(guideline, UnitConverter.of(guideline, root))

    def __post_init__(self) -> None:
        own = {(IL2, name): (name,) for name in self.guideline.labels}
        self._known = {**self.guideline.codings, **own}
        self._rates = {
            treatment.id: tuple(
                o
                for o in self.guideline.observables.values()
                if o.infusion_of is not None and (o.infusion_of == treatment.id or o.infusion_of in treatment.ancestors)
            )
            for treatment in self.guideline.treatments.values()
        }

    def record(self, patient: PatientResources) -> Record:
        """The record of one patient. Never raises for what a resource holds."""
        return _Reading(self, patient).record()

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

    def rate_observables(self, treatment: str) -> tuple[Observable, ...]:
        """The observables that infusions of a treatment give values of."""
        return self._rates.get(treatment, ())


@dataclass
class _Reading:
    """The state of reading one patient."""

    reader: FhirReader
    patient: PatientResources
    measurements: list[Measurement] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    doubtful: list[DoubtfulFinding] = field(default_factory=list)
    administrations: list[Administration] = field(default_factory=list)
    doses: list[Dose] = field(default_factory=list)
    discharges: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    passed_over: int = 0

    def record(self) -> Record:
        self.problems.extend(self.patient.problems)
        for resource, doubt in _without_duplicates(self.patient.resources):
            self._resource(resource, doubt)
        return Record(
            patient=self.patient.patient,
            measurements=tuple(self.measurements),
            episodes=tuple(self.episodes),
            absences=tuple(self.absences),
            doubtful=tuple(self.doubtful),
            administrations=tuple(self.administrations),
            doses=tuple(self.doses),
            discharges=tuple(self.discharges),
            problems=tuple(sorted(set(self.problems))),
            passed_over=self.passed_over,
        )

    def _resource(self, resource: Resource, doubt: str | None) -> None:
        content, item = resource.content, resource.item
        status = content.get("status")
        if isinstance(status, str) and status in _NOT_OF_THE_RECORD or content.get("doNotPerform") is True:
            return
        kind = content["resourceType"]
        if kind == "Encounter":
            self._encounter(item, content, status)
            return
        concept, parts = self._code(kind, content, item), _components(kind, content)
        names, stranger = self.reader.concepts(concept)
        if resource.stray:
            doubt = doubt or "no patient stated, in a file that names some"
        if names and kind != "Condition" and not isinstance(status, str):
            if status is not None:
                doubt = doubt or "status of the wrong type"
            else:
                self._problem(item, "no status; read as one that counts")
        if names and not well_formed_concept(concept):
            doubt = doubt or "code of the wrong type"
        if stranger is not None:
            self._problem(item, f"{stranger[:60]!r} is no identifier of {IL2}")
        known_parts = [(part, name) for part in parts for name in self.reader.concepts(part.get("code"))[0]]
        if not names and not known_parts:
            self.passed_over += 1
            return
        if doubt:
            self._problem(item, doubt)
        for name in names:
            if kind != "Observation" or values(content) or not known_parts:
                self._about(name, kind, item, content, content, doubt)
        for part, name in known_parts:
            self._about(name, kind, item, content, part, doubt)

    def _code(self, kind: str, content: Element, item: str) -> object:
        """What the resource is about: its code, or its medication wherever that stands."""
        if not kind.startswith("Medication"):
            return content.get("code")
        medication = as_element(content.get("medication"))
        concept = content.get("medicationCodeableConcept") or medication.get("concept")
        reference = as_text(as_element(content.get("medicationReference") or medication.get("reference")).get("reference"))
        if concept is not None or reference is None:
            return concept
        contained = {f"#{as_element(c).get('id')}": as_element(c) for c in as_list(content.get("contained"))}
        found = contained.get(reference) or self.patient.medications.get(reference.partition("/_history/")[0])
        if found is None:
            self._problem(item, f"medication reference to nowhere: {reference[:60]!r}")
            return None
        if self.reader.concepts(found.get("code"))[0]:
            return found.get("code")
        ingredients = [as_element(i) for i in as_list(found.get("ingredient"))]
        inner = [i.get("itemCodeableConcept") or as_element(i.get("item")).get("concept") for i in ingredients]
        return {"coding": [c for i in inner for c in as_list(as_element(i).get("coding"))]}

    def _about(self, name: str, kind: str, item: str, content: Element, holder: Element, doubt: str | None) -> None:
        guideline = self.reader.guideline
        if name in guideline.findings:
            if kind == "Observation":
                self._observed_finding(name, item, read_span(content), holder, doubt)
            elif kind == "Condition":
                self._condition(name, item, content, doubt)
            elif kind == "Procedure":
                self._episode(name, item, read_span(content), doubt)
            else:
                self._problem(item, f"{name} is a finding, and {kind} gives treatments")
        elif name in guideline.observables:
            if kind == "Observation":
                self._measurement(guideline.observables[name], item, read_span(content), holder, doubt)
            else:
                self._problem(item, f"{name} is measured, and {kind} measures nothing")
        elif kind in ("Observation", "Condition"):
            self._problem(item, f"{name} is a treatment, and {kind} gives none")
        else:
            self._treatment(name, kind, item, content, doubt)

    def _problem(self, item: str, problem: str) -> None:
        self.problems.append(Problem(item, problem))

    # ---- measurements

    def _measurement(self, observable: Observable, item: str, span: Span, holder: Element, doubt: str | None) -> None:
        if not values(holder) and holder.get("dataAbsentReason") is not None:
            return
        if observable.infusion_of is not None:
            self._charted_rate(observable, item, span, holder, doubt)
            return
        reversed_period = span.period and span.start is not None and span.end is not None and span.end < span.start
        time = span.end if span.end is not None and not reversed_period else span.start
        if observable.interpreted_as is not None:
            self._interpretation(observable.interpreted_as, item, span, holder, doubt)
            if not values(holder):
                return
        start: int | None = None
        try:
            if observable.collected and time is not None:
                begin = span.start if span.period and span.end is not None else None
                bounds, start = collected(
                    holder, observable, begin, time, self.reader.guideline.conventions.hourly_rate_hours, self.reader.converter
                )
            else:
                bounds = measured(holder, observable, self.reader.converter)
        except Unusable as unusable:
            self._problem(item, str(unusable))
            bounds = UNKNOWN
        trouble = None if span.period and span.problem == "period without a start" and not observable.collected else span.problem
        if trouble:
            self._problem(item, trouble)
        if trouble or doubt:
            bounds, start = UNKNOWN, None
        self.measurements.append(Measurement(observable.id, bounds.low, bounds.high, time, start, item))

    def _interpretation(self, finding: str, item: str, span: Span, holder: Element, doubt: str | None) -> None:
        stated = codes(holder.get("interpretation"))
        if stated & _ABNORMAL:
            self._episode(finding, item, Span(span.start, None, span.problem, start_sound=span.start_sound), doubt)
        if stated & _NORMAL:
            self._absence(finding, item, span, doubt)

    def _charted_rate(self, observable: Observable, item: str, span: Span, holder: Element, doubt: str | None) -> None:
        """A rate charted as an Observation is that of an infusion at its time."""
        rate = Bounds(0.0, math.inf)
        try:
            bounds = measured(holder, observable, self.reader.converter)
            rate = rate if doubt else Bounds(max(bounds.low, 0.0), bounds.high)
        except Unusable as unusable:
            self._problem(item, str(unusable))
        if span.problem:
            self._problem(item, span.problem)
        end = span.end if span.period else span.start
        self.administrations.append(
            Administration(str(observable.infusion_of), span.start, end, rate.low, rate.high, item)
        )

    # ---- findings

    def _observed_finding(self, finding: str, item: str, span: Span, holder: Element, doubt: str | None) -> None:
        found = values(holder)
        at = Span(span.start, span.end if span.problem else None, span.problem, start_sound=span.start_sound)
        if not found:
            if holder.get("dataAbsentReason") is None:
                self._episode(finding, item, at, doubt)
            return
        value = holder[found[0]]
        if found == ["valueBoolean"] and isinstance(value, bool):
            present: bool | None = value
        elif found == ["valueCodeableConcept"] and codes(value):
            present = not codes(value) & NEGATIVE
        else:
            present = None
        if present is None:
            self._episode(finding, item, at, doubt or f"{found[0]} says neither present nor absent")
        elif present:
            self._episode(finding, item, at, doubt)
        else:
            self._absence(finding, item, at, doubt)

    def _episode(self, finding: str, item: str, span: Span, doubt: str | None) -> None:
        if not self._doubtful(finding, item, span, doubt):
            assert span.start is not None
            self.episodes.append(Episode(finding, span.start, span.end, item))

    def _absence(self, finding: str, item: str, span: Span, doubt: str | None) -> None:
        if not self._doubtful(finding, item, span, doubt):
            assert span.start is not None
            self.absences.append(Absence(finding, span.start, item))

    def _doubtful(self, finding: str, item: str, span: Span, doubt: str | None) -> bool:
        """Whether a finding, present or absent, cannot be trusted; if so it is set aside as such."""
        problem = doubt or span.problem or ("no time that can be read" if span.start is None else None)
        if problem:
            self._problem(item, problem)
            times = [t for t in (span.start, span.end) if t is not None]
            self.doubtful.append(DoubtfulFinding(finding, min(times, default=None), max(times, default=None), item))
        return problem is not None

    def _condition(self, finding: str, item: str, content: Element, doubt: str | None) -> None:
        verification = content.get("verificationStatus")
        if verification is not None and not isinstance(verification, dict):
            doubt = doubt or "verificationStatus of the wrong type"
        stated = codes(verification)
        if "entered-in-error" in stated:
            return
        onset = content.get("onsetDateTime") or as_element(content.get("onsetPeriod")).get("start")
        recorded = content.get("recordedDate")
        if "refuted" in stated:
            self._absence(finding, item, _period(recorded or onset, None), doubt)
            return
        abatement = content.get("abatementDateTime") or _last(content.get("abatementPeriod"))
        clinical = content.get("clinicalStatus")
        if clinical is not None and not isinstance(clinical, dict):
            doubt = doubt or "clinicalStatus of the wrong type"
        start = onset or recorded
        if abatement is None and codes(clinical) & _OVER:
            abatement = recorded
            if abatement is None and start is not None:
                began = _period(start, None)
                if began.problem is None and began.start is not None:
                    self.episodes.append(Episode(finding, began.start, began.start, item))
                doubt = doubt or "over, and no time says since when"
        self._episode(finding, item, _period(start, abatement), doubt)

    # ---- treatments

    def _treatment(self, treatment: str, kind: str, item: str, content: Element, doubt: str | None) -> None:
        span = _ordered(content, kind, read_span(content))
        if span.problem:
            self._problem(item, span.problem)
        dose_of = self.reader.guideline.conventions.dose_of
        if treatment == dose_of or dose_of in self.reader.guideline.treatments[treatment].ancestors:
            if kind != "MedicationRequest" and content.get("status") != "intended":
                self.doses.append(Dose(span.start, span.end, item))
            return
        at_instant = kind in ("MedicationAdministration", "Procedure") and not span.period
        end = span.start if at_instant else span.end if span.end_sound else None
        low, high = self._rate(treatment, kind, item, content, doubt)
        self.administrations.append(Administration(treatment, span.start, end, low, high, item))

    def _rate(self, treatment: str, kind: str, item: str, content: Element, doubt: str | None) -> Bounds:
        unknown = Bounds(0.0, math.inf)
        observables = self.reader.rate_observables(treatment)
        dosage = content.get("dosage")
        if not observables or kind != "MedicationAdministration" or dosage is None:
            return unknown
        if not isinstance(dosage, dict):
            self._problem(item, "dosage of the wrong type")
            return unknown
        if dosage.get("rateQuantity") is None:
            return unknown
        try:
            comparator, number, unit = read_quantity(dosage["rateQuantity"])
            bounds = [own_unit(comparator, number, unit, o, self.reader.converter) for o in observables]
        except Unusable as unusable:
            self._problem(item, f"rate: {unusable}")
            return unknown
        return unknown if doubt else Bounds(max(bounds[0].low, 0.0), bounds[0].high)

    # ---- encounters

    def _encounter(self, item: str, content: Element, status: object) -> None:
        classes = {as_element(c).get("code") for c in as_list(content.get("class"))} | codes(content.get("class"))
        period = as_element(content.get("actualPeriod") or content.get("period"))
        if classes & _NO_ADMISSION or status not in (None, *_DISCHARGED) or period.get("end") is None:
            self.passed_over += 1
            return
        span = _period(period.get("start"), period.get("end"))
        if span.problem and span.problem != "period without a start":
            self._problem(item, span.problem)
        if span.end is not None and (span.start is None or span.end >= span.start):
            self.discharges.append(span.end)


def _components(kind: str, content: Element) -> list[Element]:
    return [as_element(part) for part in as_list(content.get("component"))] if kind == "Observation" else []


def _last(period: object) -> object:
    element = as_element(period)
    return element.get("end") or element.get("start")


def _ordered(content: Element, kind: str, span: Span) -> Span:
    """An order or a statement that gives no time of its own counts from when it was written; it ends when it says so."""
    if kind not in ("MedicationRequest", "MedicationStatement") or span is not _UNDATED:
        return span
    written = content.get("authoredOn") or content.get("dateAsserted")
    bounds = [
        as_element(as_element(as_element(as_element(i).get("timing")).get("repeat")).get("boundsPeriod"))
        for i in as_list(content.get("dosageInstruction"))
    ]
    ends = [b.get("end") for b in bounds]
    starts = [b.get("start") for b in bounds if b.get("start")]
    first = written or (starts[0] if starts else None)
    if first is None:
        return span
    last = max(ends) if ends and all(isinstance(end, str) for end in ends) else None
    return _period(first, last)


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
