"""FHIR resources, R4, R5 and what records still carry of earlier versions, as a record (semantics, sections 1 and 7).

A resource is looked at only as far as the record needs. What is there and cannot be trusted becomes a problem, and its
doubt goes into the record: a value that is set aside, a finding that may be present, a treatment that may run.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from il2kg.guideline.answers import Question, Said, read_answers
from il2kg.guideline.model import Guideline
from il2kg.read.builder import Item, RecordBuilder, issued
from il2kg.read.concepts import ConceptReader, Subject, concerned
from il2kg.read.conditions import in_error, read_condition
from il2kg.read.elements import Element, Shape, as_element, as_list, shape, values
from il2kg.read.encounters import read_encounter
from il2kg.read.fhir_values import ValueReader
from il2kg.read.medications import Given, MedicationReader, Medications
from il2kg.read.observations import ObservationReader, Part
from il2kg.read.presences import present
from il2kg.read.routine import NOT_OF_THE_RECORD, RoutineReader
from il2kg.read.sources.patients import PatientResources, Resource
from il2kg.read.spans import Doubt, read_span, span_between
from il2kg.read.treatments import TreatmentReader, say_doses_at_one_instant
from il2kg.read.trust import not_given, set_aside
from il2kg.read.units import UnitConverter
from il2kg.read.unread import pass_over_unread
from il2kg.recognise.maps import CodeMap
from il2kg.recognise.recogniser import Meaning, Recogniser
from il2kg.record import Record

_IN_WORDS: Final = frozenset({"valueCodeableConcept", "valueString"})
_GIVING: Final = frozenset({"MedicationAdministration", "MedicationStatement", "MedicationRequest"})
# What earlier versions of FHIR called these.
_FORMER_NAMES: Final[dict[str, str]] = {
    "MedicationOrder": "MedicationRequest",
    "MedicationUsage": "MedicationStatement",
}
_UNRECOGNISED: Final = "coding not recognised, named in text"
_NAMELESS: Final = "neither a recognised coding nor any text"
_NO_STATUS: Final = ("no status; read as one that counts", "")


Observer = Callable[[str, Subject], None]
"""Is told of each item that is read: the type of resource, and what it was taken for."""

_Part = tuple[Element, tuple[str, ...], Subject]
"""An Observation, or a component of one: where its value stands, the names of its values, what it is about."""


class FhirReader:
    """Reads the resources of patients, for one guideline."""

    def __init__(
        self, guideline: Guideline, converter: UnitConverter, recogniser: Recogniser, root: Path, zone: ZoneInfo | None
    ) -> None:
        answers = read_answers(root)
        readings = ValueReader(converter, guideline.observables, answers[Question.FINDING])
        self.guideline = guideline
        self._given = guideline.treatments.keys()
        dose_of = guideline.conventions.dose_of
        self._doses = guideline.treatments[dose_of].descendants | {dose_of}
        self._zone = zone
        self._met: Observer | None = None
        self._concepts = ConceptReader.of(recogniser, guideline.findings)
        self._concerned = concerned(guideline)
        self._routine = RoutineReader(guideline, self._concepts, readings, zone)
        self._observations = ObservationReader(guideline, readings, answers)
        self._treatments = TreatmentReader(guideline, readings, zone)
        self._medications = MedicationReader(guideline, self._concepts, answers)
        self._stays = answers[Question.ENCOUNTER]

    @classmethod
    def of(
        cls, guideline: Guideline, root: Path, *, zone: ZoneInfo | None = None, code_map: CodeMap | None = None
    ) -> "FhirReader":
        """The reader of a guideline whose tables lie under ``root``.

        Args:
            guideline: says what a record may speak of.
            root: the folder that holds ``ontology/``.
            zone: in which to read times without a zone.
            code_map: the caller's own codes.
        """
        recogniser = Recogniser.of(guideline, root, code_map)
        return cls(guideline, UnitConverter.of(guideline, root), recogniser, root, zone)

    def record(self, patient: PatientResources, met: Observer | None = None) -> Record:
        """The record of one patient. Never raises for what a resource holds.

        ``met`` is told of each item, or part of one, what it was taken for.
        """
        self._met = met
        builder = RecordBuilder(patient.problems)
        for resource in patient.resources:
            if met is None and self._routine.read(builder, resource):
                continue
            self._resource(builder, resource, patient.medications)
            builder.next_item()
        say_doses_at_one_instant(builder, self.guideline.conventions.dose_of)
        return builder.record(patient.patient)

    def _resource(self, builder: RecordBuilder, resource: Resource, medications: Medications) -> None:
        content = resource.content
        status = content.get("status")
        written: str = content["resourceType"]
        kind = _FORMER_NAMES.get(written, written)
        if isinstance(status, str) and status in NOT_OF_THE_RECORD:
            return
        form = shape(tuple(content))
        doubts: tuple[Doubt, ...] = ()
        if form.unusual or resource.doubt is not None or not isinstance(status, str):
            if not_given(content):
                return
            doubts = set_aside(content, resource.doubt)
        item = Item(resource.item, kind, content, doubts)
        if kind == "Observation":
            self._observation(builder, item, form)
        elif kind == "Encounter":
            read_encounter(builder, item, self._stays, self._zone)
        elif kind == "Condition":
            if not in_error(item):
                self._condition(builder, item)
        elif kind == "Procedure":
            self._procedure(builder, item)
        elif kind in _GIVING:
            self._medication(builder, item, medications)
        else:
            pass_over_unread(builder, item, self._concepts)

    def _observation(self, builder: RecordBuilder, item: Item, form: Shape) -> None:
        content = item.content
        found = values(content, form)
        subject = self._concepts.subject("Observation", content.get("code"), numeric=form.numeric)
        components = content.get("component")
        if components is None:
            plain = subject.plain
            if plain is not None and plain.concept not in self._given:
                if self._met is not None or content.get("status") is None:
                    self._tell(item, subject)
                    self._without_status(builder, item)
                span = read_span(content, self._zone, form)
                self._observations.read(builder, Part(item, content, found, span), plain)
                return
            if not subject.meanings:
                self._answered(builder, item, content, found, subject)
                return
            parts: list[_Part] = [(content, found, subject)]
        else:
            parts = self._components(builder, item, components)
            if subject.meanings and not (_in_parts(self.guideline, subject, parts) and not found):
                parts.insert(0, (content, found, subject))
            elif not parts:
                self._answered(builder, item, content, found, subject)
        if not parts:
            return
        span = read_span(content, self._zone)
        self._without_status(builder, item)
        for holder, of_part, about in parts:
            own = item if holder is content else item._replace(doubts=(*item.doubts, *set_aside(holder, None)))
            meant = self._meanings(builder, own, about)
            for meaning, trusted in meant:
                if meaning.concept in self.guideline.treatments:
                    self._nothing_to_say(builder, item, meaning)
                else:
                    self._observations.read(builder, Part(trusted, holder, of_part, span), meaning)

    def _components(self, builder: RecordBuilder, item: Item, components: object) -> list[_Part]:
        """The components of an Observation that speak of something that is known."""
        parts: list[_Part] = []
        for holder in map(as_element, as_list(components)):
            form = shape(tuple(holder))
            found = values(holder, form)
            subject = self._concepts.subject("Observation", holder.get("code"), numeric=form.numeric)
            if subject.meanings:
                parts.append((holder, found, subject))
            else:
                self._answered(builder, item, holder, found, subject)
        return parts

    def _answered(
        self, builder: RecordBuilder, item: Item, holder: Element, found: tuple[str, ...], question: Subject
    ) -> None:
        """An Observation that asks what nobody knows: its answer may name a finding; else it is passed over."""
        named = [name for name in found if name in _IN_WORDS]
        answer = self._concepts.answer(question, holder[named[0]]) if len(named) == len(found) == 1 else None
        if answer is None or not answer.meanings:
            self._pass_over(builder, item, answer or question)
            return
        span = read_span(item.content, self._zone)
        for meaning, trusted in self._meanings(builder, item, answer):
            present(builder, trusted, meaning, span, by=issued(item), stays_open=True)

    def _condition(self, builder: RecordBuilder, item: Item) -> None:
        subject = self._concepts.subject("Condition", item.content.get("code"))
        if not subject.meanings:
            self._pass_over(builder, item, subject)
            return
        for meaning, trusted in self._meanings(builder, item, subject):
            if meaning.concept in self.guideline.findings:
                read_condition(builder, trusted, meaning, self._zone)
            else:
                self._nothing_to_say(builder, item, meaning)

    def _procedure(self, builder: RecordBuilder, item: Item) -> None:
        subject = self._concepts.subject("Procedure", item.content.get("code"))
        if not subject.meanings:
            self._pass_over(builder, item, subject)
            return
        self._without_status(builder, item)
        for meaning, trusted in self._meanings(builder, item, subject):
            if meaning.concept in self.guideline.findings:
                span = read_span(item.content, self._zone)
                recorded = item.content.get("recorded")
                if span.start is None and span.end is None and recorded is not None:
                    span = span_between(recorded, None, self._zone)
                present(builder, trusted, meaning, span)
            elif meaning.concept in self.guideline.treatments:
                self._treatments.read(builder, trusted, meaning.concept)
            else:
                self._nothing_to_say(builder, item, meaning)

    def _medication(self, builder: RecordBuilder, item: Item, medications: Medications) -> None:
        given = self._medications.given(item.kind, item.content, medications)
        if given.doubts:
            item = item._replace(doubts=(*item.doubts, *given.doubts))
        for subject in given.subjects:
            if subject.nameless:
                for problem in given.problems:
                    builder.problem(item, problem)
                self._tell(item, subject)
                builder.problem(item, (_NAMELESS, subject.shown))
                self._treatments.read(builder, item, None)
            elif not subject.meanings:
                self._pass_over(builder, item, subject)
            else:
                self._without_status(builder, item)
                self._give(builder, item, given, subject)

    def _give(self, builder: RecordBuilder, item: Item, given: Given, subject: Subject) -> None:
        """A treatment, unless it acts only where it is put."""
        item = self._trusted(builder, item, subject)
        for meaning in subject.meanings:
            if meaning.concept not in self.guideline.treatments:
                self._nothing_to_say(builder, item, meaning)
                continue
            own = item
            said = given.route.union({Said.LOCAL} if meaning.local and meaning.coded else given.form)
            if meaning.concept in self._concerned and Said.LOCAL in said:
                if Said.WHOLE_BODY in said:
                    doubt = ("form and route that disagree", subject.text)
                elif meaning.concept in self._doses:
                    doubt = ("a dose that is said to act locally", subject.text)
                else:
                    self._pass_over(builder, item, subject)
                    continue
                own = own._replace(doubts=(*own.doubts, doubt))
            self._say_how(builder, own, subject, meaning)
            self._treatments.read(builder, own, meaning.concept)

    def _meanings(self, builder: RecordBuilder, item: Item, subject: Subject) -> list[tuple[Meaning, Item]]:
        """What an item speaks of, each with the item as far as that is to be trusted."""
        item = self._trusted(builder, item, subject)
        for meaning in subject.meanings:
            self._say_how(builder, item, subject, meaning)
        return [(meaning, item) for meaning in subject.meanings]

    def _trusted(self, builder: RecordBuilder, item: Item, subject: Subject) -> Item:
        """The item as far as its codings let it be trusted."""
        self._tell(item, subject)
        for problem in subject.problems:
            builder.problem(item, problem)
        return item._replace(doubts=(*item.doubts, *subject.doubts)) if subject.doubts else item

    def _say_how(self, builder: RecordBuilder, item: Item, subject: Subject, meaning: Meaning) -> None:
        """What is counted or set aside by its words alone, or may mean something else, is said."""
        if meaning.concept not in self._concerned:
            return
        if not meaning.coded:
            code = f" ({subject.shown})" if subject.code else ""
            builder.problem(item, (_UNRECOGNISED, f"{meaning.by}{code}"), meaning.concept)
        elif meaning.doubtful:
            builder.problem(item, ("may be present, or not", meaning.by), meaning.concept)

    def _tell(self, item: Item, subject: Subject) -> None:
        if self._met is not None:
            self._met(item.kind, subject)

    def _pass_over(self, builder: RecordBuilder, item: Item, subject: Subject) -> None:
        if not subject.meanings:
            self._tell(item, subject)
        for problem in (*subject.problems, *subject.doubts):
            builder.problem(item, problem)
        builder.pass_over(item.kind, subject.system, subject.code, subject.text, telling=subject.telling)

    def _nothing_to_say(self, builder: RecordBuilder, item: Item, meaning: Meaning) -> None:
        label = self.guideline.labels[meaning.concept]
        builder.problem(item, (f"a {item.kind} can say nothing of it", f"{meaning.by}: {label}"), meaning.concept)

    def _without_status(self, builder: RecordBuilder, item: Item) -> None:
        if item.content.get("status") is None:
            builder.problem(item, _NO_STATUS)


def _in_parts(guideline: Guideline, subject: Subject, parts: list[_Part]) -> bool:
    """Whether the components of an Observation without a value say all of what it is about: a panel, or a review."""
    named = {meaning.concept for _, _, part in parts for meaning in part.meanings}
    for meaning in subject.meanings:
        concept = guideline.findings.get(meaning.concept)
        if concept is not None and not named & {concept.id, *concept.descendants}:
            return False
    return bool(parts)
