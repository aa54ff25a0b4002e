"""Statements as a record: what they mean, and how far they can be trusted (semantics, sections 1 and 7).

All that stands between a format and the record is done here and in the modules that this one calls, once for all
formats. What is there and cannot be trusted becomes a problem, and its doubt goes into the record: a value that is set
aside, a finding that may be present, a treatment that may run.
"""

from collections.abc import Callable
from typing import Final
from zoneinfo import ZoneInfo

from il2kg.guideline.coded_answers import Question, Said, read_answers
from il2kg.guideline.model import Guideline
from il2kg.guideline.series import article
from il2kg.read.builder import RecordBuilder, issued
from il2kg.read.charted_conditions import read_condition
from il2kg.read.concepts import ConceptReader, Subject, concerned
from il2kg.read.events import said_to_act_locally
from il2kg.read.medications import Given, MedicationReader
from il2kg.read.observations import ObservationReader
from il2kg.read.parts import Part
from il2kg.read.presences import present
from il2kg.read.spans import span_between, span_of
from il2kg.read.stays import read_stay
from il2kg.read.treatments import TreatmentReader
from il2kg.read.units import UnitConverter
from il2kg.read.values import ValueReader
from il2kg.recognise.maps import CodeMap
from il2kg.recognise.recogniser import Meaning, Recogniser
from il2kg.record import Record
from il2kg.statements import (
    CodedText,
    Condition,
    Item,
    Medication,
    Observation,
    Other,
    Patient,
    Procedure,
    Result,
    Statement,
    Stay,
)

_UNRECOGNISED: Final = "coding not recognised, named in text"
_NAMELESS: Final = "neither a recognised coding nor any text"
CANNOT_RECORD: Final = " cannot record "
"""What stands in a problem between the kind of an item and the concept that no such item can record."""

Observer = Callable[[str, Subject], None]
"""Is told of each item that is read: its kind, and what it was taken for."""

_Part = tuple[Result, Subject]
"""An Observation, or a component of one, and what it is about."""


