"""Observations as measurements, charted rates and findings (semantics, section 7)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import msgspec

from il2kg.guideline.coded_answers import Answers, Question, Said
from il2kg.guideline.model import Guideline, Observable
from il2kg.read.builder import RecordBuilder
from il2kg.read.parts import Part
from il2kg.read.presences import absent, may_be_open, present
from il2kg.read.spans import NO_START, REVERSED
from il2kg.read.times import Moment
from il2kg.read.treatments import ran
from il2kg.read.values import ANY_RATE, Unusable, ValueReader, answers_of, shown
from il2kg.read.volumes import VolumeReader
from il2kg.recognise.recogniser import Meaning
from il2kg.record import Administration, Measurement
from il2kg.statements import CodedText, Doubt, Item

_NEITHER: Final = "a value that says neither present nor absent"
_CONTRADICTORY: Final = ("flags that contradict each other", "")
_NO_FLAG: Final = ("a flag that says neither raised nor normal", "")


class ObservationReader:
    """Reads what an Observation, or a component of one, says of a concept."""

    def __init__(self, guideline: Guideline, values: ValueReader, answers: Mapping[Question, Answers]) -> None:
        self._guideline = guideline
        self._observables = guideline.observables
        self._values = values
        self._volumes = VolumeReader(guideline, values)
        self._finding = answers[Question.FINDING]
        self._interpretation = answers[Question.INTERPRETATION]

    def read(self, builder: RecordBuilder, part: Part, meaning: Meaning) -> None:
        """Read what is said of one concept: an observable or a finding."""
        if not part.result.values and part.result.absent_reason:
            return
        observable = self._observables.get(meaning.concept)
        if observable is None:
            self._read_finding(builder, part, meaning)
        elif observable.infusion_of is not None:
            self._charted_rate(builder, part, meaning, observable, observable.infusion_of)
        elif (
            observable.interpreted_as is None
            or not self._interpreted(builder, part, meaning, observable.interpreted_as)
            or part.result.values
        ):
            builder.seen(part.span.moment)
            if observable.collected:
                self._volumes.read(builder, part, meaning, observable)
            else:
                self._measurement(builder, part, meaning, observable)

    def _measurement(self, builder: RecordBuilder, part: Part, meaning: Meaning, observable: Observable) -> None:
        """A value of an observable at its time; set aside, and reported, if it cannot be trusted."""
        item, result, span, issued = part.item, part.result, part.span, part.issued
        value = self._values.measured(result.values, observable, meaning.unit)
        moment, problems = span.moment, span.problems
        if isinstance(value, Unusable):
            builder.problem(item, (value.kind, value.detail), observable.id)
        if problems or item.doubts:
            # A measurement with an end alone is placed by it; a reversed one counts at the later of its times.
            problems = tuple(p for p in problems if p[0] != NO_START or moment is None)
            builder.doubt(item, msgspec.structs.replace(span, problems=problems), observable.id)
            problems = tuple(p for p in problems if p[0] != REVERSED)
        if isinstance(value, Unusable) or problems or item.doubts or meaning.doubtful or not meaning.coded:
            builder.aside(observable.id, moment, item, issued)
            return
        assert moment is not None
        assert moment.time is not None
        measured = Measurement(observable.id, value.low, value.high, moment.time, None, item.name, value.written)
        if meaning.aside_while is None:
            builder.measurements.append(measured)
        else:
            builder.later.append(lambda: self._unless_present(builder, item, measured, str(meaning.aside_while)))

    def _unless_present(self, builder: RecordBuilder, item: Item, measurement: Measurement, finding: str) -> None:
        """A value that counts only while a finding is not present: oxygen by mask, of a patient who has no tube."""
        concept = self._guideline.findings[finding]
        if not may_be_open(builder, concept, measurement.time):
            builder.measurements.append(measurement)
            return
        builder.problem(item, ("not counted while this is or may be present", concept.label), measurement.observable)
        builder.aside(measurement.observable, Moment(measurement.time, measurement.time, measurement.time), item)

    def _interpreted(self, builder: RecordBuilder, part: Part, meaning: Meaning, finding: str) -> bool:
        """A result flagged as raised states a finding, one flagged as normal its absence; whether it is flagged."""
        flags = part.result.flags
        if not flags:
            return False
        said = set[Said | None]().union(*(answers_of(flag, self._interpretation) for flag in flags)) - {None}
        stated = replace(meaning, concept=finding, doubtful=meaning.doubtful or not meaning.coded)
        span = part.span
        span = msgspec.structs.replace(span, start=span.moment, end=None) if span.period else span
        if said == {Said.ABSENT}:
            absent(builder, part.item, stated, span)
        else:
            doubt = None if said == {Said.PRESENT} else _CONTRADICTORY if said else _NO_FLAG
            present(builder, part.item, stated, span, doubt=doubt, by=part.issued, stays_open=True)
        return True

    def _charted_rate(
        self, builder: RecordBuilder, part: Part, meaning: Meaning, observable: Observable, drug: str
    ) -> None:
        """A rate charted as an Observation is that of an infusion at its time."""
        item, result, span = part.item, part.result, part.span
        builder.seen(span.start)
        builder.doubt(item, span, observable.id)
        value = self._values.measured(result.values, observable, meaning.unit)
        low, high = ANY_RATE
        aside = bool(item.doubts) or meaning.doubtful or not meaning.coded
        if isinstance(value, Unusable):
            builder.problem(item, (value.kind, value.detail), observable.id)
        elif not aside:
            low, high = max(value.low, 0.0), value.high
        builder.administrations.append(
            Administration(drug, *ran(span, at_instant=not span.period), low, high, item.name, set_aside=aside)
        )

    def _read_finding(self, builder: RecordBuilder, part: Part, meaning: Meaning) -> None:
        """Present without a value, else as the value says."""
        item, said = part.item, self._stated(part)
        if said is Said.ABSENT:
            absent(builder, item, meaning, part.span)
            return
        doubt: Doubt | None = None
        if said is None:
            doubt = (_NEITHER, ", ".join(sorted(map(shown, part.result.values))))
        present(builder, item, meaning, part.span, doubt=doubt, by=part.issued, stays_open=True)

    def _stated(self, part: Part) -> Said | None:
        values = part.result.values
        if len(values) != 1:
            return None if values else Said.PRESENT
        (value,) = values
        if isinstance(value, bool):
            return Said.PRESENT if value else Said.ABSENT
        if not isinstance(value, CodedText | str):
            return None
        said = answers_of(value, self._finding)
        return next(iter(said)) if len(said) == 1 else None