class RecordReader:
    """Reads the statements of patients, for one guideline."""

    def __init__(
        self, guideline: Guideline, converter: UnitConverter, recogniser: Recogniser, zone: ZoneInfo | None
    ) -> None:
        answers = read_answers(guideline.folder.vocabulary)
        self.guideline = guideline
        self.zone = zone
        self.values = ValueReader(converter, guideline.observables, answers[Question.FINDING])
        self.concepts = ConceptReader.of(recogniser, guideline.findings)
        self._given = guideline.treatments.keys()
        self._met: Observer | None = None
        self._concerned = concerned(guideline)
        self._observations = ObservationReader(guideline, self.values, answers)
        self._treatments = TreatmentReader(guideline, self.values, zone)
        self._medications = MedicationReader(guideline, self.concepts, answers)
        self._stays = answers[Question.ENCOUNTER]

    @classmethod
    def of(
        cls, guideline: Guideline, *, zone: ZoneInfo | None = None, code_map: CodeMap | None = None
    ) -> "RecordReader":
        """The reader of a guideline, by its tables.

        Args:
            guideline: says what a record may speak of.
            zone: in which to read times without a zone.
            code_map: the caller's own codes.
        """
        recogniser = Recogniser.of(guideline, code_map)
        return cls(guideline, UnitConverter.of(guideline), recogniser, zone)

    def record(self, patient: Patient, met: Observer | None = None) -> Record:
        """The record of one patient. Never raises for what a statement holds.

        ``met`` is told of each item, or part of one, what it was taken for.
        """
        builder = RecordBuilder(patient.problems)
        for statement in patient.statements:
            self.read(builder, statement, met)
        return self.finished(builder, patient.patient)

    def finished(self, builder: RecordBuilder, patient: str | None) -> Record:
        """The record of a patient all of whose statements were read."""
        self._treatments.events.say_at_one_instant(builder)
        return builder.record(patient)

    def read(self, builder: RecordBuilder, statement: Statement, met: Observer | None = None) -> None:
        """Read one statement."""
        self._met = met
        match statement:
            case Observation():
                self._observation(builder, statement)
            case Condition():
                self._condition(builder, statement)
            case Procedure():
                self._procedure(builder, statement)
            case Medication():
                self._medication(builder, statement)
            case Stay():
                read_stay(builder, statement, self._stays, self.zone)
            case Other():
                self._other(builder, statement)
        builder.next_item()

    def _observation(self, builder: RecordBuilder, said: Observation) -> None:
        item, result = said.item, said.result
        subject = self._subject(item, result)
        if not said.components:
            plain = subject.plain
            if plain is not None and plain.concept not in self._given:
                self._tell(item, subject)
                self._remark(builder, item)
                trusted = item.doubted(*result.doubts)
                part = Part(trusted, result, span_of(said.when, self.zone), issued(said.issued))
                self._observations.read(builder, part, plain)
                return
            if not subject.meanings:
                self._answered(builder, said, result, subject)
                return
            parts: list[_Part] = [(result, subject)]
        else:
            parts = self._components(builder, said)
            if subject.meanings and not (_in_parts(self.guideline, subject, parts) and not result.values):
                parts.insert(0, (result, subject))
            elif not parts:
                self._answered(builder, said, result, subject)
        if not parts:
            return
        span, by = span_of(said.when, self.zone), issued(said.issued)
        self._remark(builder, item)
        for part_result, about in parts:
            for meaning, trusted in self._meanings(builder, item.doubted(*part_result.doubts), about):
                if meaning.concept in self.guideline.treatments:
                    self._nothing_to_say(builder, item, meaning)
                else:
                    self._observations.read(builder, Part(trusted, part_result, span, by), meaning)

    def _components(self, builder: RecordBuilder, said: Observation) -> list[_Part]:
        """The components of an Observation that speak of something that is known."""
        parts: list[_Part] = []
        for result in said.components:
            subject = self._subject(said.item, result)
            if subject.meanings:
                parts.append((result, subject))
            else:
                self._answered(builder, said, result, subject)
        return parts

    def _subject(self, item: Item, result: Result) -> Subject:
        return self.concepts.subject(item.kind, result.about, numeric=result.numeric)

    def _answered(self, builder: RecordBuilder, said: Observation, result: Result, question: Subject) -> None:
        """An Observation that asks what nobody knows: its answer may name a finding; else it is passed over."""
        item = said.item
        named = [value for value in result.values if isinstance(value, CodedText | str)]
        answer = self.concepts.answer(question, named[0]) if len(named) == len(result.values) == 1 else None
        if answer is None or not answer.meanings:
            self._pass_over(builder, item, answer or question)
            return
        span = span_of(said.when, self.zone)
        for meaning, trusted in self._meanings(builder, item.doubted(*result.doubts), answer):
            present(builder, trusted, meaning, span, by=issued(said.issued), stays_open=True)

    def _condition(self, builder: RecordBuilder, said: Condition) -> None:
        subject = self.concepts.subject(said.item.kind, said.about)
        if not subject.meanings:
            self._pass_over(builder, said.item, subject)
            return
        for meaning, trusted in self._meanings(builder, said.item, subject):
            if meaning.concept in self.guideline.findings:
                read_condition(builder, trusted, said, meaning, self.zone)
            else:
                self._nothing_to_say(builder, said.item, meaning)

    def _procedure(self, builder: RecordBuilder, said: Procedure) -> None:
        item = said.item
        subject = self.concepts.subject(item.kind, said.about)
        if not subject.meanings:
            self._pass_over(builder, item, subject)
            return
        self._remark(builder, item)
        for meaning, trusted in self._meanings(builder, item, subject):
            if meaning.concept in self.guideline.findings:
                span = span_of(said.when, self.zone)
                if span.start is None and span.end is None and said.recorded is not None:
                    span = span_between(said.recorded, None, self.zone)
                present(builder, trusted, meaning, span)
            elif meaning.concept in self.guideline.treatments:
                self._treatments.read(builder, trusted, said, meaning.concept)
            else:
                self._nothing_to_say(builder, item, meaning)

    def _medication(self, builder: RecordBuilder, said: Medication) -> None:
        given = self._medications.given(said)
        item = said.item.doubted(*given.doubts)
        for subject in given.subjects:
            if subject.nameless:
                for problem in given.problems:
                    builder.problem(item, problem)
                self._tell(item, subject)
                builder.problem(item, (_NAMELESS, subject.shown))
                self._treatments.read(builder, item, said, None)
            elif not subject.meanings:
                self._pass_over(builder, item, subject)
            else:
                self._remark(builder, item)
                self._give(builder, item, said, given, subject)

    def _give(self, builder: RecordBuilder, item: Item, said: Medication, given: Given, subject: Subject) -> None:
        """A treatment, unless it acts only where it is put."""
        item = self._trusted(builder, item, subject)
        for meaning in subject.meanings:
            if meaning.concept not in self.guideline.treatments:
                self._nothing_to_say(builder, item, meaning)
                continue
            own = item
            place = given.route.union({Said.LOCAL} if meaning.local and meaning.coded else given.form)
            if meaning.concept in self._concerned and Said.LOCAL in place:
                if Said.WHOLE_BODY in place:
                    own = own.doubted(("form and route that disagree", subject.text))
                elif series := self._treatments.events.of(meaning.concept):
                    own = own.doubted(*said_to_act_locally(series, subject.text))
                else:
                    self._pass_over(builder, item, subject)
                    continue
            self._say_how(builder, own, subject, meaning)
            self._treatments.read(builder, own, said, meaning.concept)

    def _other(self, builder: RecordBuilder, said: Other) -> None:
        """An item of a kind that is not read is said, first of all if it is about a drug."""
        kind = said.item.kind
        subject = self.concepts.subject(kind, said.about)
        builder.pass_over(kind, subject.system, subject.code, subject.text, telling=kind.startswith("Medication"))

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
        return item.doubted(*subject.doubts)

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
        builder.problem(item, (f"{article(item.kind)} {item.kind}{CANNOT_RECORD}{label}", meaning.by), meaning.concept)

    def _remark(self, builder: RecordBuilder, item: Item) -> None:
        """What is odd about an item that counts is said."""
        for remark in item.remarks:
            builder.problem(item, remark)


def _in_parts(guideline: Guideline, subject: Subject, parts: list[_Part]) -> bool:
    """Whether the components of an Observation without a value say all of what it is about: a panel, or a review."""
    named = {meaning.concept for _, part in parts for meaning in part.meanings}
    for meaning in subject.meanings:
        concept = guideline.findings.get(meaning.concept)
        if concept is not None and not named & {concept.id, *concept.descendants}:
            return False
    return bool(parts)
